using CourtOps.Host.Running;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using Quartz;

namespace CourtOps.Host.Jobs;

/// <summary>The seam to the job server. A recurring job is a name, a cron line and a handler; another server replaces this one file.</summary>
internal static class QuartzJobs
{
    public static void AddQuartzJobs(this IServiceCollection services)
    {
        services.AddQuartz(_ => { });
        services.AddQuartzHostedService(_ => { });
        services.AddHostedService<Scheduling>();
    }

    private sealed class Scheduling(ISchedulerFactory factory, ModuleList modules, TimeProvider clock) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var scheduler = await factory.GetScheduler(cancellationToken);
            foreach (var job in modules.Declared.SelectMany(d => d.Declaration.Jobs))
            {
                var detail = JobBuilder.Create<RunJob>().WithIdentity(job.Name).Build();
                var trigger = TriggerBuilder.Create<RunJob>(clock).WithIdentity(job.Name).ForJob(detail)
                    .WithSchedule(CronScheduleBuilder.Create(job.Cron).InTimeZone(Times.Zone)).Build();
                await scheduler.ScheduleJob(detail, trigger, ScheduleJobOptions.Replacing, cancellationToken);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    internal sealed class RunJob(JobRunner runner) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await runner.RunAsync(context.JobDetail.Key.Name, cancellationToken);
    }
}

/// <summary>Runs a job by name, on one host at a time, and notes when and with what end.</summary>
internal sealed class JobRunner(IServiceScopeFactory scopes, ModuleList modules, Database database, IdLease lease, TimeProvider clock, ILogger<JobRunner> log)
{
    public async Task RunAsync(string name, CancellationToken ct)
    {
        var job = modules.Declared.SelectMany(d => d.Declaration.Jobs).First(j => j.Name == name);
        if (!await Leases.HoldAsync(database, "job:" + name, lease.Owner, TimeSpan.FromMinutes(10), clock, ct) || !await BeginAsync(name, ct))
            return;
        string? error = null;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("job:" + name);
            await ((IJobHandler)scope.ServiceProvider.GetRequiredService(job.Handler)).RunAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "Job {Job} failed", name);
            error = e.Message;
        }
        await using var db = new Db(database);
        await db.BeginAsync(CancellationToken.None);
        await db.ExecuteAsync("UPDATE kernel_job SET last_ended_at = @now, last_error = @error WHERE name = @name", new { name, now = clock.GetUtcNow(), error }, CancellationToken.None);
        await db.CommitAsync(CancellationToken.None);
    }

    private async Task<bool> BeginAsync(string name, CancellationToken ct)
    {
        await using var db = new Db(database);
        await db.BeginAsync(ct);
        var now = clock.GetUtcNow();
        if (await db.ExecuteAsync("UPDATE kernel_job SET last_started_at = @now WHERE name = @name AND enabled = 1", new { name, now }, ct) == 0)
        {
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_job WHERE name = @name", new { name }, ct) > 0)
                return false;
            await db.ExecuteAsync("INSERT INTO kernel_job (name, enabled, last_started_at) VALUES (@name, 1, @now)", new { name, now }, ct);
        }
        await db.CommitAsync(ct);
        return true;
    }
}
