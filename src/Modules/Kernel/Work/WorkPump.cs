using System.Collections.Concurrent;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CourtOps.Kernel.Work;

/// <summary>Wakes the pump of this process.</summary>
public sealed class WorkSignal : IDisposable
{
    private readonly SemaphoreSlim waiting = new(0, 1);

    public void Wake()
    {
        try
        {
            waiting.Release();
        }
        catch (SemaphoreFullException)
        {
            // it is awake already
        }
    }

    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken ct) => waiting.WaitAsync(atMost, ct);

    public void Dispose() => waiting.Dispose();
}

/// <summary>
/// Claims due work, does it, records what came of it. Each queue has so many at once in a host as its handler says, so that one that hangs delays no other.
/// An outcome that could not be recorded is kept with the row and recorded again, later and later: the act is not repeated for it, and it is no doubt.
/// </summary>
public sealed class WorkPump(IServiceScopeFactory scopes, Dialect dialect, TimeProvider clock, ILogger<WorkPump> log)
{
    /// <summary>So often a known outcome is recorded, with growing pauses, before it has failed and an administrator has it recorded again.</summary>
    public const int MaxRecordings = 8;

    // what ends by itself when it is done once more: a deadlock, somebody else's row
    private const int AtOnceTries = 4;
    private readonly ConcurrentDictionary<string, int> busy = new();

    /// <summary>Does one due item. False when nothing is due.</summary>
    public async Task<bool> RunOneAsync(CancellationToken ct)
    {
        if (await ClaimAsync(ct) is not { } claimed)
            return false;
        await DoAsync(claimed, ct);
        return true;
    }

    /// <summary>Takes one due item of a queue that has room here. Whoever takes it must do it.</summary>
    public async Task<ClaimedWork?> ClaimAsync(CancellationToken ct)
    {
        await ReturnExpiredAsync(ct);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var handlers = scope.ServiceProvider.GetServices<IWorkHandler>().ToDictionary(h => h.Queue);
        // Work of a module that is not here waits, and must not stand before the rest. CONCAT keeps the walk along the due time.
        var open = handlers.Values.Where(h => busy.GetValueOrDefault(h.Queue) < h.AtOnce).Select(h => h.Queue).ToList();
        if (open.Count == 0)
            return null;
        var now = clock.GetUtcNow();
        var known = await db.PageAsync<ClaimedWork>(
            "SELECT id, queue, work_key, attempts, payload, outcome, COALESCE(recordings, 0) AS recordings FROM kernel_work WHERE state = 'known' AND "
                + "due_at <= @now AND CONCAT(queue, '') IN @open ORDER BY due_at",
            new { now, open },
            1,
            ct
        );
        if (known.Count > 0)
            return Enter(known[0]);
        var due = await db.PageAsync<ClaimedWork>(
            "SELECT id, queue, work_key, attempts, payload FROM kernel_work WHERE state = 'ready' AND due_at <= @now AND CONCAT(queue, '') IN @open "
                + "ORDER BY due_at",
            new { now, open },
            8,
            ct
        );
        foreach (var item in due)
        {
            await db.BeginAsync(ct);
            var claimed = await db.ExecuteAsync(
                "UPDATE kernel_work SET state = 'claimed', lease_until = @until, attempts = attempts + 1 WHERE id = @Id AND state = 'ready'",
                new { item.Id, until = now + handlers[item.Queue].Lease },
                ct
            );
            await db.CommitAsync(ct);
            if (claimed == 1)
                return Enter(item with { Attempts = item.Attempts + 1 });
        }
        return null;
    }

    /// <summary>Acts and records, or records what is known.</summary>
    public async Task DoAsync(ClaimedWork item, CancellationToken ct)
    {
        try
        {
            var outcome = item.Outcome is { } kept ? KeptOutcome.Read(kept) : await ActAsync(item, ct);
            await RecordOrKeepAsync(item, outcome);
        }
        finally
        {
            busy.AddOrUpdate(item.Queue, 0, static (_, n) => n - 1);
        }
    }

