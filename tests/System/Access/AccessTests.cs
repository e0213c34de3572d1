using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Access;

/// <summary>
/// Every page, fragment, file and API route, as every role, a stranger, the same role of another court, after a recusal and after the order was
/// closed; held against the declarations and against a second, plain reading of who may see what. A route with a parameter this test does not
/// know fails it.
/// </summary>
public sealed partial class AccessTests() : AppTests(Engine.Sqlite)
{
    // who acts, their roles and court; not read from the database
    private static readonly (string Login, string[] Roles, string Court)[] People =
    [
        ("judge", ["judge"], "吉2424"),
        ("judge2", ["judge"], "吉2424"),
        ("assistant", ["assistant"], "吉2424"),
        ("registrar", ["lead:triage"], "吉2424"),
        ("lead", ["lead:service"], "吉2424"),
        ("clerk", ["clerk:service"], "吉2424"),
        ("clerk2", ["clerk:service"], "吉2424"),
        ("archivist", ["lead:cataloguing", "clerk:cataloguing"], "吉2424"),
        ("leader", ["leader"], "吉2424"),
        ("judge-yanji", ["judge"], "吉2401"),
        ("clerk-yanji", ["clerk:service", "lead:triage"], "吉2401"),
        ("leader-yanji", ["leader"], "吉2401"),
        ("lead-yanji", ["lead:service"], "吉2401"),
        ("checker", ["checker"], "吉24"),
        ("sysadmin", ["sysadmin"], "吉24"),
        ("secadmin", ["secadmin"], "吉24"),
        ("auditor", ["auditor"], "吉24"),
        ("robot", ["robot:service"], "吉2424"),
        ("casesystem", ["system"], "吉2424"),
        ("agency", ["agency"], "吉2424"),
        ("lawyer", ["lawyer"], "吉2424"),
        ("mediator", ["mediator"], "吉2424"),
    ];

    // accounts without a door: they come by key only
    private static readonly string[] KeyOnly = ["robot", "casesystem"];

    // handlers that would end the session they are tried with; hooks, which know no account but a signature; a volume without documents is no PDF
    private static readonly string[] NotTried =
    [
        "/sign-out",
        "/hooks/service/sms",
        "/hooks/service/bounce",
        "/hooks/triage/payments",
        "/hooks/enforcement/answers",
        "/hooks/enforcement/requests",
        "/cataloguing/cases/{caseId:long}/volume.pdf",
        "/api/v1/cases/{id:long}/efile/volume.pdf",
    ];

    // asked without what they need to answer
    private static readonly string[] Bare =
    [
        "/first-run",
        "/enforcement/register",
        "/p/{token}",
        "/p/{token}/d/{n:int}",
        "/p/{token}/proof",
        "/p/{token}/address",
        "/p/agency/{token}",
        "/p/agency/{token}/d/{n:int}",
        "/sign-in/with/{name}",
        "/sign-in/back/{name}",
        "/api/v1/calculate/{name}",
        "/api/v1/service-tasks",
        "/api/v1/service-addresses",
        "/error/{code:int}",
        "/p/file",
        "/p/file/{token}",
        "/p/mediate/{token}",
        "/p/read/{token}",
        "/p/evaluate/{token}",
        "/p/read/{token}/page/{n:int}",
        "/p/contact",
        "/p/contact/{token}",
        "/p/reading",
        "/p/reading/{token}",
        "/triage/board",
    ];

    private readonly Dictionary<string, Scene> scenes = [];

    private sealed record Scene(
        string Name,
        long CaseId,
        string Number,
        long OrderId,
        long DocumentId,
        string Party,
        long PartyId,
        long Notice,
        string Token,
        long HearingId,
        long DraftId
    );

    private sealed record Visit(string Method, string Route, string Action, string? Kind, bool IsApi, bool IsPage, string Handler = "");

