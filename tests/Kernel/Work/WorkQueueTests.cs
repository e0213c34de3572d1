using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Work;

/// <summary>A queue that does what the test says.</summary>
internal sealed class Script
{
    public Queue<Func<WorkOutcome>> Acts { get; } = new();

    public List<string> Recorded { get; } = [];

    public int Done { get; set; }

    public bool RecordFails { get; set; }

    public int Conflicts { get; set; }
}

internal abstract class Scripted(Script script, string queue, bool repeatable) : IWorkHandler
{
    public string Queue => queue;

    public bool Repeatable => repeatable;

    public int MaxAttempts => 3;

    public TimeSpan Lease => TimeSpan.FromMinutes(1);

    public Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        script.Done++;
        return Task.FromResult(script.Acts.TryDequeue(out var act) ? act() : WorkOutcome.Done());
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (script.RecordFails)
            throw new InvalidOperationException("cannot be recorded");
        if (script.Conflicts-- > 0)
            throw new Conflict("somebody else");
        script.Recorded.Add($"{item.WorkKey} {outcome.End}");
        return Task.CompletedTask;
    }
}

internal sealed class Once(Script script) : Scripted(script, "test.once", false);

internal sealed class Often(Script script) : Scripted(script, "test.often", true);

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WorkQueueTests(Engine engine) : AppTests(engine)
{
    private readonly Script script = new();

    protected override void Prepare(TestAppOptions options) =>
        options.Services.Add(s =>
        {
            s.AddSingleton(script);
            s.AddScoped<IWorkHandler, Once>();
            s.AddScoped<IWorkHandler, Often>();
        });

    [Test]
    public async Task Work_is_done_once_and_its_key_is_taken_for_good()
    {
        Assert.That(await Add("test.once", "a"), Is.True);
        Assert.That(await Add("test.once", "a"), Is.False);
        await App.DrainAsync();
        Assert.That(await Add("test.once", "a"), Is.False);
        await App.DrainAsync();
        Assert.That(script.Done, Is.EqualTo(1));
    }

    [Test]
    public async Task Work_is_not_done_before_it_is_due()
    {
        await Add("test.once", "a", TestClock.Monday.AddMinutes(5));
        await App.DrainAsync();
        Assert.That(script.Done, Is.Zero);
        App.Advance(TimeSpan.FromMinutes(5));
        await App.DrainAsync();
        Assert.That(script.Done, Is.EqualTo(1));
    }

    [Test]
    public async Task It_is_tried_again_later_and_later_and_then_has_failed()
    {
        for (var i = 0; i < 3; i++)
            script.Acts.Enqueue(() => WorkOutcome.Retry("down"));
        await Add("test.once", "a");
        await App.DrainAsync();
        Assert.That(script.Done, Is.EqualTo(1));
        App.Advance(TimeSpan.FromSeconds(5));
        await App.DrainAsync();
        App.Advance(TimeSpan.FromSeconds(5));
        await App.DrainAsync();
        Assert.That(script.Done, Is.EqualTo(2), "the second pause is longer");
        App.Advance(TimeSpan.FromSeconds(10));
        await App.DrainAsync();
        Assert.That(script.Recorded, Is.EqualTo(new[] { "a Failed" }));
        Assert.That((await App.Verify("work")).Single().What, Is.EqualTo("down"));
        await App.As("sysadmin").Send(new RepeatWork { Id = await App.As(null).Value<long>("SELECT id FROM kernel_work"), Reason = "server is up" });
        await App.DrainAsync();
        Assert.That(script.Recorded, Is.EqualTo(new[] { "a Failed", "a Done" }));
        Assert.That(await App.Verify("work"), Is.Empty);
    }

    [Test]
    public async Task Waiting_uses_up_no_attempt_however_long_it_lasts()
    {
        for (var i = 0; i < 1000; i++)
            script.Acts.Enqueue(() => WorkOutcome.Wait("nothing there", TimeSpan.FromMinutes(2)));
        script.Acts.Enqueue(() => WorkOutcome.Retry("down"));
        await Add("test.once", "a");
        var pump = App.Services.GetRequiredService<WorkPump>();
        for (var i = 0; i < 1000; i++)
        {
            Assert.That(await pump.RunOneAsync(default), Is.True, $"turn {i}");
            App.Advance(TimeSpan.FromMinutes(2));
        }
        Assert.That(
            (script.Done, script.Recorded.Count, await State(), await App.As(null).Value<int>("SELECT attempts FROM kernel_work")),
            Is.EqualTo((1000, 0, "ready", 0))
        );
        Assert.That(await App.Verify("work"), Is.Empty);
        await App.DrainAsync();
        App.Advance(TimeSpan.FromSeconds(5)); // the first pause of a first attempt
        await App.DrainAsync();
        Assert.That(script.Recorded, Is.EqualTo(new[] { "a Done" }));
    }

    [TestCase("test.once", "doubt")]
    [TestCase("test.often", "ready")]
    public async Task An_act_that_threw_is_repeated_only_where_that_is_harmless(string queue, string state)
    {
        script.Acts.Enqueue(() => throw new InvalidOperationException("broke"));
        await Add(queue, "a");
        await App.DrainAsync();
        Assert.That(await State(), Is.EqualTo(state));
    }

    [TestCase("test.once", "doubt", 0)]
    [TestCase("test.often", "done", 1)]
    public async Task A_lease_that_ran_out_is_repeated_only_where_that_is_harmless(string queue, string state, int done)
    {
        await Add(queue, "a");
        await App.Change("UPDATE kernel_work SET state = 'claimed', attempts = 1, lease_until = @until", new { until = TestClock.Monday.AddMinutes(1) });
        await App.DrainAsync();
        Assert.That(await State(), Is.EqualTo("claimed"), "the holder may be at work still");
        App.Advance(TimeSpan.FromSeconds(61));
        await App.DrainAsync();
        Assert.That((await State(), script.Done), Is.EqualTo((state, done)));
    }

    [Test]
    public async Task What_cannot_be_recorded_is_kept_recorded_again_later_and_later_and_fails_in_the_end_without_a_second_act()
    {
        script.RecordFails = true;
        await Add("test.once", "a");
        await App.DrainAsync();
        Assert.That(await State(), Is.EqualTo("known"), "what was done is not forgotten, and no doubt");
        await Add("test.often", "b");
        script.RecordFails = false;
        await App.DrainAsync();
        Assert.That(script.Recorded, Is.EqualTo(new[] { "b Done" }), "the rest goes on, and the first waits for its pause");
        script.RecordFails = true;
        for (var i = 1; i < WorkPump.MaxRecordings; i++)
        {
            Assert.That(await State("test.once"), Is.EqualTo("known"), $"after {i}");
            App.Advance(TimeSpan.FromHours(1));
            await App.DrainAsync();
        }
        Assert.That((await State("test.once"), script.Done), Is.EqualTo(("failed", 2)), "one act each");
        Assert.That((await App.Verify("work")).Single().What, Is.EqualTo("cannot be recorded"));
        script.RecordFails = false;
        await App.As("sysadmin")
            .Send(new RepeatWork { Id = await App.As(null).Value<long>("SELECT id FROM kernel_work WHERE queue = 'test.once'"), Reason = "mended" });
        await App.DrainAsync();
        Assert.That((script.Recorded[^1], script.Done, await State("test.once")), Is.EqualTo(("a Done", 2, "done")), "recorded, not done once more");
    }

    [Test]
    public async Task Recording_that_meets_another_writer_is_repeated_at_once()
    {
        script.Conflicts = 2;
        await Add("test.once", "a");
        await App.DrainAsync();
        Assert.That((script.Done, await State()), Is.EqualTo((1, "done")));
        Assert.That(script.Recorded, Is.EqualTo(new[] { "a Done" }));
    }

    [Test]
    public async Task A_doubt_that_cannot_be_recorded_is_listed_all_the_same()
    {
        script.RecordFails = true;
        await Add("test.once", "a");
        await App.Change("UPDATE kernel_work SET state = 'claimed', attempts = 1, lease_until = @until", new { until = TestClock.Monday.AddMinutes(1) });
        App.Advance(TimeSpan.FromMinutes(2));
        await App.DrainAsync();
        Assert.That(await State(), Is.EqualTo("doubt"));
    }

    [Test]
    public async Task An_act_that_ends_its_host_each_time_fails_at_last()
    {
        await Add("test.often", "a");
        await App.Change("UPDATE kernel_work SET state = 'claimed', attempts = 3, lease_until = @until", new { until = TestClock.Monday.AddMinutes(1) });
        App.Advance(TimeSpan.FromMinutes(2));
        await App.DrainAsync();
        Assert.That((await State(), script.Done), Is.EqualTo(("failed", 0)));
    }

    [Test]
    public async Task A_queue_that_hangs_delays_no_other()
    {
        await Add("test.once", "1");
        await Add("test.once", "2");
        await Add("test.once", "3");
        await Add("test.often", "4");
        var pump = App.Services.GetRequiredService<WorkPump>();
        var held = new[] { (await pump.ClaimAsync(default))!, (await pump.ClaimAsync(default))! };
        Assert.That(held.Select(h => h.Queue), Is.All.EqualTo("test.once"), "two at once, as its handler says");
        var next = await pump.ClaimAsync(default);
        Assert.That(next?.Queue, Is.EqualTo("test.often"), "not the third of the same queue");
        Assert.That(await pump.RunOneAsync(default), Is.False);
        await pump.DoAsync(held[0], default);
        Assert.That((await pump.ClaimAsync(default))?.WorkKey, Is.EqualTo("3"), "there is room again");
    }

    [Test]
    public async Task Work_is_found_and_settled_by_its_key()
    {
        script.Acts.Enqueue(() => WorkOutcome.Doubt("perhaps"));
        await Add("test.once", "a");
        await App.DrainAsync();
        var (found, none, doubts) = await App.As(null)
            .In(async s =>
            {
                var work = s.GetRequiredService<WorkQueue>();
                return (await work.FindAsync("test.once", "a"), await work.FindAsync("test.once", "b"), await work.InDoubtAsync("test.once", 0, 10));
            });
        Assert.That((found!.IsDoubt, found.Reason, none, doubts.Single().WorkKey), Is.EqualTo((true, "perhaps", (WorkState?)null, "a")));
        Assert.That(await Settle(), Is.True);
        Assert.That((await State(), await Settle()), Is.EqualTo(("done", false)));
    }

    private Task<bool> Settle() =>
        App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                var settled = await s.GetRequiredService<WorkQueue>().SettleAsync("test.once", "a");
                await db.CommitAsync();
                return settled;
            });

    [Test]
    public async Task Two_pumps_do_a_thing_once()
    {
        for (var i = 0; i < 20; i++)
            await Add("test.once", $"{i:00}");
        var pump = App.Services.GetRequiredService<WorkPump>();
        await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (await pump.RunOneAsync(default)) { }
                    })
                )
        );
        await App.DrainAsync();
        Assert.That(script.Recorded.Order(), Is.EqualTo(Enumerable.Range(0, 20).Select(i => $"{i:00} Done")));
    }

    [Test]
    public async Task Work_of_an_absent_module_does_not_hold_up_the_rest()
    {
        for (var i = 0; i < 12; i++)
            await Add("absent.queue", $"{i}");
        App.Advance(TimeSpan.FromSeconds(1));
        await Add("test.once", "a");
        await App.DrainAsync();
        Assert.That(script.Recorded, Is.EqualTo(new[] { "a Done" }));
    }

    [Test]
    public async Task A_doubt_is_not_repeated_by_an_administrator()
    {
        script.Acts.Enqueue(() => WorkOutcome.Doubt("perhaps"));
        await Add("test.once", "a");
        await App.DrainAsync();
        var id = await App.As(null).Value<long>("SELECT id FROM kernel_work");
        await Assert.ThatAsync(() => App.As("sysadmin").Send(new RepeatWork { Id = id, Reason = "again" }), Throws.TypeOf<RuleBroken>());
    }

    private Task<string?> State(string queue) => App.As(null).Value<string>("SELECT state FROM kernel_work WHERE queue = @queue", new { queue });

    private Task<string?> State() => App.As(null).Value<string>("SELECT state FROM kernel_work");

    private Task<bool> Add(string queue, string key, DateTimeOffset? due = null) =>
        App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                var added = await s.GetRequiredService<WorkQueue>().AddAsync(queue, key, new { key }, due);
                await db.CommitAsync();
                return added;
            });
}
