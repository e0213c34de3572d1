using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Trails;

namespace CourtOps.SystemTests.Attacks;

/// <summary>What cannot be read (a body, an address, a character that is none, a day no calendar here has) is refused in words that name it.</summary>
public sealed class UnreadableTests() : AppTests(Engine.Sqlite)
{
    [TestCase("""{"login":"clerk","from":"2026-02-29"}""", "from", "类型或者写法不对")]
    [TestCase("""{"login":{"a":1}}""", "login", "类型或者写法不对")]
    [TestCase("""{"login":"\ud800"}""", "login", "类型或者写法不对")]
    [TestCase("{", null, "第 1 行")]
    [TestCase("[]", null, "不是可以读的 JSON")]
    [TestCase("", null, "没有 JSON 内容")]
    public async Task A_body_that_cannot_be_read_is_answered_with_what_is_wrong(string body, string? field, string words)
    {
        var client = await App.WithKey("clerk");
        using var json = new StringContent(body, Encoding.UTF8, "application/json");
        await SaysAsync(await client.PostAsync(Url("/api/v1/absences"), json), field, words);
    }

    [TestCase("/api/v1/slips?all=perhaps", "all")]
    [TestCase("/api/v1/slips?after=12x", "after")]
    [TestCase("/api/v1/causes?on=2026-02-30", "on")]
    public async Task A_parameter_that_is_none_is_named(string path, string name) =>
        await SaysAsync(await (await App.WithKey("judge")).GetAsync(Url(path)), name, "不是有效的值");

    [TestCase("/search?q=%EF%BF%BEab")]
    [TestCase("/cases?q=%EF%BF%BEab")]
    [TestCase("/cataloguing/search?q=%EF%BF%BEab")]
    [TestCase("/p/verify?code=%EF%BF%BEab")]
    [TestCase("/triage/split?until=0001-01-01")]
    [TestCase("/triage/mediators?until=0001-01-01")]
    public async Task A_page_asked_for_what_does_not_exist_shows_nothing_of_it(string path) =>
        Assert.That((await (await App.SignedIn("leader")).GetAsync(Url(path))).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    [Test]
    public void The_trail_of_a_year_no_court_has_kept_is_not_looked_for()
    {
        foreach (var day in new[] { DateOnly.MinValue, DateOnly.MaxValue })
        {
            Assert.That(() => App.As("auditor").Send(new SearchTrail { From = day }), Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("From"));
            Assert.That(() => App.As("auditor").Send(new SearchTrail { To = day }), Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("To"));
        }
    }

    [TestCase("a\\u0000b")]
    [TestCase("a\\ufffeb")]
    public async Task What_no_paper_can_hold_is_refused_before_one_is_made(string text)
    {
        var caseId = await App.Case(7, SampleParty.Provided);
        var judge = await App.WithKey("judge");
        using var draft = new StringContent($$"""{"text":"{{text}}","kind":"judgment"}""", Encoding.UTF8, "application/json");
        await SaysAsync(await judge.PostAsync(Url($"/api/v1/cases/{caseId}/drafts"), draft), "text", "请", 422);
    }

    private static async Task SaysAsync(HttpResponseMessage answer, string? field, string words, int status = 400)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That((int)answer.StatusCode, Is.EqualTo(status), text);
        var problem = JsonNode.Parse(text)!;
        if (field is not null)
            Assert.That((string?)problem["errors"]?[field]?[0], Does.Contain(words), text);
        else
            Assert.That((string?)problem["detail"], Does.Contain(words), text);
    }

    private static Uri Url(string path) => new(path, UriKind.Relative);
}
