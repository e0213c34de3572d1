using System.Text.RegularExpressions;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Access;

/// <summary>The event stream over HTTP: ids of cases and orders reach those alone who were let at them.</summary>
public sealed partial class EventAccessTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task A_stranger_hears_that_something_changed_and_of_what_only_who_may_see_it()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var judge = await App.SignedIn("judge");
        var stranger = await App.SignedIn("clerk-yanji");
        Assert.That((int)(await judge.GetAsync(Url($"/cases/{order.CaseId}"))).StatusCode, Is.EqualTo(200));
        Assert.That((int)(await judge.GetAsync(Url($"/orders/{order.OrderId}"))).StatusCode, Is.EqualTo(200));
        Assert.That((int)(await stranger.GetAsync(Url($"/orders/{order.OrderId}"))).StatusCode, Is.EqualTo(404));
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var inside = await OpenAsync(judge, end.Token);
        var outside = await OpenAsync(stranger, end.Token);

        await App.As("clerk")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Comment,
                    Words = "已联系",
                }
            );
        Assert.That(await UntilAsync(inside, "orders", end.Token), Is.SupersetOf(new[] { $"order:{order.OrderId}", "orders" }));
        Assert.That((await UntilAsync(outside, "orders", end.Token)).Where(t => t.Contains(':', StringComparison.Ordinal)), Is.Empty);

        await App.As("leader")
            .Send(
                new Recuse
                {
                    CaseId = order.CaseId,
                    Login = "judge",
                    Reason = "与当事人有近亲属关系",
                }
            );
        await App.As("clerk")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Comment,
                    Words = "再联系",
                }
            );
        var after = await UntilAsync(inside, "orders", end.Token);
        Assert.That(after, Does.Not.Contain($"order:{order.OrderId}"), "a recused person hears no more of it");
    }

    [Test]
    public async Task A_page_that_was_open_before_a_seal_or_a_recusal_looks_again_though_its_stream_comes_after_it_and_hears_no_more()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        foreach (
            var (login, close) in new (string, Func<Task>)[]
            {
                (
                    "assistant",
                    () =>
                        App.As("leader")
                            .Send(
                                new Recuse
                                {
                                    CaseId = order.CaseId,
                                    Login = "assistant",
                                    Reason = "同学",
                                }
                            )
                ),
                ("leader", () => App.As("judge").Send(new SealCase { CaseId = order.CaseId, Reason = "未成年人" })),
            }
        )
        {
            var browser = await App.SignedIn(login);
            var page = Since().Match(await browser.GetStringAsync(Url($"/cases/{order.CaseId}"))).Groups[1].Value;
            await close();
            await App.As("clerk")
                .Send(
                    new TakeStep
                    {
                        Id = order.OrderId,
                        Step = OrderStep.Comment,
                        Words = "已联系",
                    }
                );
            var late = await UntilAsync(await OpenAsync(browser, end.Token, page), "orders", end.Token);
            Assert.That(late.Count(t => t == $"case:{order.CaseId}"), Is.EqualTo(1), $"{login} looks again");
            Assert.That((int)(await browser.GetAsync(Url($"/cases/{order.CaseId}"))).StatusCode, Is.EqualTo(404));
            var stream = await OpenAsync(browser, end.Token);
            await App.As("clerk")
                .Send(
                    new TakeStep
                    {
                        Id = order.OrderId,
                        Step = OrderStep.Comment,
                        Words = "再联系",
                    }
                );
            Assert.That(
                (await UntilAsync(stream, "orders", end.Token)).Where(t => t.Contains(':', StringComparison.Ordinal)),
                Is.Empty,
                $"{login} hears no more"
            );
        }
    }

    [Test]
    public async Task A_stream_ends_with_the_session_that_opened_it()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var browser = await App.SignedIn("judge");
        await browser.GetAsync(Url($"/orders/{order.OrderId}"), end.Token);
        var stream = await OpenAsync(browser, end.Token);
        Assert.That((int)(await TestApp.PostForm(browser, "/account", "/sign-out")).StatusCode, Is.EqualTo(302));
        await App.As("clerk")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Comment,
                    Words = "已联系",
                }
            );
        Assert.That(await stream.ReadToEndAsync(end.Token), Does.Not.Contain("order"), "whoever left hears nothing more, and the stream is over");
    }

    // from the mark of a page on: what is said before the listener is there is told too
    private async Task<StreamReader> OpenAsync(HttpClient browser, CancellationToken ct, string? since = null)
    {
        var answer = await browser.GetAsync(
            Url("/events?since=" + (since ?? App.Services.GetRequiredService<Changes>().Mark)),
            HttpCompletionOption.ResponseHeadersRead,
            ct
        );
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
        Assert.That(await reader.ReadLineAsync(ct), Is.EqualTo("retry: 3000"));
        return reader;
    }

    private static async Task<List<string>> UntilAsync(StreamReader stream, string last, CancellationToken ct)
    {
        var topics = new List<string>();
        while (topics.Count == 0 || topics[^1] != last)
            if (await stream.ReadLineAsync(ct) is { } line && line.StartsWith("data: ", StringComparison.Ordinal))
                topics.Add(line[6..]);
        return topics;
    }

    private static Uri Url(string path) => new(path, UriKind.Relative);

    [GeneratedRegex("name=\"events\" content=\"/events\\?since=([^\"]+)\"")]
    private static partial Regex Since();
}