    [Test]
    public async Task Every_route_opens_to_whom_it_is_for_and_to_nobody_else()
    {
        await PrepareAsync();
        var catalogue = App.Services.GetRequiredService<ActionCatalogue>();
        var visits = Visits().ToList();
        Assert.That(visits, Has.Count.GreaterThan(90));
        Assert.That(visits.Where(v => v.Kind == "?").Select(v => v.Route), Is.Empty, "a parameter this test does not know: teach it what the route shows");
        var wrong = new List<string>();
        var asked = 0;
        foreach (var (login, roles, court) in People.Prepend(("", [], "")))
        {
            var browser = login.Length > 0 && !KeyOnly.Contains(login) ? await App.SignedIn(login) : await App.Http();
            var token =
                login.Length > 0 && KeyOnly.Contains(login)
                    ? ""
                    : Csrf().Match(await (await browser.GetAsync(Url(login.Length > 0 ? "/account" : "/sign-in"))).Content.ReadAsStringAsync()).Groups[1].Value;
            // administrators have no keys
            var administers = roles.Any(Kernel.Security.Separation.IsAdministrator);
            var key = login.Length > 0 && !administers ? await App.WithKey(login) : await App.Http();
            foreach (var visit in visits.Where(v => v.IsApi ? !administers : !KeyOnly.Contains(login)))
            foreach (var scene in visit.Kind is "case" or "hearing" or "draft" or "order" or "document" or "token" ? scenes.Values.ToArray() : [scenes["open"]])
            {
                asked++;
                var may = May(catalogue, roles, visit.Action, login.Length > 0);
                var seen = visit.Kind switch
                {
                    "case" or "document" or "hearing" or "draft" => SeesCase(login, roles, court, scene.Name),
                    "order" => SeesOrder(login, roles, court, scene.Name),
                    "person" => roles.Any(r => r is "sysadmin" or "secadmin" or "auditor"),
                    "import" => login == "registrar",
                    "batch" => login == "lead",
                    _ => true,
                };
                var (status, location, body) = await AskAsync(visit.IsApi ? key : browser, visit, scene, token);
                var where = $"{(login.Length > 0 ? login : "stranger")} {visit.Method} {visit.Route}{visit.Handler} [{scene.Name}] → {status} {location}";
                if (Judge(visit, login, may, seen, status, location) is { } complaint)
                    wrong.Add($"{where}: {complaint}");
                if (status == 200)
                    // public hearings are announced to everybody (CPL 139), unless the case is sealed
                    wrong.AddRange(
                        scenes
                            .Values.Where(s =>
                                visit.Kind is not ("token" or "import")
                                && (visit.Route != "/hearings" || s.Name is "sealed" or "ended")
                                && !SeesCase(login, roles, court, s.Name)
                                && !SeesOrder(login, roles, court, s.Name)
                                && (
                                    (body.Contains(s.Number, StringComparison.Ordinal) && login != "auditor")
                                    || body.Contains(s.Party, StringComparison.Ordinal)
                                )
                            )
                            .Select(s => $"{where}: shows what belongs to the case “{s.Name}”")
                    );
            }
        }
        TestContext.Out.WriteLine($"{visits.Count} visits, {People.Length + 1} visitors, {asked} requests");
        Assert.That(wrong, Is.Empty, $"{wrong.Count} of {asked}:\n{string.Join('\n', wrong.Take(60))}\n");
    }

    [Test]
    public async Task A_leak_and_a_wrong_refusal_would_be_found()
    {
        await Task.CompletedTask;
        var get = new Visit("GET", "/x/{id}", "workzone.cases.read", "case", false, true);
        Assert.That(Judge(get, "judge", may: true, seen: false, 200, ""), Is.Not.Null, "open where it should be hidden");
        Assert.That(Judge(get, "judge", may: true, seen: true, 404, ""), Is.Not.Null, "hidden where it should be open");
        Assert.That(Judge(get, "auditor", may: false, seen: false, 200, ""), Is.Not.Null);
        Assert.That(Judge(get, "", may: false, seen: false, 200, ""), Is.Not.Null);
        Assert.That(Judge(get, "", may: false, seen: false, 302, "/sign-in?next=x"), Is.Null);
        Assert.That(Judge(get with { Method = "POST" }, "clerk", may: false, seen: false, 422, ""), Is.Not.Null, "looked at before it was refused");
    }

