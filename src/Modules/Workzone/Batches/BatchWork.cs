using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.People;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Batches;

/// <summary>
/// Runs batches as the person who started them, in the court and through the key they were started with, a while at a time: each piece of work ends within
/// its lease, so that after a
/// killed process another takes the batch up within half a minute.
/// </summary>
internal sealed class BatchWork(Db db, IServiceScopeFactory scopes, Actor actor, IAccounts accounts, WorkQueue work, TimeProvider clock) : IWorkHandler
{
    public const string Name = "workzone.batch";
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 20;

    public TimeSpan Lease => TimeSpan.FromSeconds(20);

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        var row = await db.FirstAsync<Row>("SELECT person_id, court_id, key_id, state FROM workzone_batch WHERE id = @BatchId", new { payload.BatchId }, ct);
        if (row is null || row.State != "running")
            return WorkOutcome.Done();
        if (await accounts.GoOnAsync(actor, row.PersonId, row.CourtId, row.KeyId) is { } why)
            return WorkOutcome.Failed(why);
        var began = clock.GetTimestamp();
        while (await OneAsync(payload.BatchId, ct))
            if (clock.GetElapsedTime(began) > Turn)
                return WorkOutcome.Done(true);
        return WorkOutcome.Done();
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        if (outcome.End == WorkEnd.Failed)
        {
            await db.ExecuteAsync(
                "UPDATE workzone_batch_item SET outcome = 'refused', reason = @reason WHERE batch_id = @BatchId AND outcome = 'waiting'",
                new { payload.BatchId, reason = outcome.Reason ?? "" },
                ct
            );
            await db.ExecuteAsync(
                "UPDATE workzone_batch SET state = 'failed', refused_count = total - done_count, ended_at = @now WHERE id = @BatchId AND state = 'running'",
                new { payload.BatchId, now = clock.GetUtcNow() },
                ct
            );
        }
        else if (outcome.Result is true)
        {
            await work.AddAsync(Name, $"{payload.BatchId}:{payload.Turn + 1}", payload with { Turn = payload.Turn + 1 }, null, ct);
        }
    }

    // each chunk in a scope of its own, as this person
    private async Task<bool> OneAsync(long batchId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActLike(actor);
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new RunBatchChunk { Id = batchId }, ct);
    }

    internal sealed record Payload
    {
        public long BatchId { get; init; }
        public int Turn { get; init; }
    }

    private sealed record Row
    {
        public long PersonId { get; init; }
        public long CourtId { get; init; }
        public long? KeyId { get; init; }
        public string State { get; init; } = "";
    }
}
