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
