using System.Net;
using System.Net.Http.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Messaging;

/// <summary>A post that comes twice, because its caller did not hear the answer.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class IdempotencyTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task The_same_post_again_gets_the_first_answer_and_changes_nothing()
    {
        var (judge, body) = await Request();
        var first = await Post(judge, body, "k1");
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        var again = await Post(judge, body, "k1");
        Assert.That(again.IsSuccessStatusCode, Is.True);
        Assert.That(again.Headers.Contains("Idempotency-Replayed"), Is.True);
        Assert.That(await again.Content.ReadAsStringAsync(), Is.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_step_of_an_order_is_answered_the_same_way_again()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        var clerk = await App.WithKey("clerk");
        var first = await Post(clerk, new { }, "k1", $"/api/v1/work-orders/{order.OrderId}:accept");
        var again = await Post(clerk, new { }, "k1", $"/api/v1/work-orders/{order.OrderId}:accept");
        Assert.That(await again.Content.ReadAsStringAsync(), Is.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That((int)again.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task An_answer_whose_transaction_was_undone_is_kept_by_the_next() =>
        await App.As("judge")
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                var answers = s.GetRequiredService<Idempotency>();
                Assert.That(await answers.FindAsync("k1", "words", default), Is.Null);
                await db.BeginAsync();
                await answers.KeepAsync("first", default);
                await db.RollbackAsync(); // a deadlock at the commit
                answers.Undone();
                await db.BeginAsync();
                await answers.KeepAsync("second", default);
                await db.CommitAsync();
                Assert.That((await answers.FindAsync("k1", "words", default))?.Json, Does.Contain("second"));
            });

    [Test]
    public async Task A_key_used_for_something_else_is_a_conflict()
    {
        var (judge, body) = await Request();
        await Post(judge, body, "k1");
        var other = await Post(
            judge,
            new
            {
                caseId = "1",
                documentIds = new[] { "2" },
                partyIds = new[] { "3" },
            },
            "k1"
        );
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
    }

    [Test]
    public async Task A_key_belongs_to_who_used_it()
    {
        var (judge, body) = await Request();
        await Post(judge, body, "k1");
        var stranger = await App.WithKey("judge-yanji");
        var answer = await Post(stranger, body, "k1");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_refused_post_may_be_made_again_with_the_same_key()
    {
        var (judge, body) = await Request();
        var registrar = await App.WithKey("registrar");
        Assert.That((await Post(registrar, body, "k1")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Post(judge, body, "k1")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task A_cookie_changes_nothing_through_the_api()
    {
        var (_, body) = await Request();
        var browser = await App.SignedIn("judge");
        Assert.That((await Post(browser, body, "k1")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await (await App.Http()).GetAsync(new Uri("/api/v1/cases", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private async Task<(HttpClient Judge, object Body)> Request()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var document = await App.Document(caseId);
        var party = await App.PartyId(caseId, "王某乙");
        return (
            await App.WithKey("judge"),
            new
            {
                caseId = $"{caseId}",
                documentIds = new[] { $"{document}" },
                partyIds = new[] { $"{party}" },
            }
        );
    }

    private static async Task<HttpResponseMessage> Post(HttpClient client, object body, string key, string path = "/api/v1/service-requests")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request);
    }
}
