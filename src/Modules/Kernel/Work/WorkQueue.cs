using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Work;

/// <summary>Where a piece of work stands.</summary>
public sealed record WorkState
{
    public long Id { get; init; }
    public string Queue { get; init; } = "";
    public string WorkKey { get; init; } = "";

    /// <summary>ready, claimed, known (done outside, its result not recorded yet), done, failed or doubt.</summary>
    public string State { get; init; } = "";
    public string? Reason { get; init; }

    /// <summary>The reason with its values apart, see <see cref="Said"/>.</summary>
    public string? ReasonSaid { get; init; }
    public string Payload { get; init; } = "";

    /// <summary>Whether somebody will still do or record it.</summary>
    public bool IsUnderWay => State is "ready" or "claimed" or "known";

    /// <summary>Whether a person must decide it.</summary>
    public bool IsDoubt => State == "doubt";

    public bool IsFailed => State == "failed";

    /// <summary>The place as findings name it.</summary>
    public string Place => $"kernel_work {Id}";

    public T Read<T>() => JsonSerializer.Deserialize<T>(Payload, Json.Stored)!;
}

/// <summary>Work of the centres outside the database: added, found and settled here, in the transaction of a change. No centre reads or writes its
/// table.</summary>
public sealed class WorkQueue(Db db, Ids ids, TimeProvider clock, WorkSignal signal)
{
    private const string Columns = "SELECT id, queue, work_key, state, reason, reason_said, payload FROM kernel_work";

    /// <summary>The key is unique per queue: the same work is never queued twice. Returns false when it is there already.</summary>
    public async Task<bool> AddAsync(string queue, string key, object payload, DateTimeOffset? due = null, CancellationToken ct = default)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_work WHERE queue = @queue AND work_key = @key", new { queue, key }, ct) > 0)
            return false;
        var now = clock.GetUtcNow();
        try
        {
            await db.ExecuteAsync(
                "INSERT INTO kernel_work (id, queue, work_key, state, due_at, attempts, payload, created_at) VALUES (@id, @queue, @key, 'ready', "
                    + "@due, 0, @payload, @now)",
                new
                {
                    id = ids.Next(),
                    queue,
                    key,
                    due = due ?? now,
                    payload = JsonSerializer.Serialize(payload, payload.GetType(), Json.Stored),
                    now,
                },
                ct
            );
        }
        catch (Exception e) when (db.Dialect.IsDuplicate(e))
        {
            return false; // another transaction added it between the two statements
        }
        db.OnCommitted(signal.Wake);
        return true;
    }

    /// <summary>Null when there is none under this key.</summary>
    public Task<WorkState?> FindAsync(string queue, string key, CancellationToken ct = default) =>
        db.FirstAsync<WorkState>(Columns + " WHERE queue = @queue AND work_key = @key", new { queue, key }, ct);

    /// <summary>Those that there are, in no order.</summary>
    public async Task<IReadOnlyList<WorkState>> FindManyAsync(string queue, IReadOnlyCollection<string> keys, CancellationToken ct = default) =>
        keys.Count == 0 ? [] : await db.QueryAsync<WorkState>(Columns + " WHERE queue = @queue AND work_key IN @keys", new { queue, keys }, ct);

    /// <summary>What is in doubt in a queue, by id, a page at a time.</summary>
    /// <param name="after">The id of the last one seen; 0 to begin.</param>
    public Task<IReadOnlyList<WorkState>> InDoubtAsync(string queue, long after, int take, CancellationToken ct = default) =>
        // not done: these have an index of their own
        db.PageAsync<WorkState>(
            Columns + " WHERE queue = @queue AND state = 'doubt' AND state <> 'done' AND id > @after ORDER BY id",
            new { queue, after },
            take,
            ct
        );

    /// <summary>Work in doubt or failed is no question any more: a person decided it, or what it was for has ended. False when it is neither.</summary>
    public async Task<bool> SettleAsync(string queue, string key, CancellationToken ct = default) =>
        await db.ExecuteAsync(
            "UPDATE kernel_work SET state = 'done', done_at = @now WHERE queue = @queue AND work_key = @key AND state IN ('doubt', 'failed')",
            new
            {
                queue,
                key,
                now = clock.GetUtcNow(),
            },
            ct
        ) > 0;
}