    // null: as it should be
    private static string? Judge(Visit visit, string login, bool may, bool seen, int status, string location)
    {
        var sentAway = status is 401 or 403 || (status == 302 && location.StartsWith("/sign-in", StringComparison.Ordinal));
        if (!may)
            return sentAway ? null : $"{visit.Action} is not theirs";
        if (status >= 500)
            return "broke";
        if (!seen)
            return status is 404 or 403 ? null : "should not know of it";
        // a name, token or figure that means nothing: what matters is that nobody is sent away who may come, and nobody let in
        if (visit.Kind == "nothing" || Bare.Contains(visit.Route))
            // what a page posts may need more than the page
            return sentAway && visit.Route != "/first-run" && !(status == 403 && visit is { IsPage: true, Method: "POST" }) ? "not for them?" : null;
        if (visit.Method == "GET")
            return status is 200 or 204 or 302 && !sentAway ? null : $"{visit.Action} is theirs, and they may see it";
        return
            status == 401
            || (status == 302 && sentAway && visit.Route != "/sign-in")
            || (status == 403 && !visit.IsPage && visit.Kind is null or "case" && visit.Action is not (PermitAttribute.SignedIn or PermitAttribute.Anyone))
            ? $"{visit.Action} is theirs"
            : null;
    }

    // the declarations once more, in a line
    private static bool May(ActionCatalogue catalogue, string[] roles, string action, bool signedIn) =>
        action switch
        {
            PermitAttribute.Anyone => true,
            PermitAttribute.SignedIn => signedIn,
            PermitAttribute.System => false,
            _ => catalogue.All.Single(a => a.Code == action).Roles.Any(r => roles.Any(mine => mine == r || mine.Split(':')[0] == r)),
        };

    // an auditor sees the numbers of cases in the trails, never a party
    // scenes: "open" the clerk has the order in hand; "recused" clerk, assistant and leader are recused; "closed" the order was withdrawn; "sealed" the case
    // is sealed; "ended" it is sealed and its order withdrawn; "far" another court's
    private static bool SeesCase(string login, string[] roles, string court, string scene)
    {
        if (scene == "far")
            return login is "judge-yanji" or "leader-yanji" || roles.Contains("checker") && court == "吉24";
        if (scene == "recused" && login is "clerk" or "assistant" or "leader")
            return false;
        return login switch
        {
            "judge" => true,
            "assistant" or "leader" or "checker" or "casesystem" => scene is not ("sealed" or "ended"),
            "clerk" => scene is "open" or "sealed",
            _ => false,
        };
    }

    private static bool SeesOrder(string login, string[] roles, string court, string scene)
    {
        if (SeesCase(login, roles, court, scene))
            return true;
        if (scene == "far")
            return login is "clerk-yanji" or "lead-yanji";
        if (scene == "recused" && login is "clerk" or "assistant" or "leader")
            return false;
        return login switch
        {
            "lead" => true,
            "leader" => scene is not ("sealed" or "ended"),
            "clerk" or "clerk2" or "robot" => scene is not ("sealed" or "ended") || (login == "clerk" && scene == "sealed"),
            _ => false,
        };
    }

    private async Task<(int Status, string Location, string Body)> AskAsync(HttpClient client, Visit visit, Scene scene, string csrf)
    {
        var path = Filled(visit.Route, scene) + visit.Handler;
        if (path is "/service/request")
            path += $"?caseId={scene.CaseId}";
        using var request = new HttpRequestMessage(new HttpMethod(visit.Method), Url(path));
        request.Headers.Add("RequestVerificationToken", csrf);
        if (visit.Method is not ("GET" or "DELETE"))
            request.Content = visit.IsPage ? new FormUrlEncodedContent([new("x", "x")]) : new StringContent("{}", Encoding.UTF8, "application/json");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
        var body = answer.Content.Headers.ContentType?.MediaType is "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(stop.Token);
        return (
            (int)answer.StatusCode,
            answer.Headers.Location?.ToString() ?? "",
            answer.Content.Headers.ContentType?.MediaType?.StartsWith("application/pdf", StringComparison.Ordinal) == true ? "" : WebUtility.HtmlDecode(body)
        );
    }

