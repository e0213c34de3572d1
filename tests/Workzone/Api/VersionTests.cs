using System.Net;
using System.Net.Http.Json;

namespace CourtOps.Workzone.Tests.Api;

/// <summary>If-Match: the caller says which state it saw.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class VersionTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_step_on_the_version_seen_is_taken_and_answers_the_next()
    {
        var (clerk, path, seen) = await Order();
        var done = await Post(clerk, path + ":accept", seen);
        Assert.That(done.StatusCode, Is.EqualTo(HttpStatusCode.OK), await done.Content.ReadAsStringAsync());
        Assert.That(done.Headers.ETag?.Tag, Is.Not.EqualTo(seen).And.EqualTo((await clerk.GetAsync(new Uri(path, UriKind.Relative))).Headers.ETag?.Tag));
    }

    [Test]
    public async Task A_step_on_an_older_version_is_a_conflict_that_says_who_was_first_and_when()
    {
        var (clerk, path, seen) = await Order();
        Assert.That((await Post(clerk, path + ":accept", seen)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var late = await Post(clerk, path + ":pause", seen, new { words = "later", wakeAt = App.Clock.GetUtcNow().AddDays(1) });
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(
            await late.Content.ReadAsStringAsync(),
            Does.Contain(await App.As(null).Value<string>("SELECT name FROM workzone_person WHERE login = 'clerk'")).And.Match(@"\d\d:\d\d")
        );
    }

    [TestCase("*", 200)]
    [TestCase("\"x\"", 422)]
    [TestCase("-1", 422)]
    [TestCase("W/\"1\"", 422)]
    [TestCase("\"99999999999\"", 422)]
    public async Task What_is_no_version_is_refused(string header, int status)
    {
        var (clerk, path, _) = await Order();
        var answer = await Post(clerk, path + ":accept", header);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status), await answer.Content.ReadAsStringAsync());
        if (status == 422)
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("If-Match"));
    }

    private async Task<(HttpClient Clerk, string Path, string Seen)> Order()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        var (clerk, path) = (await App.WithKey("clerk"), $"/api/v1/work-orders/{order.OrderId}");
        return (clerk, path, (await clerk.GetAsync(new Uri(path, UriKind.Relative))).Headers.ETag!.Tag);
    }

    private static async Task<HttpResponseMessage> Post(HttpClient client, string path, string version, object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body ?? new { }) };
        request.Headers.TryAddWithoutValidation("If-Match", version);
        return await client.SendAsync(request);
    }
}
