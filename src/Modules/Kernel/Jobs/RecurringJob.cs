namespace CourtOps.Kernel.Jobs;

/// <summary>A recurring job: a name, when, and what. The job server behind it is the host's affair.</summary>
/// <param name="Cron">Six fields, seconds first, in Asia/Shanghai.</param>
public sealed record RecurringJob(string Name, string Cron, string Label, Type Handler);

/// <summary>A job only wakes things up: all state is in tables, so a missed or doubled run does no harm.</summary>
public interface IJobHandler
{
    Task RunAsync(CancellationToken ct);
}