    private string Filled(string route, Scene scene) =>
        Parameter()
            .Replace(
                route,
                m =>
                    m.Groups[1].Value switch
                    {
                        "token" => scene.Token,
                        "idAndVerb" when route.Contains("work-orders", StringComparison.Ordinal) => $"{scene.OrderId}:comment",
                        "idAndVerb" when route.Contains("/hearings/", StringComparison.Ordinal) => $"{scene.CaseId}:confirm",
                        "idAndVerb" when route.Contains("/parties/", StringComparison.Ordinal) => $"{scene.PartyId}:unmask",
                        "id" when route.Contains("/parties/", StringComparison.Ordinal) => $"{scene.PartyId}",
                        "idAndVerb" => $"{scene.Notice}:send",
                        "id" when route.Contains("/service/notices/", StringComparison.Ordinal) => $"{scene.Notice}",
                        "partyId" => $"{scene.PartyId}",
                        "code" when route.Contains("/forms/", StringComparison.Ordinal) => "response",
                        "n" => "1",
                        "code" when route.Contains("/templates/", StringComparison.Ordinal) => "summons",
                        "code" when route.Contains("/enforcement-figures/", StringComparison.Ordinal) => "lapsed",
                        "code" => "404",
                        "name" => route.Contains("sign-in", StringComparison.Ordinal) ? "nobody" : "period",
                        "documentName" => "v1",
                        "absenceId" => "1",
                        "key" => "service.no-reply",
                        "versionId" or "runId" => "1",
                        "id" when route.Contains("/uploads/", StringComparison.Ordinal) => new string('0', 32),
                        _ => KindOf(route) switch
                        {
                            "order" => $"{scene.OrderId}",
                            "document" => $"{scene.DocumentId}",
                            "hearing" => $"{scene.HearingId}",
                            "draft" => $"{scene.DraftId}",
                            "person" => $"{personId}",
                            "court" => $"{courtId}",
                            "import" => $"{importId}",
                            "batch" => $"{batchId}",
                            _ => $"{scene.CaseId}",
                        },
                    }
            );

