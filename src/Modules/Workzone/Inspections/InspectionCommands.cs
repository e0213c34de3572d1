using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Workzone.Inspections;

/// <summary>Inspects a case now.</summary>
[Permit("workzone.inspection.correct")]
[Audited("workzone.inspection.run")]
internal sealed record InspectCase : ICommand
{
    public long CaseId { get; init; }

    internal sealed class Handler(ICases cases, InspectionBook inspections, AuditTrail audit) : CommandHandler<InspectCase>
    {
        protected override async Task RunAsync(InspectCase command, CancellationToken ct)
        {
            await cases.GetAsync(command.CaseId, ct);
            await inspections.InspectAsync([command.CaseId], ct);
            audit.Note("case", command.CaseId, new { inspected = true }, command.CaseId);
        }
    }
}

/// <summary>An event that was recorded by hand or by another system and did not happen so is taken back; it stays in the record as undone.</summary>
[Permit("workzone.inspection.correct")]
[Audited("workzone.case.undo-event")]
internal sealed record UndoEvent : ICommand
{
    public long CaseId { get; init; }
    public long EventId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<UndoEvent>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明撤回的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(
        Db db,
        ICases cases,
        InspectionBook inspections,
        Triggers.EventOrders orders,
        TimeProvider clock,
        AuditTrail audit,
        Changes changes
    ) : CommandHandler<UndoEvent>
    {
        protected override async Task RunAsync(UndoEvent command, CancellationToken ct)
        {
            await cases.GetAsync(command.CaseId, ct);
            var what =
                await db.FirstAsync<string>(
                    """
                    SELECT event
                    FROM workzone_case_event
                    WHERE id = @EventId AND case_id = @CaseId AND undone_at IS NULL
                    """,
                    new { command.EventId, command.CaseId },
                    ct
                ) ?? throw new NotFound("事件", command.EventId);
            if (!CaseEvents.ByHand.ContainsKey(what) || what == "closed")
                throw new RuleBroken("这件事由办理过程自动登记，不能在这里撤回；请在办理它的地方更正。", "EventId", "automatic");
            // its key becomes free, so that the right one can be recorded
            await db.ExecuteAsync(
                """
                UPDATE workzone_case_event
                SET undone_at = @now, source_key = CONCAT('undone:', id)
                WHERE id = @EventId
                """,
                new { command.EventId, now = clock.GetUtcNow() },
                ct
            );
            var withdrawn = await orders.WithdrawAsync(command.EventId, "所依据的案件事件已经撤回。", ct);
            audit.Note(
                "case",
                command.CaseId,
                new
                {
                    undone = what,
                    command.EventId,
                    withdrawn,
                },
                command.CaseId,
                command.Reason.Trim()
            );
            await inspections.InspectAsync([command.CaseId], ct);
            db.OnCommitted(() => changes.Say($"case:{command.CaseId}"));
        }
    }
}

/// <summary>What was found is right as it is recorded: it is not found again, and the reason stands with the case.</summary>
[Permit("workzone.inspection.waive")]
[Audited("workzone.inspection.waive")]
internal sealed record WaiveFinding : ICommand
{
    public long Id { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<WaiveFinding>
    {
        public Validator() =>
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明为什么按现有登记保留。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Ids ids, ICases cases, InspectionBook inspections, TimeProvider clock, Actor actor, AuditTrail audit)
        : CommandHandler<WaiveFinding>
    {
        protected override async Task RunAsync(WaiveFinding command, CancellationToken ct)
        {
            var f =
                await db.FirstAsync<Row>(
                    """
                    SELECT case_id, code, args
                    FROM workzone_inspection
                    WHERE id = @Id
                    """,
                    new { command.Id },
                    ct
                ) ?? throw new NotFound("质检问题", command.Id);
            if (!await cases.CanReadAsync(f.CaseId, ct))
                throw new NotFound("质检问题", command.Id);
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_inspection_waiver (id, case_id, code, args, reason, waived_by, waived_at)
                VALUES (@id, @CaseId, @Code, @Args, @reason, @by, @now)
                """,
                new
                {
                    id = ids.Next(),
                    f.CaseId,
                    f.Code,
                    f.Args,
                    reason = command.Reason.Trim(),
                    by = actor.Name,
                    now = clock.GetUtcNow(),
                },
                ct
            );
            await inspections.InspectAsync([f.CaseId], ct);
            audit.Note("case", f.CaseId, new { waived = f.Code, f.Args }, f.CaseId, command.Reason.Trim());
        }

        private sealed record Row
        {
            public long CaseId { get; init; }
            public string Code { get; init; } = "";
            public string Args { get; init; } = "";
        }
    }
}
