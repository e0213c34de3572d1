using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Register;

/// <summary>One time line over all modules, by pages.</summary>
public sealed class CaseRecordTests() : AppTests(Engine.Sqlite)
{
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(200)]
    public async Task Pages_together_are_the_whole_in_order_each_line_once(int size)
    {
        var order = await App.Asked(1301, [SampleParty.Provided], accept: true);
        // many lines of one moment: the clock of the tests stands still
        foreach (var day in new[] { 10, 11, 12 })
            await App.As("judge")
                .Send(
                    new RecordCaseEvent
                    {
                        CaseId = order.CaseId,
                        Event = "panel-formed",
                        On = new DateOnly(2026, 2, day),
                    }
                );
        var all = new List<CaseRecord.Line>();
        for (string? after = null; ; )
        {
            var page = await App.As("judge")
                .Send(
                    new CaseRecord
                    {
                        CaseId = order.CaseId,
                        After = after,
                        Take = size,
                    }
                );
            Assert.That(page.Lines, Has.Count.LessThanOrEqualTo(size));
            all.AddRange(page.Lines);
            if (page.Next is null)
                break;
            after = page.Next;
        }
        Assert.That(all.Select(l => l.Mark), Is.Unique.And.Ordered);
        Assert.That(all.Select(l => l.At), Is.Ordered.Descending);
        var db = App.As(null);
        Assert.That(
            all.Count(l => l.Kind == "order"),
            Is.EqualTo(
                    await db.Value<int>(
                        "SELECT COUNT(*) FROM workzone_node n JOIN workzone_order o ON o.id = n.order_id WHERE o.case_id = @CaseId",
                        new { order.CaseId }
                    )
                )
                .And.GreaterThan(1)
        );
        Assert.That(
            all.Count(l => l.Kind == "document"),
            Is.EqualTo(await db.Value<int>("SELECT COUNT(*) FROM workzone_document WHERE case_id = @CaseId", new { order.CaseId })).And.GreaterThan(0)
        );
        Assert.That(
            all.Count(l => l.Kind == "event"),
            Is.EqualTo(await db.Value<int>("SELECT COUNT(*) FROM workzone_case_event WHERE case_id = @CaseId", new { order.CaseId })).And.GreaterThan(2)
        );
    }

    [Test]
    public async Task Only_who_sees_the_case_reads_it_and_one_kind_can_be_asked_for()
    {
        var order = await App.Asked(1302, [SampleParty.Provided], accept: false);
        Assert.That(() => App.As("judge2").Send(new CaseRecord { CaseId = order.CaseId }), Throws.TypeOf<NotFound>());
        Assert.That(
            (await App.As("judge").Send(new CaseRecord { CaseId = order.CaseId, Of = "documents" })).Lines.Select(l => l.Kind),
            Is.All.EqualTo("document").And.Not.Empty
        );
        Assert.That(
            (await App.As("judge").Send(new CaseRecord { CaseId = order.CaseId, After = "nonsense" })).Lines,
            Is.Not.Empty,
            "what is no mark begins at the start"
        );
        var judge = await App.SignedIn("judge");
        var page = await judge.GetAsync(new Uri($"/cases/{order.CaseId}/record", UriKind.Relative));
        Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await page.Content.ReadAsStringAsync(), Does.Contain("发起").And.Contain($"/orders/{order.OrderId}#node-1"));
    }
}