    /// <summary>An act whose lease ran out: repeated when that is harmless and it may be tried again, otherwise in doubt or failed.</summary>
    public async Task<int> ReturnExpiredAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var handlers = scope.ServiceProvider.GetServices<IWorkHandler>().ToDictionary(h => h.Queue);
        var expired = await db.PageAsync<ClaimedWork>(
            "SELECT id, queue, work_key, attempts, payload FROM kernel_work WHERE state = 'claimed' AND lease_until < @now AND CONCAT(queue, '') IN "
                + "@known ORDER BY lease_until",
            new { now = clock.GetUtcNow(), known = handlers.Keys },
            50,
            ct
        );
        foreach (var item in expired)
        {
            var handler = handlers[item.Queue];
            if (!handler.Repeatable)
            {
                await RecordOrKeepAsync(item, WorkOutcome.Doubt("中断于执行之后、记录之前，是否完成不明"));
            }
            else if (item.Attempts >= handler.MaxAttempts)
            {
                await RecordOrKeepAsync(item, WorkOutcome.Failed("每次执行都中断，不再重试"));
            }
            else
            {
                await db.BeginAsync(ct);
                await db.ExecuteAsync("UPDATE kernel_work SET state = 'ready', lease_until = NULL WHERE id = @Id AND state = 'claimed'", new { item.Id }, ct);
                await db.CommitAsync(ct);
            }
        }
        return expired.Count;
    }

    private ClaimedWork Enter(ClaimedWork item)
    {
        busy.AddOrUpdate(item.Queue, 1, static (_, n) => n + 1);
        return item;
    }

    private async Task<WorkOutcome> ActAsync(ClaimedWork item, CancellationToken ct)
    {
        await using var acting = scopes.CreateAsyncScope();
        acting.ServiceProvider.GetRequiredService<Actor>().ActAsSystem(item.Queue);
        var handler = Find(acting.ServiceProvider, item.Queue);
        WorkOutcome outcome;
        try
        {
            outcome = await handler.ActAsync(item.Item, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw; // the lease runs out and decides
        }
        catch (Exception e)
        {
            log.LogError(e, "Work {Queue} {Key} threw", item.Queue, item.WorkKey);
            outcome = handler.Repeatable ? WorkOutcome.Retry(e.Message) : WorkOutcome.Doubt(e.Message);
        }
        return outcome.End == WorkEnd.Retry && item.Attempts >= handler.MaxAttempts ? outcome with { End = WorkEnd.Failed } : outcome;
    }

    // The host may be stopping: what is known is written all the same.
    private async Task RecordOrKeepAsync(ClaimedWork item, WorkOutcome outcome)
    {
        for (var round = 1; ; round++)
            try
            {
                await RecordAsync(item, outcome);
                return;
            }
            catch (Exception e) when (round < AtOnceTries && (e is Conflict || dialect.IsTransient(e) || dialect.IsDuplicate(e)))
            {
                log.LogInformation("Recording work {Queue} {Key} met another writer, round {Round}", item.Queue, item.WorkKey, round);
                await Task.Delay(Random.Shared.Next(5, 40 * round));
            }
            catch (Exception e)
            {
                log.LogError(e, "What came of work {Queue} {Key} could not be recorded", item.Queue, item.WorkKey);
                await KeepAsync(item, outcome, e);
                return;
            }
    }

    private async Task RecordAsync(ClaimedWork item, WorkOutcome outcome)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem(item.Queue);
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var handler = Find(scope.ServiceProvider, item.Queue);
        await db.BeginAsync();
        var now = clock.GetUtcNow();
        if (outcome.End is WorkEnd.Retry or WorkEnd.Wait)
        {
            var delay = outcome.After ?? TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(3, item.Attempts - 1)));
            await db.ExecuteAsync(
                "UPDATE kernel_work SET state = 'ready', due_at = @due, lease_until = NULL, reason = @Reason, reason_said = @said, attempts = "
                    + "attempts - @back, outcome = NULL WHERE id = @Id AND state = @was",
                new
                {
                    item.Id,
                    was = item.Outcome is null ? "claimed" : "known",
                    due = now + delay,
                    outcome.Reason,
                    said = outcome.Said?.Stored(),
                    back = outcome.End == WorkEnd.Wait ? 1 : 0,
                }
            );
        }
        else
        {
            var marked = await db.ExecuteAsync(
                "UPDATE kernel_work SET state = @state, lease_until = NULL, reason = @Reason, reason_said = @said, outcome = NULL, done_at = @now "
                    + "WHERE id = @Id AND state = @was",
                new
                {
                    item.Id,
                    was = item.Outcome is null ? "claimed" : "known",
                    state = handler.IsForgettable ? "done" : outcome.End.ToString().ToLowerInvariant(),
                    outcome.Reason,
                    said = outcome.Said?.Stored(),
                    now,
                }
            );
            if (marked == 1)
                await handler.RecordAsync(item.Item, outcome, CancellationToken.None);
        }
        await db.CommitAsync(CancellationToken.None);
    }

    // One item that cannot be recorded must not stop the others. A doubt is listed without its handler; what is known is kept and tried again.
    private async Task KeepAsync(ClaimedWork item, WorkOutcome outcome, Exception e)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        await db.BeginAsync();
        var now = clock.GetUtcNow();
        var recordings = item.Recordings + 1;
        var args = new
        {
            item.Id,
            was = item.Outcome is null ? "claimed" : "known",
            now,
            recordings,
            outcome.Reason,
            said = outcome.Said?.Stored(),
            kept = KeptOutcome.Write(outcome),
            error = e.Message.Length > 400 ? e.Message[..400] : e.Message,
            due = now.AddSeconds(Math.Min(3600, 5 * Math.Pow(3, recordings - 1))),
        };
        if (outcome.End == WorkEnd.Doubt)
            await db.ExecuteAsync(
                "UPDATE kernel_work SET state = 'doubt', lease_until = NULL, reason = @Reason, reason_said = @said, outcome = NULL, done_at = @now "
                    + "WHERE id = @Id AND state = @was",
                args
            );
        else if (recordings >= MaxRecordings)
            await db.ExecuteAsync(
                "UPDATE kernel_work SET state = 'failed', lease_until = NULL, reason = @error, reason_said = NULL, outcome = @kept, recordings = "
                    + "@recordings, done_at = @now WHERE id = @Id AND state = @was",
                args
            );
        else
            await db.ExecuteAsync(
                "UPDATE kernel_work SET state = 'known', lease_until = NULL, reason = @error, reason_said = NULL, outcome = @kept, recordings = "
                    + "@recordings, due_at = @due WHERE id = @Id AND state = @was",
                args
            );
        await db.CommitAsync();
    }

    private static IWorkHandler Find(IServiceProvider services, string queue) => services.GetServices<IWorkHandler>().First(h => h.Queue == queue);
}

/// <summary>A piece of work in the hands of this host.</summary>
public sealed record ClaimedWork
{
    public long Id { get; init; }
    public string Queue { get; init; } = "";
    public string WorkKey { get; init; } = "";
    public int Attempts { get; init; }
    public string Payload { get; init; } = "";

    /// <summary>What came of it, where only the recording is left; see <see cref="KeptOutcome"/>.</summary>
    public string? Outcome { get; init; }
    public int Recordings { get; init; }

    internal WorkItem Item =>
        new()
        {
            Id = Id,
            Queue = Queue,
            WorkKey = WorkKey,
            Attempts = Attempts,
            Payload = Payload,
        };
}
