using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Kernel.Work;

/// <summary>What stands still: blocked notifications, work that failed or is in doubt, when the jobs ran. Of the first two, whose keys are of every court, a
/// lower administrator sees none.</summary>
[Permit("workzone.operations.read")]
public sealed record ShowOperations : IQuery<OperationsState>
{
    internal sealed class Handler(Db db, IOperatorScope scope) : IQueryHandler<ShowOperations, OperationsState>
    {
        public async Task<OperationsState> Handle(ShowOperations request, CancellationToken cancellationToken)
        {
            var whole = await scope.IsWholeAsync(cancellationToken);
            return new OperationsState(
                whole,
                whole
                    ? await db.QueryAsync<BlockRow>(
                        "SELECT reaction, event_key, attempts, parked, error FROM kernel_block ORDER BY since",
                        ct: cancellationToken
                    )
                    : [],
                whole
                    ? await db.PageAsync<WorkRow>(
                        "SELECT id, queue, work_key, state, reason, reason_said FROM kernel_work WHERE state IN ('doubt', 'failed') ORDER BY id",
                        null,
                        200,
                        cancellationToken
                    )
                    : [],
                await db.QueryAsync<JobRow>("SELECT name, enabled, last_started_at, next_at, last_error FROM kernel_job", ct: cancellationToken)
            );
        }
    }
}

/// <param name="Whole">Whether whoever asked runs all of it.</param>
public sealed record OperationsState(bool Whole, IReadOnlyList<BlockRow> Blocks, IReadOnlyList<WorkRow> Work, IReadOnlyList<JobRow> Jobs);

public sealed record BlockRow
{
    public string Reaction { get; init; } = "";
    public string EventKey { get; init; } = "";
    public int Attempts { get; init; }
    public bool Parked { get; init; }
    public string Error { get; init; } = "";
}

public sealed record WorkRow
{
    public long Id { get; init; }
    public string Queue { get; init; } = "";
    public string WorkKey { get; init; } = "";
    public string State { get; init; } = "";
    public string? Reason { get; init; }

    /// <summary>The reason with its values apart.</summary>
    public string? ReasonSaid { get; init; }
}

public sealed record JobRow
{
    public string Name { get; init; } = "";
    public bool Enabled { get; init; }
    public DateTimeOffset? LastStartedAt { get; init; }

    /// <summary>The next time of its schedule, as it stood at the last run.</summary>
    public DateTimeOffset? NextAt { get; init; }
    public string? LastError { get; init; }
}

/// <summary>An administrator retries a blocked notification, or skips it with a reason.</summary>
[Permit("workzone.operations.decide")]
[Audited("kernel.delivery.decide")]
public sealed record DecideDelivery : ICommand
{
    public string Reaction { get; init; } = "";
    public string Key { get; init; } = "";
    public bool Skip { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, AuditTrail audit, TimeProvider clock, RelaySignal signal, IOperatorScope scope) : CommandHandler<DecideDelivery>
    {
        protected override async Task RunAsync(DecideDelivery command, CancellationToken ct)
        {
            await scope.DemandAsync(ct);
            var id =
                await db.FirstAsync<long?>(
                    "SELECT outbox_id FROM kernel_block WHERE reaction = @Reaction AND event_key = @Key",
                    new { command.Reaction, command.Key },
                    ct
                ) ?? throw new NotFound("停放的通知");
            if (command.Skip && string.IsNullOrWhiteSpace(command.Reason))
                throw new RuleBroken("跳过一条通知必须写明原因。", "reason");
            if (command.Skip)
                await db.ExecuteAsync(
                    "UPDATE kernel_delivery SET state = 'skipped', done_at = @now WHERE outbox_id = @id AND reaction = @Reaction AND state = 'pending'",
                    new
                    {
                        id,
                        command.Reaction,
                        now = clock.GetUtcNow(),
                    },
                    ct
                );
            await db.ExecuteAsync("DELETE FROM kernel_block WHERE reaction = @Reaction AND event_key = @Key", new { command.Reaction, command.Key }, ct);
            audit.Note(
                "delivery",
                id,
                new
                {
                    command.Reaction,
                    command.Skip,
                    command.Reason,
                }
            );
            db.OnCommitted(signal.Wake);
        }
    }
}

/// <summary>Work that certainly was not done goes back to its queue. What is in doubt is decided where it belongs.</summary>
[Permit("workzone.operations.decide")]
[Audited("kernel.work.repeat")]
public sealed record RepeatWork : ICommand
{
    public long Id { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, AuditTrail audit, TimeProvider clock, WorkSignal signal, IOperatorScope scope) : CommandHandler<RepeatWork>
    {
        protected override async Task RunAsync(RepeatWork command, CancellationToken ct)
        {
            await scope.DemandAsync(ct);
            if (string.IsNullOrWhiteSpace(command.Reason))
                throw new RuleBroken("请写明为什么再做一次。", "reason");
            // what was done outside already is only recorded again
            const string again =
                "UPDATE kernel_work SET state = CASE WHEN outcome IS NULL THEN 'ready' ELSE 'known' END, attempts = 0, recordings = NULL, due_at = "
                + "@now, reason = NULL, reason_said = NULL WHERE id = @Id AND state = 'failed'";
            if (await db.ExecuteAsync(again, new { command.Id, now = clock.GetUtcNow() }, ct) == 0)
                throw new RuleBroken("只有失败的事务可以再做；存疑的要在它所属的工单里决定。", "id");
            audit.Note("work", command.Id, new { command.Reason });
            db.OnCommitted(signal.Wake);
        }
    }
}
