using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.Workzone.Batches;

/// <summary>
/// The next items of a batch in one transaction with their outcomes and the position: each exactly once, whatever ends the process.
/// A refused item is undone to its savepoint and keeps the reason. False when nothing is left.
/// </summary>
[Permit("workzone.orders.step")]
[Audited("workzone.batch.chunk")]
internal sealed record RunBatchChunk : ICommand<bool>
{
    public const int Size = 200;

    public long Id { get; init; }

    internal sealed class Handler(
        Db db,
        Actor actor,
        StepTaking steps,
        AuditTrail audit,
        Notifier notifier,
        OrderNotifier orderNotifier,
        Changes changes,
        TimeProvider clock
    ) : ICommandHandler<RunBatchChunk, bool>
    {
        public async Task<bool> Handle(RunBatchChunk request, CancellationToken cancellationToken)
        {
            var batch =
                await db.FirstAsync<Row>(
                    "SELECT id, person_id, step, words, target_id, wake_at, state, position, total, done_count, refused_count FROM workzone_batch "
                        + "WHERE id = @Id AND person_id = @me",
                    new { request.Id, me = actor.Id },
                    cancellationToken
                ) ?? throw new NotFound("批次", request.Id);
            if (batch.State != "running")
                return false;
            var items = await db.PageAsync<Item>(
                "SELECT n, order_id FROM workzone_batch_item WHERE batch_id = @Id AND n > @Position AND outcome = 'waiting' ORDER BY n",
                new { request.Id, batch.Position },
                Size,
                cancellationToken
            );
            orderNotifier.InBatch = true;
            var outcomes = new List<object>(items.Count);
            var done = 0;
            foreach (var item in items)
            {
                var refusal = await TryAsync(batch, item.OrderId, cancellationToken);
                done += refusal is null ? 1 : 0;
                outcomes.Add(
                    new
                    {
                        request.Id,
                        item.N,
                        outcome = refusal is null ? "done" : "refused",
                        reason = refusal ?? "",
                    }
                );
            }
            await db.ExecuteManyAsync(
                "UPDATE workzone_batch_item SET outcome = @outcome, reason = @reason WHERE batch_id = @Id AND n = @N AND outcome = 'waiting'",
                outcomes,
                cancellationToken
            );
            var position = items.Count == 0 ? batch.Total : items[^1].N;
            var ended = position >= batch.Total;
            var moved = await db.ExecuteAsync(
                """
                UPDATE workzone_batch SET position = @position, done_count = done_count + @done, refused_count = refused_count + @refused, state = @state,
                    ended_at = @at
                WHERE id = @Id AND position = @Position0 AND state = 'running'
                """,
                new
                {
                    request.Id,
                    position,
                    done,
                    refused = items.Count - done,
                    state = ended ? "done" : "running",
                    at = ended ? clock.GetUtcNow() : (DateTimeOffset?)null,
                    Position0 = batch.Position,
                },
                cancellationToken
            );
            if (moved == 0)
                throw new Conflict("这个批次正在别处进行。");
            if (ended)
                await notifier.AddAsync(
                    batch.PersonId,
                    NoticeKinds.Batch,
                    $"batch:{request.Id}",
                    new
                    {
                        batch.Step,
                        done = batch.DoneCount + done,
                        refused = batch.RefusedCount + items.Count - done,
                    },
                    batchId: request.Id,
                    ct: cancellationToken
                );
            if (ended && batch.TargetId is { } target && target != actor.Id && batch.DoneCount + done > 0)
                await notifier.AddAsync(
                    target,
                    NoticeKinds.BatchAssigned,
                    $"batch-assigned:{request.Id}",
                    new { by = actor.Name, count = batch.DoneCount + done },
                    ct: cancellationToken
                );
            audit.Note(
                "batch",
                request.Id,
                new
                {
                    position,
                    done,
                    refused = items.Count - done,
                }
            );
            db.OnCommitted(() => changes.Say($"batch:{request.Id}"));
            return !ended;
        }

        // the reason when the item was refused
        private async Task<string?> TryAsync(Row batch, long orderId, CancellationToken ct)
        {
            var noted = audit.Mark();
            try
            {
                await db.SavepointAsync(() =>
                    steps.TakeAsync(
                        new TakeStep
                        {
                            Id = orderId,
                            Step = batch.Step,
                            Words = batch.Words,
                            PersonId = batch.TargetId,
                            WakeAt = batch.WakeAt,
                        },
                        ct
                    )
                );
                return null;
            }
            catch (Exception e) when (e is RuleBroken or Conflict or NotFound or Forbidden or ValidationException)
            {
                audit.ForgetSince(noted);
                return e is ValidationException v ? v.Errors.First().ErrorMessage : e.Message;
            }
        }

        private sealed record Row
        {
            public long PersonId { get; init; }
            public string Step { get; init; } = "";
            public string Words { get; init; } = "";
            public long? TargetId { get; init; }
            public DateTimeOffset? WakeAt { get; init; }
            public string State { get; init; } = "";
            public int Position { get; init; }
            public int Total { get; init; }
            public int DoneCount { get; init; }
            public int RefusedCount { get; init; }
        }

        private sealed record Item
        {
            public int N { get; init; }
            public long OrderId { get; init; }
        }
    }
}
