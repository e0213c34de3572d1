using System.Net;

namespace CourtOps.SystemTests;

/// <summary>Whatever goes wrong, a person in a browser reads a page and a program reads ProblemDetails.</summary>
public sealed class ErrorPageTests() : AppTests(Engine.Sqlite)
{
    protected override void Prepare(TestAppOptions options) => options.Settings["CourtOps:Limits:Person"] = "20";

    [TestCase("judge", "/nothing", 404, "找不到这个页面")]
    [TestCase("judge", "/keys", 403, "您没有权限做这件事")]
    [TestCase("judge", "/cases/1", 404, "找不到")]
    [TestCase("judge", "/documents/1/content", 404, "找不到")]
    [TestCase("sysadmin", "/documents/1/content", 403, "您没有权限做这件事")]
    [TestCase("judge", "/orders?before=x&n=y", 200, "工单")]
    public async Task A_browser_gets_a_page(string person, string path, int status, string words)
    {
        var answer = await (await App.SignedIn(person)).GetAsync(new Uri(path, UriKind.Relative));
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(words).And.Contain("<html"));
    }

    [Test]
    public async Task Who_asks_too_often_reads_when_to_come_back()
    {
        var judge = await App.SignedIn("judge");
        HttpResponseMessage answer;
        var asked = 0;
        do answer = await judge.GetAsync(new Uri("/account", UriKind.Relative));
        while (answer.StatusCode == HttpStatusCode.OK && ++asked < 40);
        Assert.That((int)answer.StatusCode, Is.EqualTo(429));
        Assert.That(answer.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("请求太频繁").And.Contain("请一分钟后再试"));
        Assert.That(
            (await (await App.SignedIn("judge2")).GetAsync(new Uri("/account", UriKind.Relative))).StatusCode,
            Is.EqualTo(HttpStatusCode.OK),
            "nobody else waits"
        );
    }

    [TestCase("Data.DailyHour", "abc", "“abc”不是有效的值")]
    [TestCase("Data.DailyHour", "", "有一项必填的内容是空的")]
    [TestCase("Data.DailyHour", "99999999999999999999", "不是有效的值")]
    public async Task What_cannot_be_read_is_said_and_nothing_is_done(string field, string value, string words)
    {
        var judge = await App.SignedIn("judge");
        var answer = await TestApp.PostForm(
            judge,
            "/notices/settings",
            "/notices/settings",
            ("Data.Pace", "daily"),
            ("Data.Email", "a@example.org"),
            (field, value)
        );
        Assert.That((int)answer.StatusCode, Is.EqualTo(422));
        Assert.That(WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), Does.Contain(words).And.Contain("<form"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_digest"), Is.Zero);
    }

    [Test]
    public async Task An_address_with_what_cannot_be_read_is_said_in_chinese()
    {
        var auditor = await App.SignedIn("auditor");
        Assert.That(
            WebUtility.HtmlDecode(await auditor.GetStringAsync(new Uri("/audit?from=2026-02-31", UriKind.Relative))),
            Does.Contain("“2026-02-31”不是有效的值")
        );
        Assert.That(await auditor.GetStringAsync(new Uri("/audit", UriKind.Relative)), Does.Not.Contain("validation-summary-errors"));
    }

    [TestCase("/api/v1/nothing", 404)]
    [TestCase("/api/v1/cases/1", 404)]
    [TestCase("/api/v1/orders/x", 404)]
    [TestCase("/api/v1/documents/1/content", 404)]
    public async Task A_program_gets_problem_details(string path, int status)
    {
        var answer = await (await App.WithKey("judge")).GetAsync(new Uri(path, UriKind.Relative));
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("\"status\":404").And.Not.Contain("   at "));
    }
}
