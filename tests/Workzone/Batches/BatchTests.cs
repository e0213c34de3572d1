using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.Seeding;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Batches;

/// <summary>One step on many orders: outcomes, refusals, rights, resuming, cancelling.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class BatchTests(Engine engine) : AppTests(engine)
{
    private async Task<List<long>> Queued(int orders = 1500)
    {
        await App.As(null).In(s => s.GetRequiredService<ISeeder>().FillAsync(20, orders, 3, _ => { }, default));
        return [.. await App.Rows<long>("SELECT id FROM workzone_order WHERE state = 'queued' ORDER BY id")];
    }

    private async Task<(int Done, int Refused, int Waiting)> Outcomes(long batch)
    {
        var rows = await App.As(null).Rows<string>("SELECT outcome FROM workzone_batch_item WHERE batch_id = @batch", new { batch });
        return (rows.Count(r => r == "done"), rows.Count(r => r == "refused"), rows.Count(r => r == "waiting"));
    }

    [Test]
    public async Task Every_order_has_an_outcome_and_the_lead_a_notice()
    {
        var queued = await Queued();
        var closed = await App.As(null).Value<long>("SELECT MIN(id) FROM workzone_order WHERE state = 'closed'");
        var clerk2 = await App.IdOf("clerk2");
        var batch = await App.As("lead").Send(new CreateBatch { Step = OrderStep.Assign, OrderIds = [.. queued, closed, queued[0]], PersonId = clerk2 });
        Assert.That(await Outcomes(batch), Is.EqualTo((0, 0, queued.Count + 1)), "nothing is done in the request; the same order counts once");
        await App.DrainAsync();
        var shown = await App.As("lead").Send(new ShowBatch { Id = batch, Outcome = "refused" });
        Assert.That((shown.Batch.State, shown.Batch.DoneCount, shown.Batch.RefusedCount), Is.EqualTo(("done", queued.Count, 1)));
        Assert.That((shown.Items.Single().OrderId, shown.Items.Single().Reason), Is.EqualTo((closed, "工单现在是“已办结”，这一步不能办。请刷新后再看可办的步骤。")));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order WHERE state = 'assigned' AND assignee_id = @clerk2 AND version = 2", new { clerk2 }), Is.GreaterThanOrEqualTo(queued.Count));
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_node WHERE step = 'assign' AND order_id = @id", new { id = queued[0] }), Is.EqualTo(1));
        Assert.That((await App.As("lead").Send(new ListNotices())).Notices.Single().Kind, Is.EqualTo(NoticeKinds.Batch));
        Assert.That((await App.As("clerk2").Send(new ListNotices())).Notices.Single().Kind, Is.EqualTo(NoticeKinds.BatchAssigned), "told once, not a thousand times");
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_audit WHERE object_type = 'order' AND object_id = @id AND result = 'done'", new { id = $"{closed}" }), Is.Zero, "what was refused is not recorded as done");
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task A_process_that_ends_between_chunks_leaves_each_order_done_once()
    {
        var queued = await Queued(8000);
        Assert.That(queued, Has.Count.GreaterThan(RunBatchChunk.Size), "more than one chunk");
        var batch = await App.As("lead").Send(new CreateBatch { Step = OrderStep.Assign, OrderIds = queued, PersonId = await App.IdOf("clerk") });
        // the work is claimed and one chunk committed; then the process is gone
        await App.As(null).Change("UPDATE kernel_work SET state = 'claimed', attempts = 1, lease_until = @until WHERE queue = 'workzone.batch'", new { until = TestClock.Monday.AddSeconds(60) });
        Assert.That(await App.As("lead").Send(new RunBatchChunk { Id = batch }), Is.True);
        Assert.That((await Outcomes(batch)).Done, Is.EqualTo(RunBatchChunk.Size));
        await App.DrainAsync();
        Assert.That((await Outcomes(batch)).Done, Is.EqualTo(RunBatchChunk.Size), "the lease still runs");
        App.Advance(TimeSpan.FromSeconds(61));
        await App.DrainAsync();
        Assert.That(await Outcomes(batch), Is.EqualTo((queued.Count, 0, 0)));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM (SELECT order_id FROM workzone_node WHERE step = 'assign' AND order_id IN (SELECT order_id FROM workzone_batch_item) GROUP BY order_id HAVING COUNT(*) <> 1) twice"), Is.Zero);
    }

    [Test]
    public async Task A_chunk_that_is_rolled_back_is_done_again_whole()
    {
        var queued = (await Queued())[..10];
        var batch = await App.As("lead").Send(new CreateBatch { Step = OrderStep.Assign, OrderIds = queued, PersonId = await App.IdOf("clerk") });
        await Assert.ThatAsync(() => App.As("lead").In(async s =>
        {
            var db = s.GetRequiredService<Kernel.Data.Db>();
            await db.BeginAsync();
            await s.GetRequiredService<MediatR.IMediator>().Send(new RunBatchChunk { Id = batch });
            throw new IOException("the disk is full");
        }), Throws.TypeOf<IOException>());
        Assert.That(await Outcomes(batch), Is.EqualTo((0, 0, queued.Count)));
        await App.DrainAsync();
        Assert.That(await Outcomes(batch), Is.EqualTo((queued.Count, 0, 0)));
    }

    [Test]
    public async Task It_runs_with_the_rights_of_the_person_at_the_time_it_runs()
    {
        var queued = (await Queued())[..5];
        var byJudge = await App.As("clerk").Send(new CreateBatch { Step = OrderStep.Assign, OrderIds = queued, PersonId = await App.IdOf("clerk2") });
        var elsewhere = await App.As("clerk-yanji").Send(new CreateBatch { Step = OrderStep.Comment, OrderIds = queued, Words = "看看" });
        await App.DrainAsync();
        Assert.That((await Outcomes(byJudge)).Refused, Is.EqualTo(5), "a clerk does not assign");
        Assert.That((await Outcomes(elsewhere)).Refused, Is.EqualTo(5), "another court does not know them");
        Assert.That((await App.As("clerk-yanji").Send(new ShowBatch { Id = elsewhere })).Items.Select(i => i.Number + i.Title + i.State), Is.All.Empty, "and is shown nothing of them");
        await Assert.ThatAsync(() => App.As("clerk").Send(new ShowBatch { Id = elsewhere }), Throws.TypeOf<NotFound>());
        var left = await App.As("lead").Send(new CreateBatch { Step = OrderStep.Assign, OrderIds = queued, PersonId = await App.IdOf("clerk") });
        await App.As(null).Change("UPDATE workzone_person SET state = 'left' WHERE login = 'lead'");
        App.Advance(TimeSpan.FromSeconds(10));
        await App.DrainAsync();
        Assert.That(await Outcomes(left), Is.EqualTo((0, 5, 0)));
    }

    [Test]
    public async Task What_is_cancelled_is_not_done_and_what_is_done_stays()
    {
        var queued = await Queued(8000);
        var batch = await App.As("lead").Send(new CreateBatch { Step = OrderStep.Assign, OrderIds = queued, PersonId = await App.IdOf("clerk") });
        await App.Send(new RunBatchChunk { Id = batch });
        await App.Send(new CancelBatch { Id = batch });
        await App.DrainAsync();
        var shown = (await App.As("lead").Send(new ShowBatch { Id = batch })).Batch;
        Assert.That((shown.State, shown.DoneCount), Is.EqualTo(("cancelled", RunBatchChunk.Size)));
        await Assert.ThatAsync(() => App.As("lead").Send(new CancelBatch { Id = batch }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(() => App.As("clerk").Send(new CancelBatch { Id = batch }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task Input_that_cannot_be_is_refused_before_anything_is_written()
    {
        var one = await Queued(200);
        App.As("lead");
        foreach (var wrong in new CreateBatch[] { new() { Step = "open", OrderIds = one }, new() { Step = OrderStep.Assign, OrderIds = one }, new() { Step = OrderStep.Comment, OrderIds = one }, new() { Step = OrderStep.Escalate, Words = "急" }, new() { Step = OrderStep.Pause, OrderIds = one, Words = "等", WakeAt = TestClock.Monday.AddDays(-1) } })
            await Assert.ThatAsync(() => App.Send(wrong), Throws.TypeOf<FluentValidation.ValidationException>(), wrong.Step);
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_batch"), Is.Zero);
    }

    [Test]
    public async Task A_program_starts_one_for_a_whole_queue_and_asks_how_it_went()
    {
        var queued = await Queued(400);
        using var content = new StringContent($$"""{"step":"assign","filter":"view=centre&state=queued","personId":{{await App.IdOf("clerk")}}}""", System.Text.Encoding.UTF8, "application/json");
        var program = await App.WithKey("lead");
        var answer = await program.PostAsync(new Uri("/api/v1/work-orders:batch", UriKind.Relative), content);
        Assert.That((int)answer.StatusCode, Is.EqualTo(202), await answer.Content.ReadAsStringAsync());
        await App.DrainAsync();
        Assert.That(await program.GetStringAsync(answer.Headers.Location), Does.Contain("\"state\":\"done\"").And.Contain($"\"done\":{queued.Count}"));
    }

    [Test]
    public async Task The_pages_show_the_form_and_the_result()
    {
        var queued = (await Queued(200))[..3];
        var browser = await App.SignedIn("lead");
        var page = "/batches/new?step=escalate&" + string.Join('&', queued.Select(i => $"ids={i}"));
        Assert.That(await browser.GetStringAsync(new Uri(page, UriKind.Relative)), Does.Contain("3 张工单，其中 3 张的状态允许这一步"));
        var refused = await TestApp.PostForm(browser, page, "/batches/new", [("Data.Step", "escalate"), .. queued.Select(i => ("ids", $"{i}"))]);
        Assert.That((int)refused.StatusCode, Is.EqualTo(422));
        var posted = await TestApp.PostForm(browser, page, "/batches/new", [("Data.Step", "escalate"), ("Data.Words", "临近开庭"), .. queued.Select(i => ("ids", $"{i}"))]);
        await App.DrainAsync();
        Assert.That(await browser.GetStringAsync(posted.Headers.Location), Does.Contain("共 3 张：成功 3，未办 0"));
        Assert.That(await browser.GetStringAsync(new Uri("/batches", UriKind.Relative)), Does.Contain("已办完"));
    }
}
