using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Imports;
using CourtOps.Workzone.Rights;
using CsvHelper;
using CsvHelper.Configuration;
using MediatR;

namespace CourtOps.Workzone.People;

/// <param name="InitialPassword">Of a new person; shown this once, to be changed at the first sign-in. By the web only its first half: the second belongs to
/// whoever confirms.</param>
public sealed record PersonOutcome(int Row, string Login, string Outcome, string? Error, string? InitialPassword);

/// <summary>A list of people: login, name, court, roles, and if wanted division, team, post and id number (a blank one changes nothing); CSV or JSON.</summary>
public interface IPeopleImport
{
    Task<IReadOnlyList<PersonOutcome>> ImportAsync(Stream content, CancellationToken ct, string fileName = "people.csv");
}

internal sealed class PeopleImport(IMediator mediator, Db db, Actor actor, DataFolder folder) : IPeopleImport
{
    private const int MostRows = 10_000;
    private const int MostInCell = 1000;

    private static readonly (string Field, string Chinese, bool Required)[] Columns =
    [
        ("login", "登录名", true),
        ("name", "姓名", true),
        ("court", "法院", true),
        ("roles", "角色", true),
        ("division", "庭室", false),
        ("team", "团队", false),
        ("post", "岗位", false),
        ("idNumber", "证件号码", false),
    ];

