using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Imports;
using CsvHelper;
using CsvHelper.Configuration;
using MediatR;

namespace CourtOps.Workzone.People;

/// <param name="InitialPassword">Of a new person; shown this once, to be changed at the first sign-in.</param>
public sealed record PersonOutcome(int Row, string Login, string Outcome, string? Error, string? InitialPassword);

/// <summary>A list of people: login, name, court, roles, and if wanted division and team.</summary>
public interface IPeopleImport
{
    Task<IReadOnlyList<PersonOutcome>> ImportAsync(Stream csv, CancellationToken ct);
}

internal sealed class PeopleImport(IMediator mediator, Db db, DataFolder folder) : IPeopleImport
{
    private static readonly (string Field, string Chinese, bool Required)[] Columns =
        [("login", "登录名", true), ("name", "姓名", true), ("court", "法院", true), ("roles", "角色", true), ("division", "庭室", false), ("team", "团队", false)];

    public async Task<IReadOnlyList<PersonOutcome>> ImportAsync(Stream csv, CancellationToken ct)
    {
        var path = folder.File("imports", $"people-{Guid.NewGuid():n}");
        try
        {
            await using (var file = File.Create(path))
                await csv.CopyToAsync(file, ct);
            return await ReadAsync(path, ct);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task<IReadOnlyList<PersonOutcome>> ReadAsync(string path, CancellationToken ct)
    {
        using var reader = new StreamReader(path, CaseFile.DetectEncoding(path));
        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { HasHeaderRecord = false, MaxFieldSize = 1000, BadDataFound = a => throw new RuleBroken($"第 {a.Context.Parser?.RawRow} 行的引号不成对。", "file") });
        if (!await parser.ReadAsync())
            throw new RuleBroken("文件是空的。", "file");
        var places = new Dictionary<string, int>();
        for (var i = 0; i < parser.Record!.Length; i++)
        {
            var name = parser.Record[i].Trim().TrimStart('\uFEFF');
            var column = Columns.FirstOrDefault(c => c.Chinese == name || string.Equals(c.Field, name, StringComparison.OrdinalIgnoreCase));
            if (column.Field is not null)
                places.TryAdd(column.Field, i);
        }
        var missing = Columns.Where(c => c.Required && !places.ContainsKey(c.Field)).Select(c => $"{c.Chinese}（{c.Field}）").ToList();
        if (missing.Count > 0)
            throw new RuleBroken($"表头缺少：{string.Join('、', missing)}。", "file");
        var outcomes = new List<PersonOutcome>();
        for (var row = 2; await parser.ReadAsync(); row++)
        {
            var record = parser.Record!;
            string At(string field) => places.TryGetValue(field, out var i) && i < record.Length ? record[i].Trim() : "";
            outcomes.Add(await OneAsync(row, At("login"), At("name"), At("court"), At("roles"), At("division"), At("team"), ct));
        }
        return outcomes;
    }

    private async Task<PersonOutcome> OneAsync(int row, string login, string name, string court, string roles, string division, string team, CancellationToken ct)
    {
        var list = roles.Split([';', '；', '|', ' '], StringSplitOptions.RemoveEmptyEntries).Select(Code).ToList();
        var there = await db.FirstAsync<Existing>("SELECT id, version FROM workzone_person WHERE login = @login", new { login }, ct);
        var password = there is null ? NewPassword() : null;
        try
        {
            await mediator.Send(new SavePerson
            {
                Id = there?.Id, Version = there?.Version, Login = login, Name = name, Court = court, Division = division, Team = team, Roles = list, Password = password, MustChange = password is not null,
            }, ct);
            return new PersonOutcome(row, login, there is null ? "created" : "updated", null, password);
        }
        catch (FluentValidation.ValidationException e)
        {
            return new PersonOutcome(row, login, "refused", string.Join(' ', e.Errors.Select(x => x.ErrorMessage)), null);
        }
        catch (Exception e) when (e is RuleBroken or Conflict)
        {
            return new PersonOutcome(row, login, "refused", e.Message, null);
        }
    }

    // "法官" or "judge"; "书记员:智能送达" or "clerk:service"
    private static string Code(string text)
    {
        var parts = text.Split([':', '：']);
        var role = Roles.Labels.FirstOrDefault(l => l.Value == parts[0]).Key ?? parts[0];
        if (parts.Length == 1)
            return role;
        return role + ":" + (Centres.Labels.FirstOrDefault(l => l.Value == parts[1]).Key ?? parts[1]);
    }

    private static string NewPassword()
    {
        const string letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";
        var text = new StringBuilder();
        for (var i = 0; i < 14; i++)
            text.Append(letters[RandomNumberGenerator.GetInt32(letters.Length)]);
        return text.ToString();
    }

    private sealed record Existing
    {
        public long Id { get; init; }
        public int Version { get; init; }
    }
}
