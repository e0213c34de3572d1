using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Access.Foreign;

/// <summary>
/// Two county courts, each with one of everything. Every way in is filled as its people fill it, but with one id of the other court, field by field: the
/// answer is the one to an id that nobody has, nothing of the other court is changed or shown. Ways in and their fields are found by reflection; one that
/// <see cref="Form.All"/> does not fill fails.
/// </summary>
public sealed partial class ForeignIdTests() : AppTests(Engine.Sqlite)
{
    // what is written about a request, not by it: trails, counters of tries, last seen
    private static readonly string[] AboutRequests =
    [
        "kernel_audit",
        "kernel_sequence",
        "kernel_seal",
        "workzone_session",
        "workzone_api_key",
        "service_public_notice",
        "service_public_try",
    ];

    // sent by the program in the name of whoever did something else
    // a segment is added to the recording that the hearing of the address has, once its file is kept
    private static readonly string[] OfTheProgram = ["FailImport", "AddSegment", "NotePlanned"];

    private readonly Dictionary<string, (HttpClient Client, string Csrf)> clients = [];
    private readonly Sent sent = new();
    private Estate own = null!;
    private Estate other = null!;

    protected override void Prepare(TestAppOptions options)
    {
        options.Services.Add(s => s.AddSingleton(sent).AddTransient(typeof(IPipelineBehavior<,>), typeof(Watching<,>)));
        options.Settings["CourtOps:Limits:WrongKeys"] = "1000000";
    }

    [Test]
    public async Task An_id_of_another_court_in_any_field_is_an_id_that_nobody_has()
    {
        own = new Estate(App, "a", "汪清", "吉2424", 101);
        other = new Estate(App, "b", "延吉", "吉2401", 201);
        _ = App.Smtp;
        await own.MakeAsync();
        await other.MakeAsync();
        var routes = Routes.Of(App).ToDictionary(r => r.ToString());
        TestContext.Out.WriteLine(string.Join("\n", Unknown(routes.Values).Select(u => "UNKNOWN " + u)));
        Assert.That(Unknown(routes.Values), Is.Empty, $"ways in that {nameof(Form)}.{nameof(Form.All)} does not fill, or texts that are not said to be plain");
        var wrong = new List<string>();
        var tried = 0;
        foreach (var form in Form.All)
            await ClientAsync(form.Who, routes[form.Target].IsApi);
        await App.DrainAsync();
        var before = Stored();
        foreach (var form in Form.All)
        foreach (var (field, kind) in Filled(form).SelectMany(f => Places().Matches(f.Value).Select(m => (f.Name, m.Groups[1].Value))))
        {
            tried++;
            var where = $"{form.Who}: {form.Target} {field}={{{kind}}}";
            var nobody = await SendAsync(routes[form.Target], form, field, Nobodys(kind));
            before = form.Answer == Answer.Own ? Stored() : before;
            var answer = await SendAsync(routes[form.Target], form, field, other[kind]);
            await App.DrainAsync();
            var after = Stored();
            wrong.AddRange(Complaints(form, kind, answer, nobody).Concat(Changed(form, before, after)).Select(c => $"{where} → {answer.Status}: {c}"));
            before = after;
        }
        TestContext.Out.WriteLine($"{Form.All.Count} forms, {tried} fields");
        Assert.That(wrong, Is.Empty, $"{wrong.Count}:\n{string.Join('\n', wrong)}\n");
        foreach (var form in Form.All)
        {
            var answer = await SendAsync(routes[form.Target], form, "", "");
            if (form.Taken > 0 ? answer.Status != form.Taken : answer.Status >= 400 || answer.Location.StartsWith("/sign-in", StringComparison.Ordinal))
                wrong.Add($"{form.Who}: {form.Target} {form.Fields} → {answer.Status} {answer.Location}{Problem().Match(answer.Body).Value}");
        }
        Assert.That(wrong, Is.Empty, $"what is refused with one's own ids proves nothing with another's:\n{string.Join('\n', wrong)}\n");
        Assert.That(
            Commands().Where(c => !sent.Types.ContainsKey(c)).Select(c => c.Name),
            Is.EquivalentTo(OfTheProgram),
            "commands with an id that no form sends"
        );
    }