    private static string? KindOf(string route)
    {
        var path = route.Replace("/api/v1", "", StringComparison.Ordinal);
        if (path == "/service/request")
            return "case";
        if (!path.Contains('{', StringComparison.Ordinal))
            return null;
        foreach (
            var (start, kind) in new[]
            {
                ("/cataloguing/archive/{", "upload"),
                ("/cataloguing/batches/{", "upload"),
                ("/cataloguing/checks/{", "upload"),
                ("/cataloguing/orders/{", "upload"),
                ("/cataloguing/pages/{", "upload"),
                ("/cataloguing/lendings/{", "upload"),
                ("/p/read/{", "upload"),
                ("/p/reading/{", "upload"),
                ("/p/evaluate/{", "upload"),
                ("/efile-notes/{", "upload"),
                ("/materials/{", "upload"),
                ("/catalogue-checks/{", "upload"),
                ("/lendings/{", "upload"),
                ("/cases/{id:long}/archive", "upload"),
                ("/triage/cases/{", "case"),
                ("/triage/filings/{", "upload"),
                ("/triage/fees/{", "upload"),
                ("/triage/papers/{", "upload"),
                ("/filings/{", "upload"),
                ("/triage/contact-papers/{", "upload"),
                ("/triage/contacts/{", "upload"),
                ("/triage/mediations/{", "upload"),
                ("/triage/series/{", "upload"),
                ("/fee-bills/{", "upload"),
                ("/fee-suspense/{", "upload"),
                ("/mediations/{", "upload"),
                ("/contacts/{", "upload"),
                ("/series/{", "upload"),
                ("/track-proposals/{", "upload"),
                ("/p/file/{", "upload"),
                ("/p/mediate/{", "upload"),
                ("/p/contact/{", "upload"),
                ("/enforcement/money/{", "upload"),
                ("/enforcement/auctions/{", "upload"),
                ("/enforcement/linkage/agencies/{", "upload"),
                ("/enforcement/trips/{", "upload"),
                ("/enforcement/stops/{", "upload"),
                ("/enforcement/stop-records/{", "upload"),
                ("/field-trips/{", "upload"),
                ("/field-stops/{", "upload"),
                ("/visits/{", "upload"),
                ("/enforcement/network/{", "upload"),
                ("/trial/meetings/{", "upload"),
                ("/meetings/{", "upload"),
                ("/recorder-files/{", "upload"),
                ("/trial/expert-orders/{", "upload"),
                ("/trial/publications/{", "upload"),
                ("/trial/recordings/{", "upload"),
                ("/inquiry-batches/{", "upload"),
                ("/payouts/{", "upload"),
                ("/judgments/{", "upload"),
                ("/p/elements/{", "upload"),
                ("/assessors/{", "upload"),
                ("/service/entrusted/", "upload"),
                ("/inspection/findings/{", "upload"),
                ("/service-entrusted/{", "upload"),
                ("/service/recordings/{", "upload"),
                ("/service-recordings/{", "upload"),
                ("/service-callbacks/{", "upload"),
                ("/enforcement/offline/{", "upload"),
                ("/offline-inquiries/{", "upload"),
                ("/trial/papers/{", "document"),
                ("/held-papers/{", "upload"),
                ("/trial/templates/{", "upload"),
                ("/document-templates/{", "upload"),
                ("/document-samples/{", "upload"),
                ("/trial/laws/{", "upload"),
                ("/laws/{", "upload"),
                ("/trial/library/{", "upload"),
                ("/library-cases/{", "upload"),
                ("/expert-opinions/{", "upload"),
                ("/trial/plans/{", "upload"),
                ("/trial-plans/{", "upload"),
                ("/drafts/{", "upload"),
                ("/service-addresses/{", "upload"),
                ("/p/mine/{", "upload"),
                ("/changes/{", "upload"),
                ("/enforcement/cases/{", "case"),
                ("/enforcement/measures/{", "upload"),
                ("/enforcement-figures/{", "upload"),
                ("/enforcement/linkage/{", "upload"),
                ("/measures/{", "upload"),
                ("/linkage-requests/{", "upload"),
                ("/p/agency/{", "upload"),
                ("/cases/{", "case"),
                ("/trial/cases/{", "case"),
                ("/trial/hearings/{", "hearing"),
                ("/trial/drafts/{", "draft"),
                ("/hearings/door/{", null),
                ("/hearings/{", "upload"),
                ("/slips/{", "upload"),
                ("/cataloguing/cases/{", "case"),
                ("/service/cases/{", "case"),
                ("/orders/{", "order"),
                ("/work-orders/{", "order"),
                ("/service/orders/{", "order"),
                ("/service/notices/{", "order"),
                ("/service/contests/{", "upload"),
                ("/service-contests/{", "upload"),
                ("/service-steps/{", "upload"),
                ("/service-batches/{", "upload"),
                ("/service-announcements/{", "upload"),
                ("/service/calls/{", "upload"),
                ("/service/post/{", "upload"),
                ("/service/trips/{", "upload"),
                ("/service/visits/{", "upload"),
                ("/service/evidence/{", "upload"),
                ("/service-tasks/{", "order"),
                ("/documents/{", "document"),
                ("/imports/{", "import"),
                ("/batches/{", "batch"),
                ("/people/edit/{", "person"),
                ("/people/{", "person"),
                ("/courts/{", "court"),
                ("/audit/person/{", "person"),
                ("/parties/{", "case"),
                ("/p/{", "token"),
                ("/calculate/{", null),
                ("/error/{", null),
                ("/uploads/{", "upload"),
                ("/openapi/{", null),
                ("/sign-in/with/{", "upload"),
                ("/sign-in/back/{", null),
                ("/absences/{", "upload"),
                ("/phrases/{", "upload"),
                ("/extensions/{", "upload"),
                ("/case-periods/{", "upload"),
                ("/interpreters/{", "upload"),
                ("/settings/{", "rule"),
                ("/settings/runs/{", "upload"),
                ("/settings/dry-runs/{", "upload"),
                ("/settings/versions/{", "upload"),
                ("/operations/jobs/{", "upload"),
            }
        )
            if (path.StartsWith(start, StringComparison.Ordinal))
                return kind == "upload" ? "nothing" : kind;
        return "?";
    }

