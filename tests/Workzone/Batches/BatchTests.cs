using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.Rights;
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
        var batch = await App.As("lead")
            .Send(
                new CreateBatch
                {
                    Step = OrderStep.Assign,
                    OrderIds = [.. queued, closed, queued[0]],
                    PersonId = clerk2,
                }
            );
        Assert.That(await Outcomes(batch), Is.EqualTo((0, 0, queued.Count + 1)), "nothing is done in the request; the same order counts once");
        await App.DrainAsync();
        var shown = await App.As("lead").Send(new ShowBatch { Id = batch, Outcome = "refused" });
        Assert.That((shown.Batch.State, shown.Batch.DoneCount, shown.Batch.RefusedCount), Is.EqualTo(("done", queued.Count, 1)));
        Assert.That(
            (shown.Items.Single().OrderId, shown.Items.Single().Reason),
            Is.EqualTo((closed, "工单现在是“已办结”，这一步不能办。请刷新后再看可办的步骤。"))
        );
        Assert.That(
            await App.As(null)
                .Value<int>("SELECT COUNT(*) FROM workzone_order WHERE state = 'assigned' AND assignee_id = @clerk2 AND version = 2", new { clerk2 }),
            Is.GreaterThanOrEqualTo(queued.Count)
        );
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_node WHERE step = 'assign' AND order_id = @id", new { id = queued[0] }), Is.EqualTo(1));
        Assert.That((await App.As("lead").Send(new ListNotices())).Notices.Single().Kind, Is.EqualTo(NoticeKinds.Batch));
        Assert.That(
            (await App.As("clerk2").Send(new ListNotices())).Notices.Single().Kind,
            Is.EqualTo(NoticeKinds.BatchAssigned),
            "told once, not a thousand times"
        );
        Assert.That(
            await App.As(null)
                .Value<int>("SELECT COUNT(*) FROM kernel_audit WHERE object_type = 'order' AND object_id = @id AND result = 'done'", new { id = $"{closed}" }),
            Is.Zero,
            "what was refused is not recorded as done"
        );
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task A_process_that_ends_between_chunks_leaves_each_order_done_once()
    {
        var queued = await Queued(8000);
        Assert.That(queued, Has.Count.GreaterThan(RunBatchChunk.Size), "more than one chunk");
        var batch = await App.As("lead")
            .Send(
                new CreateBatch
                {
                    Step = OrderStep.Assign,
                    OrderIds = queued,
                    PersonId = await App.IdOf("clerk"),
                }
            );
        // the work is claimed and one chunk committed; then the process is gone
        await App.As(null)
            .Change(
                "UPDATE kernel_work SET state = 'claimed', attempts = 1, lease_until = @until WHERE queue = 'workzone.batch'",
                new { until = TestClock.Monday.AddSeconds(60) }
            );
        Assert.That(await App.As("lead").Send(new RunBatchChunk { Id = batch }), Is.True);
        Assert.That((await Outcomes(batch)).Done, Is.EqualTo(RunBatchChunk.Size));
        await App.DrainAsync();
        Assert.That((await Outcomes(batch)).Done, Is.EqualTo(RunBatchChunk.Size), "the lease still runs");
        App.Advance(TimeSpan.FromSeconds(61));
        await App.DrainAsync();
        Assert.That(await Outcomes(batch), Is.EqualTo((queued.Count, 0, 0)));
        Assert.That(
            await App.As(null)
                .Value<int>(
                    "SELECT COUNT(*) FROM (SELECT order_id FROM workzone_node WHERE step = 'assign' AND order_id IN (SELECT order_id FROM "
                        + "workzone_batch_item) GROUP BY order_id HAVING COUNT(*) <> 1) twice"
                ),
            Is.Zero
        );
    }

    [Test]
    public async Task A_chunk_that_is_rolled_back_is_done_again_whole()
    {
        var queued = (await Queued())[..10];
        var batch = await App.As("lead")
            .Send(
                new CreateBatch
                {
                    Step = OrderStep.Assign,
                    OrderIds = queued,
                    PersonId = await App.IdOf("clerk"),
                }
            );
        await Assert.ThatAsync(
            () =>
                App.As("lead")
                    .In(async s =>
                    {
                        var db = s.GetRequiredService<Kernel.Data.Db>();
                        await db.BeginAsync();
                        await s.GetRequiredService<MediatR.IMediator>().Send(new RunBatchChunk { Id = batch });
                        throw new IOException("the disk is full");
                    }),
            Throws.TypeOf<IOException>()
        );
        Assert.That(await Outcomes(batch), Is.EqualTo((0, 0, queued.Count)));
        await App.DrainAsync();
        Assert.That(await Outcomes(batch), Is.EqualTo((queued.Count, 0, 0)));
    }

    [Test]
    public async Task It_runs_with_the_rights_of_the_person_at_the_time_it_runs()
    {
        var queued = (await Queued())[..5];
        var byJudge = await App.As("clerk")
            .Send(
                new CreateBatch
                {
                    Step = OrderStep.Assign,
                    OrderIds = queued,
                    PersonId = await App.IdOf("clerk2"),
                }
            );
        var elsewhere = await App.As("clerk-yanji")
            .Send(
                new CreateBatch
                {
                    Step = OrderStep.Comment,
                    OrderIds = queued,
                    Words = "看看",
                }
            );
        await App.DrainAsync();
        Assert.That((await Outcomes(byJudge)).Refused, Is.EqualTo(5), "a clerk does not assign");
        Assert.That((await Outcomes(elsewhere)).Refused, Is.EqualTo(5), "another court does not know them");
        Assert.That(
            (await App.As("clerk-yanji").Send(new ShowBatch { Id = elsewhere })).Items.Select(i => i.Number + i.Title + i.State),
            Is.All.Empty,
            "and is shown nothing of them"
        );
        await Assert.ThatAsync(() => App.As("clerk").Send(new ShowBatch { Id = elsewhere }), Throws.TypeOf<NotFound>());
        var left = await App.As("lead")
            .Send(
                new CreateBatch
                {
                    Step = OrderStep.Assign,
                    OrderIds = queued,
                    PersonId = await App.IdOf("clerk"),
                }
            );
        await App.As(null).Change("UPDATE workzone_person SET state = 'left' WHERE login = 'lead'");
        App.Advance(TimeSpan.FromSeconds(10));
        await App.DrainAsync();
        Assert.That(await Outcomes(left), Is.EqualTo((0, 5, 0)));
    }

    [Test]
    public async Task It_does_nothing_the_key_it_was_started_with_may_not_do()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        foreach (
            var (only, done) in new[]
            {
                (new[] { "workzone.orders.read", "workzone.orders.step" }, 0),
                (["workzone.orders.read", "workzone.orders.step", "service.work"], 1),
            }
        )
        {
            var (program, _) = await NarrowedAsync("clerk", only);
            using var content = new StringContent($$"""{"step":"accept","orderIds":[{{order.OrderId}}]}""", System.Text.Encoding.UTF8, "application/json");
            if (done == 0)
                Assert.That(
                    (int)(await program.PostAsync(new Uri($"/api/v1/work-orders/{order.OrderId}:accept", UriKind.Relative), null)).StatusCode,
                    Is.EqualTo(403),
                    "one order"
                );
            var answer = await program.PostAsync(new Uri("/api/v1/work-orders:batch", UriKind.Relative), content);
            Assert.That((int)answer.StatusCode, Is.EqualTo(202), await answer.Content.ReadAsStringAsync());
            await App.DrainAsync();
            Assert.That(
                await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order WHERE id = @OrderId AND state = 'accepted'", new { order.OrderId }),
                Is.EqualTo(done),
                "as many orders in a batch"
            );
        }
    }

    [Test]
    public async Task It_ends_with_the_key_it_was_started_with()
    {
        var queued = (await Queued())[..3];
        var (program, key) = await NarrowedAsync("lead", ["workzone.orders.read", "workzone.orders.step"]);
        using var content = new StringContent(
            $$"""{"step":"escalate","words":"急","orderIds":[{{string.Join(',', queued)}}]}""",
            System.Text.Encoding.UTF8,
            "application/json"
        );
        await program.PostAsync(new Uri("/api/v1/work-orders:batch", UriKind.Relative), content);
        await App.As("secadmin").Send(new RevokeKey { Id = key });
        await App.DrainAsync();
        Assert.That(
            await App.As(null).Rows<string>("SELECT CONCAT(outcome, ' ', reason) FROM workzone_batch_item"),
            Is.EqualTo(Enumerable.Repeat("refused 发起时所用的密钥已吊销或过期。", 3))
        );
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_order WHERE escalated = 1 AND id IN @queued", new { queued }), Is.Zero);
    }

    [TestCase(true, ExpectedResult = 3, TestName = "It_runs_in_the_court_it_was_started_in")]
    [TestCase(false, ExpectedResult = 0, TestName = "It_ends_with_the_role_in_the_court_it_was_started_in")]
    public async Task<int> In_a_second_court(bool keepsTheRole)
    {
        var queued = (await Queued())[..3];
        var (person, court) = (await App.IdOf("clerk-yanji"), await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2424'"));
        await App.In(async s =>
        {
            var db = s.GetRequiredService<Kernel.Data.Db>();
            await db.BeginAsync();
            await s.GetRequiredService<RightsBook>()
                .GrantAsync(
                    person,
                    [
                        new RoleGrant
                        {
                            Role = "lead",
                            Centre = "service",
                            CourtId = court,
                        },
                    ],
                    "test",
                    "test",
                    null,
                    default
                );
            await db.CommitAsync();
            // changed over to the second court
            s.GetRequiredService<Kernel.Security.Actor>()
                .ActAs(Kernel.Security.ActorKind.Person, (await s.GetRequiredService<PersonCache>().FindAsync(db, person, court, App.Clock))!.Rights);
            await s.GetRequiredService<MediatR.IMediator>()
                .Send(
                    new CreateBatch
                    {
                        Step = OrderStep.Escalate,
                        Words = "急",
                        OrderIds = queued,
                    }
                );
        });
        if (!keepsTheRole)
            await App.As("secadmin")
                .Send(
                    new TakeRole
                    {
                        PersonId = person,
                        Code = "lead:service",
                        CourtId = court,
                    }
                );
        await App.DrainAsync();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_batch_item WHERE outcome = 'done'"), Is.EqualTo(keepsTheRole ? 3 : 0));
        return await App.Value<int>("SELECT COUNT(*) FROM workzone_order WHERE escalated = 1 AND id IN @queued", new { queued });
    }

    private async Task<(HttpClient Program, long Key)> NarrowedAsync(string login, IReadOnlyList<string> only)
    {
        var person = await App.IdOf(login);
        var secret = await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Kernel.Data.Db>();
                await db.BeginAsync();
                var made = await s.GetRequiredService<KeyMaker>().MakeAsync(new KeyBody(person, login, "test", null, only, 600, 30), default);
                await db.CommitAsync();
                return made;
            });
        var program = await App.Http();
        program.DefaultRequestHeaders.Add("X-Api-Key", secret);
        return (program, await App.Value<long>("SELECT MAX(id) FROM workzone_api_key"));
    }

    [Test]
    public async Task What_is_cancelled_is_not_done_and_what_is_done_stays()
    {
        var queued = await Queued(8000);
        var batch = await App.As("lead")
            .Send(
                new CreateBatch
                {
                    Step = OrderStep.Assign,
                    OrderIds = queued,
                    PersonId = await App.IdOf("clerk"),
                }
            );
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
        foreach (
            var wrong in new CreateBatch[]
            {
                new() { Step = "open", OrderIds = one },
                new() { Step = OrderStep.Assign, OrderIds = one },
                new() { Step = OrderStep.Comment, OrderIds = one },
                new() { Step = OrderStep.Escalate, Words = "急" },
                new()
                {
                    Step = OrderStep.Pause,
                    OrderIds = one,
                    Words = "等",
                    WakeAt = TestClock.Monday.AddDays(-1),
                },
            }
        )
            await Assert.ThatAsync(() => App.Send(wrong), Throws.TypeOf<FluentValidation.ValidationException>(), wrong.Step);
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_batch"), Is.Zero);
    }

    [Test]
    public async Task A_program_starts_one_for_a_whole_queue_and_asks_how_it_went()
    {
        var queued = await Queued(400);
        using var content = new StringContent(
            $$"""{"step":"assign","filter":"view=centre&state=queued","personId":{{await App.IdOf("clerk")}}}""",
            System.Text.Encoding.UTF8,
            "application/json"
        );
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
        var posted = await TestApp.PostForm(
            browser,
            page,
            "/batches/new",
            [("Data.Step", "escalate"), ("Data.Words", "临近开庭"), .. queued.Select(i => ("ids", $"{i}"))]
        );
        await App.DrainAsync();
        Assert.That(await browser.GetStringAsync(posted.Headers.Location), Does.Contain("共 3 张：成功 3，未办 0"));
        Assert.That(await browser.GetStringAsync(new Uri("/batches", UriKind.Relative)), Does.Contain("已办完"));
    }
}