    [Test]
    public void A_hole_would_be_found()
    {
        var form = new Form("judge", "POST /x", "id={case}");
        var (refused, taken) = (new Reply(404, "", "没有"), new Reply(302, "/x", ""));
        Assert.That(Judge(form, "case", "7", [], refused, refused), Is.Empty);
        Assert.That(Judge(form, "case", "7", [], taken, taken), Is.Not.Empty, "taken");
        Assert.That(Judge(form, "case", "7", [], refused with { Body = "不是本案的" }, refused), Is.Not.Empty, "told apart from an id that nobody has");
        Assert.That(Judge(form, "case", "7", ["某甲"], refused with { Body = "某甲" }, refused with { Body = "某甲" }), Is.Not.Empty, "names somebody");
        Assert.That(Unknown([new Route("POST", "/new", "", "x", true, [new RouteField("Id", typeof(long))])]), Is.Not.Empty, "a way in nobody fills");
        Assert.That(
            Unknown([new Route("POST", "/new", "", "x", true, [new RouteField("Data.Friend", typeof(string))])]),
            Is.Not.Empty,
            "a text that may name somebody"
        );
        Assert.That(Unknown([new Route("POST", "/new", "", "x", true, [new RouteField("Data.Reason", typeof(string))])]), Is.Empty);
    }