    private IEnumerable<Visit> Visits() =>
        Routes
            .Of(App)
            .Where(r => !NotTried.Contains(r.Path))
            .Select(r => new Visit(r.Method, r.Path, r.Action, KindOf(r.Path), r.IsApi, r.IsPage, r.Handler.Length > 0 ? $"?handler={r.Handler}" : ""));

    private long personId;
    private long courtId;
    private long importId;
    private long batchId;

    private async Task PrepareAsync()
    {
        foreach (var (login, roles, court) in People)
            if (await App.As(null).Value<long?>("SELECT id FROM workzone_person WHERE login = @login", new { login }) is null)
                await App.Send(
                    new SavePerson
                    {
                        Login = login,
                        Name = "测" + login,
                        Court = court,
                        Roles = roles,
                        Password = TestApp.Password,
                    }
                );
        personId = await App.IdOf("clerk2");
        courtId = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2424'");
        await App.As("scheduler").Send(new TrialSupport.Hearings.SaveRoom { Name = "第一法庭", Size = 30 });
        scenes["open"] = await SceneAsync("open", 101);
        scenes["recused"] = await SceneAsync("recused", 102);
        scenes["closed"] = await SceneAsync("closed", 103);
        scenes["sealed"] = await SceneAsync("sealed", 104);
        scenes["ended"] = await SceneAsync("ended", 105);
        importId = await App.As(null).Value<long>("SELECT MIN(id) FROM workzone_import");
        batchId = await App.As("lead")
            .Send(
                new Workzone.Batches.CreateBatch
                {
                    Step = "comment",
                    OrderIds = [1],
                    Words = "x",
                }
            );
        foreach (var login in new[] { "clerk", "assistant", "leader" })
            await App.As("judge")
                .Send(
                    new Recuse
                    {
                        CaseId = scenes["recused"].CaseId,
                        Login = login,
                        Reason = "回避",
                    }
                );
        // what went back to the queue is withdrawn too: nobody may take it in hand while this test tries
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = scenes["recused"].OrderId,
                    Step = OrderStep.Cancel,
                    Words = "撤回",
                }
            );
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = scenes["closed"].OrderId,
                    Step = OrderStep.Cancel,
                    Words = "撤回",
                }
            );
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = scenes["ended"].OrderId,
                    Step = OrderStep.Cancel,
                    Words = "撤回",
                }
            );
        foreach (var name in new[] { "sealed", "ended" })
            await App.As("judge").Send(new SealCase { CaseId = scenes[name].CaseId, Reason = "封存" });
    }

    private async Task<Scene> SceneAsync(string name, int serial)
    {
        var party = $"受送达人{name}";
        var order = await App.Asked(serial, [new SampleParty(party) { Email = "wang@party.example", EService = "提供" }]);
        var token = new string('0', 32);
        return new Scene(
            name,
            order.CaseId,
            Sample.Number(serial),
            order.OrderId,
            order.Documents[0],
            party,
            order.Parties[0],
            order.Notice,
            token,
            (await App.As("judge").Send(new TrialSupport.Hearings.BookHearing { CaseId = order.CaseId, Minutes = 30 })).Id,
            (
                await App.As("judge")
                    .Send(
                        new TrialSupport.Drafts.SaveDraft
                        {
                            CaseId = order.CaseId,
                            Kind = "other",
                            Title = "草稿",
                            Blob = await App.In(s => s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(new MemoryStream([1]), 10, default)),
                        }
                    )
            ).Id
        );
    }

    private static Uri Url(string path) => new(path, UriKind.Relative);

    [GeneratedRegex(@"\{\*{0,2}(\w+)[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("name=\"csrf\" content=\"([^\"]+)\"")]
    private static partial Regex Csrf();
}
