using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CourtOps.Kernel.Work;

/// <summary>What came of an act outside the database.</summary>
public enum WorkEnd
{
    /// <summary>Done; the result is recorded.</summary>
    Done,

    /// <summary>Certainly not done; try again later.</summary>
    Retry,

    /// <summary>Certainly not done, as something it needs is not there; asked again until it is, which uses up no attempt.</summary>
    Wait,

    /// <summary>Certainly not done, and trying again is of no use.</summary>
    Failed,

    /// <summary>Perhaps done; a person must say.</summary>
    Doubt,
}

/// <param name="Result">What to record: plain data.</param>
/// <param name="Reason">For people, when it was not done.</param>
public sealed record WorkOutcome(WorkEnd End, object? Result = null, string? Reason = null, TimeSpan? After = null)
{
    /// <summary>The reason with its values apart; null where it has none.</summary>
    public Said? Said { get; init; }

    public static WorkOutcome Done(object? result = null) => new(WorkEnd.Done, result);

    public static WorkOutcome Retry(string reason, TimeSpan? after = null) => new(WorkEnd.Retry, null, reason, after);

    public static WorkOutcome Retry(Said reason, TimeSpan? after = null) => new(WorkEnd.Retry, null, reason.ToString(), after) { Said = reason };

    public static WorkOutcome Wait(string reason, TimeSpan after) => new(WorkEnd.Wait, null, reason, after);

    public static WorkOutcome Wait(Said reason, TimeSpan after) => new(WorkEnd.Wait, null, reason.ToString(), after) { Said = reason };

    public static WorkOutcome Failed(string reason, object? result = null) => new(WorkEnd.Failed, result, reason);

    public static WorkOutcome Failed(Said reason, object? result = null) => new(WorkEnd.Failed, result, reason.ToString()) { Said = reason };

    public static WorkOutcome Doubt(string reason) => new(WorkEnd.Doubt, null, reason);

    public static WorkOutcome Doubt(Said reason) => new(WorkEnd.Doubt, null, reason.ToString()) { Said = reason };
}

public sealed record WorkItem
{
    public long Id { get; init; }
    public string Queue { get; init; } = "";
    public string WorkKey { get; init; } = "";
    public int Attempts { get; init; }
    public string Payload { get; init; } = "";

    public T Read<T>() => JsonSerializer.Deserialize<T>(Payload, Json.Stored)!;
}

/// <summary>
/// An act outside the database. It is claimed in one transaction, done without one and recorded in another.
/// </summary>
public interface IWorkHandler
{
    string Queue { get; }

    /// <summary>True when doing it twice is harmless (an idempotency key, a pure computation). Otherwise an interrupted act is in doubt.</summary>
    bool Repeatable { get; }

    /// <summary>How often it is tried; waiting does not count.</summary>
    int MaxAttempts { get; }

    TimeSpan Lease { get; }

    /// <summary>True when nobody need decide what came of it: what failed or is in doubt is set down as done, with its reason.</summary>
    bool IsForgettable => false;

    /// <summary>Outside any transaction; the only place for mail, HTTP, processes and files.</summary>
    Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct);

    /// <summary>In the transaction that marks the row. Runs for every end but Retry and Wait.</summary>
    Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct);
}

/// <summary>Adds work in the transaction of a change.</summary>
public sealed class WorkQueue(Db db, Ids ids, TimeProvider clock, WorkSignal signal)
{
    /// <summary>The key is unique per queue: the same work is never queued twice. Returns false when it is there already.</summary>
    public async Task<bool> AddAsync(string queue, string key, object payload, DateTimeOffset? due = null, CancellationToken ct = default)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_work WHERE queue = @queue AND work_key = @key", new { queue, key }, ct) > 0)
            return false;
        var now = clock.GetUtcNow();
        await db.ExecuteAsync(
            "INSERT INTO kernel_work (id, queue, work_key, state, due_at, attempts, payload, created_at) VALUES (@id, @queue, @key, 'ready', @due, 0, @payload, @now)",
            new { id = ids.Next(), queue, key, due = due ?? now, payload = JsonSerializer.Serialize(payload, payload.GetType(), Json.Stored), now }, ct);
        db.OnCommitted(signal.Wake);
        return true;
    }
}

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