    public async Task<IReadOnlyList<PersonOutcome>> ImportAsync(Stream content, CancellationToken ct, string fileName = "people.csv")
    {
        var path = folder.File("imports", $"people-{Guid.NewGuid():n}");
        try
        {
            await using (var file = File.Create(path))
                await content.CopyToAsync(file, ct);
            Kernel.Files.FileKinds.DemandText(path, "人员表");
            var rows = fileName.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? await JsonAsync(path, ct) : await CsvAsync(path, ct);
            return await SaveAsync(rows, fileName, ct);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<List<PersonLine>> CsvAsync(string path, CancellationToken ct)
    {
        var encoding = CaseFile.DetectEncoding(path);
        using var head = new StreamReader(path, encoding);
        using var reader = new StreamReader(path, encoding);
        using var parser = new CsvParser(
            reader,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                HasHeaderRecord = false,
                Delimiter = ListText.Separator(head),
                MaxFieldSize = MostInCell,
                BadDataFound = a => throw new RuleBroken($"第 {a.Context.Parser?.RawRow} 行的引号不成对。", "file"),
            }
        );
        if (!await ListText.NextAsync(parser, MostInCell, "file"))
            throw new RuleBroken("文件是空的。", "file");
        var places = new Dictionary<string, int>();
        for (var i = 0; i < parser.Record!.Length; i++)
        {
            var name = Written.Name(parser.Record[i]);
            var column = Columns.FirstOrDefault(c => c.Chinese == name || string.Equals(c.Field, name, StringComparison.OrdinalIgnoreCase));
            if (column.Field is not null)
                places.TryAdd(column.Field, i);
        }
        var missing = Columns.Where(c => c.Required && !places.ContainsKey(c.Field)).Select(c => $"{c.Chinese}（{c.Field}）").ToList();
        if (missing.Count > 0)
            throw new RuleBroken($"表头缺少：{string.Join('、', missing)}。", "file");
        var lines = new List<PersonLine>();
        while (await ListText.NextAsync(parser, MostInCell, "file"))
        {
            ct.ThrowIfCancellationRequested();
            var record = parser.Record!;
            string At(string field) => places.TryGetValue(field, out var i) && i < record.Length ? Written.Visible(record[i]) : "";
            lines.Add(
                new PersonLine(
                    parser.RawRow,
                    At("login"),
                    Written.Name(At("name")),
                    At("court"),
                    At("roles"),
                    At("division"),
                    At("team"),
                    At("post"),
                    At("idNumber")
                )
            );
            if (lines.Count > MostRows)
                throw new RuleBroken($"一次最多 {MostRows} 人，请分成几份。", "file");
        }
        return lines;
    }

    private static async Task<List<PersonLine>> JsonAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var file = File.OpenRead(path);
            using var json = await JsonDocument.ParseAsync(file, new JsonDocumentOptions { MaxDepth = 8 }, ct);
            if (json.RootElement.ValueKind != JsonValueKind.Array)
                throw new RuleBroken("JSON 应是人员的数组。", "file");
            if (json.RootElement.GetArrayLength() > MostRows)
                throw new RuleBroken($"一次最多 {MostRows} 人，请分成几份。", "file");
            static string At(JsonElement e, string field) =>
                e.ValueKind == JsonValueKind.Object && e.TryGetProperty(field, out var v)
                    ? v.ValueKind switch
                    {
                        JsonValueKind.String => v.GetString()!.Trim(),
                        JsonValueKind.Array => string.Join(';', v.EnumerateArray().Select(x => x.ToString())),
                        _ => "",
                    }
                    : "";
            return
            [
                .. json
                    .RootElement.EnumerateArray()
                    .Select(
                        (e, i) =>
                            new PersonLine(
                                i + 1,
                                At(e, "login"),
                                At(e, "name"),
                                At(e, "court"),
                                At(e, "roles"),
                                At(e, "division"),
                                At(e, "team"),
                                At(e, "post"),
                                At(e, "idNumber")
                            )
                    ),
            ];
        }
        catch (JsonException e)
        {
            throw new RuleBroken($"JSON 有误：第 {e.LineNumber + 1} 行。", "file");
        }
    }

    private async Task<IReadOnlyList<PersonOutcome>> SaveAsync(List<PersonLine> lines, string fileName, CancellationToken ct)
    {
        var gathered = new GatheredRoles();
        var outcomes = new List<PersonOutcome>();
        var firsts = new Dictionary<string, PersonLine>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            if (line.Login.Length > 0 && !firsts.TryAdd(line.Login, line))
            {
                var first = firsts[line.Login];
                outcomes.Add(
                    new PersonOutcome(
                        line.Row,
                        line.Login,
                        "refused",
                        first.Court == line.Court
                            ? $"第 {first.Row} 行已有同一登录名。"
                            : $"第 {first.Row} 行已把此人写在{first.Court}：一人只属一个法院，另一法院的角色请另行授予。",
                        null
                    )
                );
                continue;
            }
            outcomes.Add(await OneAsync(line, gathered, ct));
        }
        if (gathered.Items.Count > 0)
            await mediator.Send(new AskForGathered { FileName = Path.GetFileName(fileName), Gathered = gathered }, ct);
        return outcomes;
    }

    private async Task<PersonOutcome> OneAsync(PersonLine line, GatheredRoles gathered, CancellationToken ct)
    {
        var list = line.Roles.Split([';', '；', '|', ' '], StringSplitOptions.RemoveEmptyEntries).Select(Code).ToList();
        var there = await db.FirstAsync<Existing>("SELECT id, version, court_id FROM workzone_person WHERE login = @Login", new { line.Login }, ct);
        // somebody of a court that is not this administrator's is told from a free login by nothing but that the login is taken, as on the page
        if (there is not null && !AdminScope.Covers(actor, there.CourtId))
            return new PersonOutcome(line.Row, line.Login, "refused", SavePerson.Taken(line.Login).ToString(), null);
        var password = there is null && actor.IsSystem ? OneTime.Whole(OneTime.NewHalf(), OneTime.NewHalf()) : null;
        try
        {
            var id = await mediator.Send(
                new SavePerson
                {
                    Id = there?.Id,
                    Version = there?.Version,
                    Login = line.Login,
                    Name = line.Name,
                    Court = line.Court,
                    Division = line.Division,
                    Team = line.Team,
                    Post = line.Post,
                    IdNumber = line.IdNumber.Length > 0 ? line.IdNumber : null,
                    Roles = list,
                    Password = password,
                    MustChange = password is not null,
                    Gather = gathered,
                },
                ct
            );
            return new PersonOutcome(line.Row, line.Login, there is null ? "created" : "updated", null, password ?? gathered.Halves.GetValueOrDefault(id));
        }
        catch (FluentValidation.ValidationException e)
        {
            return new PersonOutcome(line.Row, line.Login, "refused", string.Join(' ', e.Errors.Select(x => x.ErrorMessage)), null);
        }
        catch (Exception e) when (e is RuleBroken or Conflict or NotFound)
        {
            return new PersonOutcome(line.Row, line.Login, "refused", e.Message, null);
        }
    }

    // "法官" or "judge"; "书记员:智能送达" or "clerk:service"
    private static string Code(string text)
    {
        var parts = text.Split([':', '：']);
        var role = Workzone.Roles.Labels.FirstOrDefault(l => l.Value == parts[0]).Key ?? parts[0];
        if (parts.Length == 1)
            return role;
        return role + ":" + (Centres.Labels.FirstOrDefault(l => l.Value == parts[1]).Key ?? parts[1]);
    }

    private sealed record PersonLine(
        int Row,
        string Login,
        string Name,
        string Court,
        string Roles,
        string Division,
        string Team,
        string Post,
        string IdNumber
    );

    private sealed record Existing
    {
        public long Id { get; init; }
        public int Version { get; init; }
        public long CourtId { get; init; }
    }
}