    private static IEnumerable<string> Unknown(IEnumerable<Route> routes)
    {
        var filled = Form
            .All.SelectMany(f => Filled(f).Where(p => p.Value.Contains('{', StringComparison.Ordinal)).Select(p => $"{f.Target} {p.Name}"))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var route in routes.Where(r => !Form.OfNoCourt.Contains(r.Path)))
        foreach (var field in route.Fields.Where(f => f.Type == typeof(long) || f.Type == typeof(string)))
        {
            var name = $"{route} {field.Name}";
            // a bound property is a field of every handler of its page
            var known =
                filled.Contains(name)
                || (route.IsPage && filled.Any(f => f.Split(' ', '?')[1] == route.Path && f.EndsWith(" " + field.Name, StringComparison.OrdinalIgnoreCase)));
            if (!known && !Form.Plain.Contains(field.Name.Split('.')[^1]) && !Form.NoNames.Contains(name))
                yield return name;
        }
    }

    private IEnumerable<string> Complaints(Form form, string kind, Reply answer, Reply nobody) => Judge(form, kind, other[kind], other.Words, answer, nobody);

    private static IEnumerable<string> Judge(Form form, string kind, string sent, IReadOnlyList<string> words, Reply answer, Reply nobody)
    {
        if (answer.Status >= 500)
            yield return "broke";
        else if (form.Answer == Answer.Refused && answer.Status is not (403 or 404 or 409 or 422))
            yield return "taken";
        // 128 random bits cannot be guessed: whoever has a link may see that it is one, and of which case; which courts there are is no secret
        if (kind is not ("token" or "court.code") && answer != nobody)
            yield return $"an id that nobody has: {nobody.Status} {Difference(nobody.Body, answer.Body)}";
        foreach (var word in words.Where(w => w != sent && (kind != "token" || w[0] != '（') && answer.Body.Contains(w, StringComparison.Ordinal)))
            yield return $"shows {word}";
    }

    private IEnumerable<string> Changed(Form form, Dictionary<string, List<string>> before, Dictionary<string, List<string>> after)
    {
        var ids = other.Ids;
        foreach (var table in after.Keys.Where(t => form.Answer != Answer.Own || !t.StartsWith("workzone_batch", StringComparison.Ordinal)))
        {
            var rows = before[table].Except(after[table]).Select(r => "- " + r).Concat(after[table].Except(before[table]).Select(r => "+ " + r));
            if (form.Answer == Answer.Own)
                rows = rows.Where(r => ids.Any(i => r.Contains(i, StringComparison.Ordinal)));
            foreach (var row in rows)
                yield return $"changes {table}: {row}";
        }
    }

    private static string Difference(string a, string b)
    {
        var at = a.Zip(b).TakeWhile(p => p.First == p.Second).Count();
        return $"“{a[Math.Max(0, at - 60)..Math.Min(a.Length, at + 80)].ReplaceLineEndings(" ")}” / "
            + $"“{b[Math.Max(0, at - 60)..Math.Min(b.Length, at + 80)].ReplaceLineEndings(" ")}”";
    }

    private static string Nobodys(string kind) =>
        kind switch
        {
            "court.code" => "吉2499",
            "number" => "（2026）吉2499民初9号",
            "token" or "paper" or "list" => new string('0', 31) + "1",
            _ when kind.EndsWith(".login", StringComparison.Ordinal) => "nobody",
            _ => "4099000000000001",
        };

    private async Task<Reply> SendAsync(Route route, Form form, string field, string value)
    {
        var (client, csrf) = await ClientAsync(form.Who, route.IsApi);
        var path = route.Path;
        var query = new List<string>();
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var (name, template) in Filled(form))
        {
            var text = Replace(await FilledAsync(template), name == field ? value : null);
            if (
                Regex.Replace(path, @"\{\*{0,2}" + Regex.Escape(name) + @"\b[^}]*\}", Uri.EscapeDataString(text), RegexOptions.IgnoreCase) is var put
                && put != path
            )
                path = put;
            else if (name[0] == '?' || route.Method == "GET")
                query.Add($"{Uri.EscapeDataString(name.TrimStart('?'))}={Uri.EscapeDataString(text)}");
            else
                fields.Add(new(name, text));
        }
        if (route.Handler.Length > 0)
            query.Add("handler=" + route.Handler);
        using var request = new HttpRequestMessage(
            new HttpMethod(route.Method),
            new Uri(path + (query.Count > 0 ? "?" + string.Join('&', query) : ""), UriKind.Relative)
        );
        request.Headers.Add("RequestVerificationToken", csrf);
        if (route.Method is "POST" or "PUT")
            request.Content =
                route.IsPage || !fields.TrueForAll(f => Of(route, f.Key) is not null)
                    ? new FormUrlEncodedContent(fields)
                    : new StringContent(Json(route, fields), Encoding.UTF8, "application/json");
        sent.Refusals.Clear(); // of work done meanwhile
        using var answer = await client.SendAsync(request);
        var refusals = string.Join('\n', sent.Refusals);
        return Reply.Of(
            form,
            (int)answer.StatusCode,
            Uri.UnescapeDataString(answer.Headers.Location?.ToString() ?? ""),
            await TextAsync(answer.Content) + refusals,
            value
        );
    }

    private static async Task<string> TextAsync(HttpContent content)
    {
        if (content.Headers.ContentType?.MediaType is "application/pdf")
            return "";
        if (content.Headers.ContentType?.MediaType?.Contains("spreadsheet", StringComparison.Ordinal) != true)
            return WebUtility.HtmlDecode(await content.ReadAsStringAsync());
        await using var book = new ZipArchive(await content.ReadAsStreamAsync());
        var parts = new StringBuilder();
        foreach (
            var entry in book.Entries.Where(e =>
                e.FullName.Contains("sheet", StringComparison.Ordinal) || e.FullName.Contains("sharedStrings", StringComparison.Ordinal)
            )
        )
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            parts.Append(await reader.ReadToEndAsync());
        }
        return WebUtility.HtmlDecode(parts.ToString());
    }

    // the field that is tried holds what is put there, the others one's own
    private async Task<string> FilledAsync(string template)
    {
        foreach (var name in Mine().Matches(template).Select(m => m.Groups[1].Value).Distinct())
            template = template.Replace("{=" + name + "}", await own.ValueAsync(name), StringComparison.Ordinal);
        return template;
    }

    private string Replace(string template, string? value) => Places().Replace(template, m => value ?? own[m.Groups[1].Value]);

    private static string Json(Route route, List<KeyValuePair<string, string>> fields)
    {
        var root = new JsonObject();
        foreach (var (name, value) in fields)
        {
            var field = Of(route, name)!;
            JsonNode leaf =
                field.Type == typeof(bool) ? bool.Parse(value)
                : field.Type == typeof(int) ? int.Parse(value, CultureInfo.InvariantCulture)
                : value;
            var parts = name.Split('.');
            if (parts.Length == 1)
                root[name] = field.Many ? new JsonArray(leaf) : leaf;
            else
                (root[parts[0]] ??= new JsonObject())[parts[1]] =
                    !field.Many && string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase) ? leaf : new JsonArray(leaf);
        }
        return root.ToJsonString();
    }

    private static RouteField? Of(Route route, string name) =>
        route.Fields.FirstOrDefault(f =>
            string.Equals(f.Name, name.Split('.')[0], StringComparison.OrdinalIgnoreCase) || string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase)
        );

    private async Task<(HttpClient Client, string Csrf)> ClientAsync(string who, bool program)
    {
        if (clients.TryGetValue($"{who} {program}", out var there))
            return there;
        // administrators have no keys: they read the interface signed in
        if (program && who != "auditor")
            return clients[$"{who} {program}"] = (await App.WithKey(own.Login(who)), "");
        var client = who == "party" ? await App.Http() : await App.SignedIn(own.Login(who));
        if (who == "party")
            await TestApp.PostForm(client, $"/p/{own["token"]}", $"/p/{own["token"]}", ("Tail", own["tail"]));
        return clients[$"{who} {program}"] = (
            client,
            Csrf().Match(await client.GetStringAsync(new Uri(who == "party" ? $"/p/{own["token"]}" : "/account", UriKind.Relative))).Groups[1].Value
        );
    }

    // every row of every table
    private Dictionary<string, List<string>> Stored()
    {
        using var db = new SqliteConnection($"Data Source={Path.Combine(App.Folder, "courtops.db")};Mode=ReadOnly;Pooling=False");
        db.Open();
        return Read("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%!_%' ESCAPE '!' AND name NOT LIKE 'sqlite%'")
            .Where(t => !AboutRequests.Contains(t))
            .ToDictionary(t => t, t => Read("SELECT * FROM " + t).ToList());

        IEnumerable<string> Read(string sql)
        {
            using var command = new SqliteCommand(sql, db);
            using var reader = command.ExecuteReader();
            var values = new object[reader.FieldCount];
            while (reader.Read())
            {
                reader.GetValues(values);
                yield return string.Join('|', values);
            }
        }
    }

    private static IEnumerable<(string Name, string Value)> Filled(Form form) =>
        form.Fields.Split(' ').Select(f => (f[..f.IndexOf('=', StringComparison.Ordinal)], f[(f.IndexOf('=', StringComparison.Ordinal) + 1)..]));

    // that anybody can send, and that name something
    private static IEnumerable<Type> Commands() =>
        CourtOps
            .Host.CourtOpsApp.Modules.SelectMany(m => m.Assembly.GetTypes())
            .Where(t =>
                t is { IsClass: true, IsAbstract: false }
                && t.IsAssignableTo(typeof(IChange))
                && t.IsAssignableTo(typeof(IBaseRequest))
                && PermitAttribute.Of(t)?.Action is not (PermitAttribute.System or PermitAttribute.Anyone)
            )
            .Where(t => t.GetProperties().Any(p => p.CanWrite && (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType) == typeof(long)));

    private sealed record Reply(int Status, string Location, string Body)
    {
        public static Reply Of(Form form, int status, string location, string body, string value)
        {
            // what was made for oneself has an id of its own
            if (form.Answer == Answer.Own)
                (location, body) = (Made().Replace(location, "#"), Made().Replace(body, "#"));

            string Cut(string text) =>
                value.Length == 0
                    ? text
                    : text.Replace(value, "*", StringComparison.Ordinal)
                        .Replace(Uri.EscapeDataString(value), "*", StringComparison.Ordinal)
                        .Replace(JavaScriptEncoder.Default.Encode(value), "*", StringComparison.Ordinal);
            return new Reply(status, Cut(location), Cut(Tokens().Replace(body, "")));
        }
    }

    /// <summary>What was sent, and what was said where it was refused: a page that cannot be drawn again hides why.</summary>
    private sealed class Sent
    {
        public ConcurrentQueue<string> Refusals { get; } = new();

        public ConcurrentDictionary<Type, bool> Types { get; } = new();
    }

    private sealed class Watching<TRequest, TResponse>(Sent sent) : IPipelineBehavior<TRequest, TResponse>
        where TRequest : IRequest<TResponse>
    {
        public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
        {
            sent.Types[typeof(TRequest)] = true;
            try
            {
                return await next();
            }
            catch (Exception e)
            {
                sent.Refusals.Enqueue(e.Message);
                throw;
            }
        }
    }

    [GeneratedRegex(@"\{([a-z][\w.]*)\}")]
    private static partial Regex Places();

    [GeneratedRegex(@"\{=([a-z][\w.]*)\}")]
    private static partial Regex Mine();

    [GeneratedRegex("name=\"csrf\" content=\"([^\"]+)\"|name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Csrf();

    [GeneratedRegex(@"\d{15,}")]
    private static partial Regex Made();

    // differ with each answer
    [GeneratedRegex(
        "name=\"csrf\" content=\"[^\"]+\"|name=\"__RequestVerificationToken\"[^>]*>|\"(?:traceId|requestId)\":\"[^\"]*\"|data-(?:mark|since)=\"[^\"]*\"|CfDJ8[\\w-]+|[0-9a-f]{8}\\.\\d+"
    )]
    private static partial Regex Tokens();

    [GeneratedRegex("\"detail\":\"[^\"]*\"|class=\"[^\"]*(?:alert|error|problem)[^\"]*\"[^>]*>[^<]+")]
    private static partial Regex Problem();
}
