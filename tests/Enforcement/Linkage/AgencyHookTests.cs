using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CourtOps.Enforcement.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Enforcement.Linkage;

/// <summary>Signed messages in both directions: an agency that is away for a week, forged and replayed ones, another agency's request.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class AgencyHookTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task An_agency_that_was_away_for_a_week_is_told_urged_and_answers_by_a_signed_message_once()
    {
        await using var receiver = await AgencyReceiver.StartAsync();
        receiver.Clock = App.Clock;
        var (agency, key) = await AgencyAsync(receiver);
        var caseId = await App.Case(1, new SampleParty("王某乙"));
        receiver.Up = false;
        var sent = (await App.As("judge").Send(Query(caseId))).Single();
        for (var hour = 0; hour < 7 * 24; hour++)
        {
            await App.DrainAsync();
            App.Advance(TimeSpan.FromHours(1));
            if (hour % 24 == 5)
                await App.RunJob<Sweep>();
        }
        var shown = (await App.As("judge").Send(new ShowLinkage { Id = sent.Id })).Hooks;
        Assert.That(shown.Select(h => (h.Kind, h.State)), Is.EqualTo(new[] { ("sent", "waiting"), ("urged", "waiting") }));
        Assert.That((receiver.Calls > 100, receiver.Bodies.Count), Is.EqualTo((true, 0)), "tried each hour for a week");
        receiver.Up = true;
        App.Advance(TimeSpan.FromHours(1));
        await App.DrainAsync();
        Assert.That(receiver.Bodies, Has.Count.EqualTo(2), "each message once");
        using var told = JsonDocument.Parse(receiver.Bodies.Single(b => b.Contains("\"kind\":\"sent\"", StringComparison.Ordinal)));
        Assert.That(
            (told.RootElement.GetProperty("request").GetInt64(), told.RootElement.GetProperty("digest").GetString()),
            Is.EqualTo((sent.Id, sent.Digest))
        );
        Assert.That(told.RootElement.GetProperty("link").GetString(), Does.StartWith("http://court.test/p/agency/"));

        var http = await App.Http();
        var body = $$"""{"request":{{sent.Id}},"answer":"无存款","receipt":"R9","by":"经办某"}""";
        Assert.That((await SendAsync(http, agency, key + "x", body)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), "forged");
        Assert.That(
            (await SendAsync(http, agency, key, body, App.Clock.GetUtcNow().AddMinutes(-6))).StatusCode,
            Is.EqualTo(HttpStatusCode.Unauthorized),
            "stale"
        );
        Assert.That((await SendAsync(http, agency, key, "{坏")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            (await SendAsync(http, agency, key, body.Replace($"{sent.Id}", "12", StringComparison.Ordinal))).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound)
        );
        Assert.That((await ListAsync(http, agency, key)).GetArrayLength(), Is.EqualTo(1));
        Assert.That((await SendAsync(http, agency, key, body)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await SendAsync(http, agency, key, body)).StatusCode, Is.EqualTo(HttpStatusCode.Conflict), "replayed");
        App.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await SendAsync(http, agency, key, body)).StatusCode, Is.EqualTo(HttpStatusCode.Conflict), "signed anew: answered already");
        await App.DrainAsync();
        var row = (await App.As("judge").Send(new ShowLinkage { Id = sent.Id })).Request;
        Assert.That((row.State, row.Answer, row.Receipt, row.AnsweredBy), Is.EqualTo(("answered", "无存款", "R9", "经办某")));
        Assert.That((await ListAsync(http, agency, key)).GetArrayLength(), Is.Zero);
        App.Advance(TimeSpan.FromMinutes(20));
        await App.RunJob<Sweep>();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM enforcement_hook_seen"), Is.Zero);
    }

    // one person's hands: a page looked at 3 s, a box ticked or a button pressed 1.5 s, an option chosen 3 s, a character typed 0.3 s
    [Test]
    public async Task A_case_goes_to_ten_agencies_and_back_in_under_two_minutes_of_one_persons_hands()
    {
        await using var receiver = await AgencyReceiver.StartAsync();
        receiver.Clock = App.Clock;
        var kinds = new[] { "bank", "bank", "bank", "bank", "realty", "vehicle", "company", "police", "tax", "fund" };
        var agencies = new List<(long Id, string Key)>();
        foreach (var (kind, n) in kinds.Select((k, n) => (k, n)))
        {
            var id = await App.As("leader").Send(new SaveAgency { Name = $"测试单位{n + 1:00}", Kind = kind });
            var key = await App.Send(new MakeAgencyKey { Id = id });
            agencies.Add((id, key));
        }
        var caseId = await App.Case(1, new SampleParty("王某乙"));
        await App.As(null).Change("UPDATE workzone_party SET role = '被执行人' WHERE case_id = @caseId AND name = '王某乙'", new { caseId });
        var judge = await App.SignedIn("judge");
        var page = $"/enforcement/cases/{caseId}/linkage";
        var hands = 3.0;
        var fields = agencies.Select(a => ("Data.Agencies", $"{a.Id}")).Append(("Data.Act", "query")).ToArray();
        hands += fields.Sum(f => f.Item1 == "Data.Act" ? 3.0 : 1.5);
        var sent = await TestApp.PostForm(judge, page, page, fields);
        hands += 1.5 + 3.0;
        Assert.That(sent.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await sent.Content.ReadAsStringAsync());
        var requests = await App.As(null).Rows<LinkageRow>(LinkageRow.Columns + " WHERE l.case_id = @caseId ORDER BY l.id", new { caseId });
        Assert.That(requests, Has.Count.EqualTo(10));
        Assert.That(requests.Select(r => r.Words), Has.All.Contains("王某乙").And.None.Contains("{"), "each by the template of its kind");
        Assert.That(requests.Select(r => r.Words).Distinct().Count(), Is.EqualTo(5), "bank, land, vehicles, companies, and one for the others");
        Assert.That(requests.Select(r => r.Basis), Has.All.EqualTo("《民事诉讼法》第二百五十三条"));
        Assert.That(
            requests.Select(r => r.DueOn).Distinct(),
            Is.EquivalentTo(new DateOnly[] { new(2026, 3, 5), new(2026, 3, 9) }),
            "three and five working days"
        );
        var http = await App.Http();
        foreach (var request in requests)
        {
            var (id, key) = agencies.Single(a => a.Id == request.AgencyId);
            var body = $$"""{"request":{{request.Id}},"answer":"已查询，无财产","receipt":"R{{request.Id}}","by":"经办某"}""";
            Assert.That((await SendAsync(http, id, key, body)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
        await App.DrainAsync();
        hands += 3.0; // the list with what came back
        var back = WebUtility.HtmlDecode(await judge.GetStringAsync(new Uri("/enforcement/linkage", UriKind.Relative)));
        Assert.That(back, Does.Contain("测试单位10"));
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM enforcement_linkage WHERE case_id = @caseId AND state = 'answered'", new { caseId }),
            Is.EqualTo(10)
        );
        TestContext.Out.WriteLine($"{fields.Length + 1} clicks and choices, nothing typed, {hands:0} s of one person's hands");
        Assert.That(hands, Is.LessThanOrEqualTo(120));
    }

    [TestCase("query", "bank", "请协助查询被执行人王某乙（证件尾号0014）在你单位的存款、理财、托管账户及余额。", 3)]
    [TestCase("query", "tax", "请协助查询被执行人王某乙（证件尾号0014）的财产和下落线索。", 5)]
    [TestCase("freeze", "bank", "请协助冻结被执行人王某乙（证件尾号0014）的存款，以80000.5元为限；余额不足的，账户进款继续冻结至限额。", 1)]
    [TestCase("renew", "realty", "请按所附裁定续行（2026）吉2424执1号案对被执行人王某乙（证件尾号0014）财产的控制措施。", 2)]
    [TestCase("find", "police", "（2026）吉2424执1号案，请按所附文书协助执行，被执行人王某乙（证件尾号0014）。", 5)]
    [TestCase("query", "nobody", "请协助查询被执行人王某乙（证件尾号0014）的财产和下落线索。", 5)]
    public void What_a_request_says_by_the_table(string act, string kind, string words, int days)
    {
        var text = LinkageTemplates.Of(LinkageTemplates.Table.Default, act, kind, new LinkagePlaces("（2026）吉2424执1号", [("王某乙", "0014")], 8_000_050));
        Assert.That((text.Words, text.Days), Is.EqualTo((words, days)));
    }

    [Test]
    public void A_sum_that_is_not_known_is_what_the_ruling_says() =>
        Assert.That(
            LinkageTemplates.Filled("以{金额}为限，{被执行人}", new LinkagePlaces("", [("甲某", null), ("乙某", "1234")], null)),
            Is.EqualTo("以裁定载明的数额为限，甲某、乙某（证件尾号1234）")
        );

    [Test]
    public async Task An_agency_answers_its_own_requests_alone_and_a_new_key_ends_the_old_one()
    {
        await using var receiver = await AgencyReceiver.StartAsync();
        receiver.Clock = App.Clock;
        var (agency, key) = await AgencyAsync(receiver);
        var other = await App.As("leader").Send(new SaveAgency { Name = "延边测试登记", Kind = "realty" });
        await Assert.ThatAsync(
            () => App.As("leader").Send(new SetAgencyHook { Id = other, Url = receiver.Url }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-key")
        );
        await Assert.ThatAsync(
            () => App.As("leader").Send(new SetAgencyHook { Id = agency, Url = "ftp://a/b" }),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await Assert.ThatAsync(() => App.As("judge").Send(new MakeAgencyKey { Id = agency }), Throws.TypeOf<Forbidden>());
        var theirs = await App.As("leader").Send(new MakeAgencyKey { Id = other });
        var caseId = await App.Case(1, new SampleParty("王某乙"));
        var sent = (await App.As("judge").Send(Query(caseId))).Single();
        await App.DrainAsync();
        Assert.That((await App.As("judge").Send(new ShowLinkage { Id = sent.Id })).Hooks.Single().State, Is.EqualTo("delivered"));
        var http = await App.Http();
        var body = $$"""{"request":"{{sent.Id}}","answer":"x","by":"某"}""";
        Assert.That((await SendAsync(http, other, theirs, body)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "another agency's request");
        Assert.That((await SendAsync(http, other, key, body)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), "another agency's key");
        var renewed = await App.As("leader").Send(new MakeAgencyKey { Id = agency });
        Assert.That((await SendAsync(http, agency, key, body)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        await App.As("judge").Send(new StepLinkage { Id = sent.Id, Step = "withdraw" });
        Assert.That((await SendAsync(http, agency, renewed, body)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "withdrawn");
        await App.DrainAsync();
        Assert.That(
            (await App.As("judge").Send(new ShowLinkage { Id = sent.Id })).Hooks[^1] is { Kind: "withdrawn", State: "failed", Reason: not null },
            Is.True,
            "the receiver still has the old key and refuses: said with the request"
        );
    }

    [TestCase("k", "1700000000", "{}", 0, true)]
    [TestCase("k", "1700000000", "{}", 299, true)]
    [TestCase("k", "1700000000", "{}", -301, false)]
    [TestCase("", "1700000000", "{}", 0, false)]
    [TestCase("k", "-1", "{}", 0, false)]
    [TestCase("k", "99999999999999999999", "{}", 0, false)]
    public void Signatures_hold_for_five_minutes(string key, string timestamp, string body, int seconds, bool holds) =>
        Assert.That(
            MessageSignature.Holds(
                key,
                timestamp,
                MessageSignature.Of(key, timestamp, body),
                body,
                DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + seconds),
                AgencyCard.Tolerance
            ),
            Is.EqualTo(holds)
        );

    private static SendLinkage Query(long caseId) =>
        new()
        {
            CaseId = caseId,
            Agencies = ["汪清测试银行"],
            Act = "query",
            Words = "查询存款",
            Due = new DateOnly(2026, 3, 4),
        };

    private async Task<(long Agency, string Key)> AgencyAsync(AgencyReceiver receiver)
    {
        var id = await App.As("leader").Send(new SaveAgency { Name = "汪清测试银行", Kind = "bank" });
        receiver.Key = await App.Send(new MakeAgencyKey { Id = id });
        await App.Send(new SetAgencyHook { Id = id, Url = receiver.Url });
        return (id, receiver.Key);
    }

    private Task<HttpResponseMessage> SendAsync(HttpClient http, long agency, string key, string body, DateTimeOffset? at = null) =>
        SignedAsync(http, HttpMethod.Post, "/hooks/enforcement/answers", agency, key, body, at);

    private async Task<JsonElement> ListAsync(HttpClient http, long agency, string key) =>
        await (await SignedAsync(http, HttpMethod.Get, "/hooks/enforcement/requests", agency, key, "", null)).Content.ReadFromJsonAsync<JsonElement>();

    private async Task<HttpResponseMessage> SignedAsync(
        HttpClient http,
        HttpMethod method,
        string path,
        long agency,
        string key,
        string body,
        DateTimeOffset? at
    )
    {
        var timestamp = (at ?? App.Clock.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (method == HttpMethod.Post)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("X-Agency", agency.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Signature", MessageSignature.Of(key, timestamp, body));
        return await http.SendAsync(request);
    }
}
