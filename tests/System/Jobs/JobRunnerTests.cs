using CourtOps.Host.Jobs;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Modules;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourtOps.SystemTests.Jobs;

public class JobRunnerTests
{
    private TestApp app = null!;
    private Gate gate = null!;

    [SetUp]
    public async Task Start()
    {
        gate = new Gate();
        app = await TestApp.StartAsync(prepare: o =>
            o.Services.Add(s =>
                s.AddSingleton(gate).AddScoped<GatedJob>().AddSingleton(new ModuleList([.. CourtOps.Host.CourtOpsApp.Modules, new JobModule()]))
            )
        );
        await app.Services.GetRequiredService<CourtOps.Host.Running.IdLease>().TakeAsync();
    }

    [TearDown]
    public async Task End()
    {
        gate.Open();
        await app.Services.GetRequiredService<CourtOps.Host.Running.IdLease>().DisposeAsync();
        await app.DisposeAsync();
    }

    [Test]
    public async Task A_job_does_not_overlap_itself_in_one_host_nor_on_two()
    {
        var (here, there) = (Runner(), Runner());
        var first = here.RunAsync("test.gated", null, default);
        await gate.Entered();
        Assert.That(await here.RunAsync("test.gated", null, default), Is.EqualTo(JobEnd.Busy), "the same host");
        Assert.That(await there.RunAsync("test.gated", null, default), Is.EqualTo(JobEnd.Busy), "another host on the same database");
        gate.Open();
        Assert.That(await first, Is.EqualTo(JobEnd.Done));
        Assert.That(await there.RunAsync("test.gated", null, default), Is.EqualTo(JobEnd.Done), "the lease is given back at the end, not left to run out");
        Assert.That(gate.Runs, Is.EqualTo(2));
    }

    [Test]
    public async Task Two_hosts_called_for_the_same_time_run_a_job_once()
    {
        gate.Open();
        var next = app.Clock.GetUtcNow().AddMinutes(1);
        Assert.That(await Runner().RunAsync("test.gated", next, default), Is.EqualTo(JobEnd.Done));
        Assert.That(await Runner().RunAsync("test.gated", next, default), Is.EqualTo(JobEnd.Already));
        Assert.That(await Runner().RunAsync("test.gated", next.AddMinutes(1), default), Is.EqualTo(JobEnd.Done));
        Assert.That(await Runner().RunAsync("test.gated", null, default), Is.EqualTo(JobEnd.Done), "a person may always");
        Assert.That(await app.Value<DateTimeOffset?>("SELECT next_at FROM kernel_job WHERE name = 'test.gated'"), Is.EqualTo(next.AddMinutes(1)));
    }

    [Test]
    public async Task A_long_job_keeps_its_lease_and_a_host_that_died_is_followed_within_a_minute()
    {
        var runs = Runner().RunAsync("test.gated", null, default);
        await gate.Entered();
        for (var i = 0; i < 10; i++)
        {
            var before = await Until();
            app.Advance(JobRunner.Length / 3);
            await Eventually(async () => await Until() > before);
        }
        Assert.That(await Runner().RunAsync("test.gated", null, default), Is.EqualTo(JobEnd.Busy), "150 s later it is renewed");
        gate.Open();
        await runs;
        // as a host leaves it that is killed at work
        await app.Change(
            "UPDATE kernel_lease SET owner = 'dead', lease_until = @until WHERE name = 'job:test.gated'",
            new { until = app.Clock.GetUtcNow() + JobRunner.Length }
        );
        Assert.That(await Runner().RunAsync("test.gated", null, default), Is.EqualTo(JobEnd.Busy));
        app.Advance(TimeSpan.FromSeconds(60));
        Assert.That(await Runner().RunAsync("test.gated", null, default), Is.EqualTo(JobEnd.Done));
    }

    [Test]
    public async Task A_run_whose_lease_another_took_is_cancelled_and_says_so()
    {
        var runs = Runner().RunAsync("test.gated", null, default);
        await gate.Entered();
        await app.Change(
            "UPDATE kernel_lease SET owner = 'other', lease_until = @until WHERE name = 'job:test.gated'",
            new { until = app.Clock.GetUtcNow().AddHours(1) }
        );
        app.Advance(JobRunner.Length / 3);
        Assert.That(await runs, Is.EqualTo(JobEnd.Failed));
        Assert.That(await app.Value<string>("SELECT last_error FROM kernel_job WHERE name = 'test.gated'"), Does.Contain("lease"));
        Assert.That(
            await app.Value<string>("SELECT owner FROM kernel_lease WHERE name = 'job:test.gated'"),
            Is.EqualTo("other"),
            "what is another's by now is not given back"
        );
    }

    [Test]
    public async Task An_orderly_stop_gives_the_lease_back_and_a_failure_is_noted()
    {
        using var stop = new CancellationTokenSource();
        var runs = Runner().RunAsync("test.gated", null, stop.Token);
        await gate.Entered();
        await stop.CancelAsync();
        await Assert.ThatAsync(() => runs, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Until(), Is.EqualTo(DateTimeOffset.UnixEpoch));
        gate.Break();
        Assert.That(await Runner().RunAsync("test.gated", null, default), Is.EqualTo(JobEnd.Failed));
        Assert.That(await app.Value<string>("SELECT last_error FROM kernel_job WHERE name = 'test.gated'"), Is.EqualTo("broken"));
        await app.Change("UPDATE kernel_job SET enabled = 0 WHERE name = 'test.gated'");
        Assert.That(await Runner().RunAsync("test.gated", null, default), Is.EqualTo(JobEnd.Off));
    }

    private JobRunner Runner()
    {
        var s = app.Services;
        return new JobRunner(
            s.GetRequiredService<IServiceScopeFactory>(),
            s.GetRequiredService<ModuleList>(),
            s.GetRequiredService<Database>(),
            s.GetRequiredService<CourtOps.Host.Running.IdLease>(),
            app.Clock,
            NullLogger<JobRunner>.Instance
        );
    }

    private async Task<DateTimeOffset> Until() => await app.Value<DateTimeOffset>("SELECT lease_until FROM kernel_lease WHERE name = 'job:test.gated'");

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 200 && !await holds(); i++)
            await Task.Delay(10);
        Assert.That(await holds(), Is.True);
    }

    private sealed class JobModule : Module
    {
        public override string Name => "JobTests";

        public override string Prefix => "test";

        public override void Declare(ModuleDeclaration declare) => declare.Job<GatedJob>("test.gated", "0 0 5 * * ?", "test");
    }

    internal sealed class Gate
    {
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int runs;

        public int Runs => runs;

        public void Open() => open.TrySetResult();

        public void Break()
        {
            open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            open.SetException(new InvalidOperationException("broken"));
        }

        public Task Entered() => entered.Task.WaitAsync(TimeSpan.FromSeconds(20));

        public Task PassAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref runs);
            entered.TrySetResult();
            return open.Task.WaitAsync(ct);
        }
    }

    internal sealed class GatedJob(Gate gate) : IJobHandler
    {
        public Task RunAsync(CancellationToken ct) => gate.PassAsync(ct);
    }
}
