using System.Diagnostics;
using System.Net.Http.Json;
using CourtOps.ServiceOfDocuments.Post;
using CourtOps.ServiceOfDocuments.Settings;
using CourtOps.ServiceOfDocuments.Steward;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>How fast planning, labels and tracking are; printed, and held far below what is usual, so that a busy machine does not fail.</summary>
public sealed class FigureTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public void Planning_and_labels_are_quick()
    {
        var facts = new PlanFacts
        {
            Address = "obtained",
            Phone = true,
            Post = "confirmed",
        };
        var plan = Rate(20_000, _ => PlanRules.Steps(facts, PlanTable.Table.Decide(facts, PlanTable.Table.Default).Outcome));
        var labels = Rate(1_000, i => (Barcode.Svg(Barcode.Of(1_000_000 + i)), Barcode.QrSvg(Barcode.Of(1_000_000 + i))));
        TestContext.Out.WriteLine($"plans {plan:0}/s, labels {labels:0}/s");
        Assert.That(plan, Is.GreaterThan(2_000));
        Assert.That(labels, Is.GreaterThan(1_000.0 / 30));
    }

    [Test]
    public async Task Five_thousand_lines_of_tracking_are_taken_in_one_file()
    {
        var steps = new List<long>();
        var order = await App.Asked(1, [.. Enumerable.Range(1, 40).Select(i => SampleParty.Linked with { Name = $"某{i}", Phone = $"1390000{i:0000}" })]);
        foreach (var notice in order.Notices)
            steps.Add(await App.As(null).Value<long>("SELECT id FROM service_step WHERE notice_id = @notice AND channel = 'postal'", new { notice }));
        var text =
            "单号,时间,状态\n"
            + string.Join(
                '\n',
                Enumerable
                    .Range(0, 5_000)
                    .Select(i => $"{Barcode.Of(steps[i % 40])},2026-03-02 {i / 3600 % 9:00}:{i / 60 % 60:00}:{i % 60:00},到达处理中心 {i}")
            );
        var clock = Stopwatch.StartNew();
        var read = PostRules.Read(text, App.Clock.GetUtcNow());
        var result = await App.As("clerk").Send(new TakeTracking { Lines = read.Lines });
        TestContext.Out.WriteLine($"tracking {5_000 / clock.Elapsed.TotalSeconds:0} lines/s");
        Assert.That((read.Faults.Count, result.Count("news")), Is.EqualTo((0, 5_000)));
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(10));
    }

    [Test]
    public async Task The_api_does_what_the_pages_do_and_says_what_is_wrong()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        var clerk = await App.WithKey("clerk");
        var added = await clerk.PostAsJsonAsync(
            "/api/v1/service-addresses",
            new
            {
                caseId = order.CaseId,
                partyId = order.Parties[0],
                origin = "registered",
                address = "虚构省虚构县幸福路1号",
                warned = true,
                evidence = "户籍查询",
            }
        );
        Assert.That((int)added.StatusCode, Is.EqualTo(200), await added.Content.ReadAsStringAsync());
        Assert.That(
            await clerk.GetStringAsync(new Uri($"/api/v1/service-addresses?caseId={order.CaseId}&partyId={order.Parties[0]}", UriKind.Relative)),
            Does.Contain("虚构省虚构县***").And.Not.Contain("幸福路")
        );
        foreach (
            var (path, body) in new (string, string)[]
            {
                ("/api/v1/service-addresses", "null"),
                ("/api/v1/service-addresses", "{\"caseId\":1,\"usedOn\":\"9999-12-31\"}"),
                ("/api/v1/service-tracking", "[null]"),
                ("/api/v1/service-tracking", "[{\"tracking\":\"A\",\"event\":\"x\",\"at\":\"0001-01-01T00:00:00Z\"}]"),
                ("/api/v1/service-batches", "{\"stepIds\":[]}"),
                ($"/api/v1/service-tasks/{order.Tasks[0]}:plan", "{\"channel\":\"pigeon\",\"reason\":\"x\"}"),
                ("/api/v1/service-announcements", "{}"),
                ("/api/v1/service-confirmations", "{\"usedOn\":\"0001-01-01\"}"),
            }
        )
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            var answer = await clerk.PostAsync(new Uri(path, UriKind.Relative), content);
            Assert.That((int)answer.StatusCode, Is.InRange(400, 422), $"{path} {body}: {await answer.Content.ReadAsStringAsync()}");
        }
        var step = await App.As(null).Value<long>("SELECT id FROM service_step WHERE notice_id = @Notice AND channel = 'phone'", new { order.Notice });
        Assert.That(
            (int)(await clerk.PostAsJsonAsync($"/api/v1/service-steps/{step}:call", new { outcome = "reached", words = "本人收悉" })).StatusCode,
            Is.EqualTo(200)
        );
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
        Assert.That(await clerk.GetStringAsync(new Uri("/api/v1/service-board", UriKind.Relative)), Does.Contain("\"served\":1"));
    }

    private static double Rate(int n, Func<int, object> act)
    {
        act(0);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < n; i++)
            act(i);
        return n / clock.Elapsed.TotalSeconds;
    }
}
