using System.Collections.Concurrent;
using System.Data.Common;
using CourtOps.Host.Running;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;

namespace CourtOps.Host.Jobs;

/// <summary>What came of a call to run a job.</summary>
internal enum JobEnd
{
    Done,

    /// <summary>It threw; the log and the operations page say why.</summary>
    Failed,

    /// <summary>It runs already, here or on another host.</summary>
    Busy,

    /// <summary>It is switched off.</summary>
    Off,

    /// <summary>Another host ran it for this time of its schedule.</summary>
    Already,
}

/// <summary>
/// Runs a job by name and notes when and with what end. A job never overlaps itself: this process keeps the names that run, over all hosts
/// a lease with an owner of its own for each run holds it, renewed while it runs and given back at its end. A run whose lease was lost is cancelled.
/// </summary>
internal sealed class JobRunner(IServiceScopeFactory scopes, ModuleList modules, Database database, IdLease worker, TimeProvider clock, ILogger<JobRunner> log)
{
    /// <summary>After a crash another host may run the job when this has passed.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(45);

    private readonly ConcurrentDictionary<string, bool> running = new();

    /// <param name="next">The next time of the schedule when the schedule called; hosts that were called for the same time name the same. Null: a person
    /// called.</param>
    public async Task<JobEnd> RunAsync(string name, DateTimeOffset? next, CancellationToken ct)
    {
        var job = modules.Declared.SelectMany(d => d.Declaration.Jobs).First(j => j.Name == name);
        if (!running.TryAdd(name, true))
            return JobEnd.Busy;
        try
        {
            var owner = $"{worker.Owner}/{Guid.NewGuid():n}"[..Math.Min(80, worker.Owner.Length + 9)];
            if (!await HoldAsync(name, owner, ct))
                return JobEnd.Busy;
            try
            {
                return await BeginAsync(name, next, ct) is { } not ? not : await RunAsync(job, owner, ct);
            }
            finally
            {
                await Leases.ReleaseAsync(database, "job:" + name, owner);
            }
        }
        finally
        {
            running.TryRemove(name, out _);
        }
    }

    private async Task<JobEnd> RunAsync(RecurringJob job, string owner, CancellationToken ct)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var ended = new CancellationTokenSource();
        var keeping = KeepAsync(job.Name, owner, lost, ended.Token);
        string? error = null;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("job:" + job.Name);
            await ((IJobHandler)scope.ServiceProvider.GetRequiredService(job.Handler)).RunAsync(lost.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogError(e, "Job {Job} failed", job.Name);
            error = lost.IsCancellationRequested ? "The lease was lost while it ran." : e.Message;
        }
        finally
        {
            await ended.CancelAsync();
            await keeping;
        }
        await using var db = new Db(database);
        await db.BeginAsync(CancellationToken.None);
        await db.ExecuteAsync(
            "UPDATE kernel_job SET last_ended_at = @now, last_error = @error WHERE name = @Name",
            new
            {
                job.Name,
                now = clock.GetUtcNow(),
                error,
            },
            CancellationToken.None
        );
        await db.CommitAsync(CancellationToken.None);
        return error is null ? JobEnd.Done : JobEnd.Failed;
    }

    // three renewals fit into one lease; a database that is away for longer has let another host in
    private async Task KeepAsync(string name, string owner, CancellationTokenSource lost, CancellationToken ended)
    {
        var until = clock.GetUtcNow() + Length;
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Length / 3, clock, ended);
                if (await HoldAsync(name, owner, ended))
                    until = clock.GetUtcNow() + Length;
                else
                    until = DateTimeOffset.MinValue;
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is DbException or InvalidOperationException)
            {
                log.LogWarning(e, "The lease of job {Job} could not be renewed", name);
            }
            if (clock.GetUtcNow() < until)
                continue;
            await lost.CancelAsync();
            return;
        }
    }

    private Task<bool> HoldAsync(string name, string owner, CancellationToken ct) => Leases.HoldAsync(database, "job:" + name, owner, Length, clock, ct);

    // null means: run
    private async Task<JobEnd?> BeginAsync(string name, DateTimeOffset? next, CancellationToken ct)
    {
        await using var db = new Db(database);
        await db.BeginAsync(ct);
        var args = new
        {
            name,
            next,
            now = clock.GetUtcNow(),
        };
        var found = await db.FirstAsync<Row>("SELECT enabled, next_at FROM kernel_job WHERE name = @name", args, ct);
        if (found is { Enabled: false })
            return JobEnd.Off;
        if (found is not null && next is not null && found.NextAt == next)
            return JobEnd.Already;
        if (found is null)
            await db.ExecuteAsync("INSERT INTO kernel_job (name, enabled, last_started_at, next_at) VALUES (@name, 1, @now, @next)", args, ct);
        else
            await db.ExecuteAsync("UPDATE kernel_job SET last_started_at = @now, next_at = COALESCE(@next, next_at) WHERE name = @name", args, ct);
        await db.CommitAsync(ct);
        return null;
    }

    private sealed record Row
    {
        public bool Enabled { get; init; }
        public DateTimeOffset? NextAt { get; init; }
    }
}
