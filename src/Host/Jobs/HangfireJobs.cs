using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.Server;
using Hangfire.Storage;

namespace CourtOps.Host.Jobs;

/// <summary>
/// The seam to the job server: a recurring job is a name, a cron line and a handler; another server replaces this file and the dashboard.
/// The server keeps its schedule in memory, on either database; a wake-up that is lost is made up by the next.
/// </summary>
internal static class HangfireJobs
{
    /// <param name="server">Whether jobs run in this process; without, the dashboard shows an empty server.</param>
    public static void AddJobServer(this IServiceCollection services, bool server)
    {
        services.AddSingleton<JobRunner>();
        services.AddHangfire(c =>
            c.UseSimpleAssemblyNameTypeSerializer()
                .UseRecommendedSerializerSettings()
                .UseInMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromDays(1) })
        );
        if (!server)
            return;
        services.AddHostedService<Scheduling>(); // before the server, so that its first look finds the schedule
        services.AddHangfireServer(o =>
        {
            o.SchedulePollingInterval = TimeSpan.FromSeconds(1);
            o.WorkerCount = 6;
        });
    }

    private sealed class Scheduling(IRecurringJobManager manager, ModuleList modules) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            foreach (var job in modules.Declared.SelectMany(d => d.Declaration.Jobs))
                manager.AddOrUpdate<RunJob>(
                    job.Name,
                    r => r.RunAsync(job.Name, null!, CancellationToken.None),
                    job.Cron,
                    new RecurringJobOptions { TimeZone = Times.Zone, MisfireHandling = MisfireHandlingMode.Relaxed }
                );
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>What the job server calls: it names the job, nothing else is in its memory.</summary>
internal sealed class RunJob(JobRunner runner)
{
    /// <summary>Returns in one word what came of it, for the dashboard.</summary>
    /// <exception cref="JobFailed">The job threw; its words are in the log and on the operations page, not in the server's memory.</exception>
    [JobDisplayName("{0}")]
    [AutomaticRetry(Attempts = 0)] // what failed waits for its next time
    public async Task<string> RunAsync(string name, PerformContext context, CancellationToken ct)
    {
        var end = await runner.RunAsync(name, CalledByHand(context) ? null : NextOf(name, context), ct);
        return end == JobEnd.Failed ? throw new JobFailed(name) : end.ToString();
    }

    // the schedule has moved on when it enqueues, on every host to the same next time
    private static DateTimeOffset? NextOf(string name, PerformContext context) =>
        context.Connection.GetRecurringJobs([name]).FirstOrDefault()?.NextExecution is { } next
            ? new DateTimeOffset(DateTime.SpecifyKind(next, DateTimeKind.Utc))
            : null;

    private static bool CalledByHand(PerformContext context) =>
        context
            .Storage.GetMonitoringApi()
            .JobDetails(context.BackgroundJob.Id)
            ?.History.Any(h => h.Reason?.Contains("manager", StringComparison.Ordinal) == true) == true;
}

/// <summary>Shown on the dashboard in the place of the job's own error.</summary>
internal sealed class JobFailed(string job) : Exception($"{job} failed; the log and the operations page say why.");