/// <summary>Claims due work, does it, records what came of it.</summary>
public sealed class WorkPump(IServiceScopeFactory scopes, TimeProvider clock, ILogger<WorkPump> log)
{
    /// <summary>Does one due item. False when nothing is due.</summary>
    public async Task<bool> RunOneAsync(CancellationToken ct)
    {
        await ReturnExpiredAsync(ct);
        var item = await ClaimAsync(ct);
        if (item is null)
            return false;
        WorkOutcome outcome;
        await using (var acting = scopes.CreateAsyncScope())
        {
            acting.ServiceProvider.GetRequiredService<Actor>().ActAsSystem(item.Queue);
            var handler = Find(acting.ServiceProvider, item.Queue)!;
            try
            {
                outcome = await handler.ActAsync(item, ct);
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
            if (outcome.End == WorkEnd.Retry && item.Attempts >= handler.MaxAttempts)
                outcome = outcome with { End = WorkEnd.Failed };
        }
        await RecordAsync(item, outcome, ct);
        return true;
    }

    /// <summary>An act whose lease ran out: repeated when that is harmless, otherwise in doubt.</summary>
    public async Task<int> ReturnExpiredAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var expired = await db.PageAsync<WorkItem>("SELECT id, queue, work_key, attempts, payload FROM kernel_work WHERE state = 'claimed' AND lease_until < @now AND CONCAT(queue, '') IN @known ORDER BY lease_until", new { now = clock.GetUtcNow(), known = Known(scope.ServiceProvider) }, 50, ct);
        foreach (var item in expired)
        {
            var handler = Find(scope.ServiceProvider, item.Queue);
            if (handler is null)
                continue;
            if (handler.Repeatable)
            {
                await db.BeginAsync(ct);
                await db.ExecuteAsync("UPDATE kernel_work SET state = 'ready', lease_until = NULL WHERE id = @Id AND state = 'claimed'", new { item.Id }, ct);
                await db.CommitAsync(ct);
            }
            else
            {
                await DoubtAsync(item, ct);
            }
        }
        return expired.Count;
    }

    // One item that cannot be recorded must not stop the others: it is listed as a doubt without its handler.
    private async Task DoubtAsync(WorkItem item, CancellationToken ct)
    {
        const string reason = "中断于执行之后、记录之前，是否完成不明";
        try
        {
            await RecordAsync(item, WorkOutcome.Doubt(reason), ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "The doubt of work {Queue} {Key} could not be recorded by its handler", item.Queue, item.WorkKey);
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<Db>();
            await db.BeginAsync(ct);
            await db.ExecuteAsync("UPDATE kernel_work SET state = 'doubt', lease_until = NULL, reason = @reason, reason_said = NULL, done_at = @now WHERE id = @Id AND state = 'claimed'", new { item.Id, reason, now = clock.GetUtcNow() }, ct);
            await db.CommitAsync(CancellationToken.None);
        }
    }

    private async Task<WorkItem?> ClaimAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var now = clock.GetUtcNow();
        var due = await db.PageAsync<WorkItem>("SELECT id, queue, work_key, attempts, payload FROM kernel_work WHERE state = 'ready' AND due_at <= @now AND CONCAT(queue, '') IN @known ORDER BY due_at", new { now, known = Known(scope.ServiceProvider) }, 8, ct);
        foreach (var item in due)
        {
            var handler = Find(scope.ServiceProvider, item.Queue);
            if (handler is null)
                continue;
            await db.BeginAsync(ct);
            var claimed = await db.ExecuteAsync(
                "UPDATE kernel_work SET state = 'claimed', lease_until = @until, attempts = attempts + 1 WHERE id = @Id AND state = 'ready'",
                new { item.Id, until = now + handler.Lease }, ct);
            await db.CommitAsync(ct);
            if (claimed == 1)
                return item with { Attempts = item.Attempts + 1 };
        }
        return null;
    }

    private async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem(item.Queue);
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var handler = Find(scope.ServiceProvider, item.Queue)!;
        await db.BeginAsync(ct);
        var now = clock.GetUtcNow();
        if (outcome.End is WorkEnd.Retry or WorkEnd.Wait)
        {
            var delay = outcome.After ?? TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(3, item.Attempts - 1)));
            await db.ExecuteAsync(
                "UPDATE kernel_work SET state = 'ready', due_at = @due, lease_until = NULL, reason = @Reason, reason_said = @said, attempts = attempts - @back WHERE id = @Id AND state = 'claimed'",
                new { item.Id, due = now + delay, outcome.Reason, said = outcome.Said?.Stored(), back = outcome.End == WorkEnd.Wait ? 1 : 0 }, ct);
        }
        else
        {
            var marked = await db.ExecuteAsync(
                "UPDATE kernel_work SET state = @state, lease_until = NULL, reason = @Reason, reason_said = @said, done_at = @now WHERE id = @Id AND state = 'claimed'",
                new { item.Id, state = handler.IsForgettable ? "done" : outcome.End.ToString().ToLowerInvariant(), outcome.Reason, said = outcome.Said?.Stored(), now }, ct);
            if (marked == 1)
                await handler.RecordAsync(item, outcome, ct);
        }
        await db.CommitAsync(CancellationToken.None);
    }

    // Work of a module that is not here waits, and must not stand before the rest. CONCAT keeps the walk along the due time.
    private static IEnumerable<string> Known(IServiceProvider services) => services.GetServices<IWorkHandler>().Select(h => h.Queue);

    private static IWorkHandler? Find(IServiceProvider services, string queue) =>
        services.GetServices<IWorkHandler>().FirstOrDefault(h => h.Queue == queue);
}
