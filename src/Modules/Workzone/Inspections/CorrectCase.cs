using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Workzone.Inspections;

/// <summary>Corrects what is recorded of a case itself; what is absent stays. The clock is computed again and the case inspected in the same
/// transaction.</summary>
[Permit("workzone.inspection.correct")]
[Audited("workzone.case.correct")]
internal sealed record CorrectCase : ICommand
{
    public long CaseId { get; init; }
    public string? Kind { get; init; }
    public string? Cause { get; init; }

    /// <summary>Yuan, two decimals at most.</summary>
    public decimal? Amount { get; init; }
    public DateOnly? FiledOn { get; init; }
    public DateOnly? AllottedOn { get; init; }
    public DateOnly? CustodyUntil { get; init; }

    /// <summary>Nobody is in custody: takes the recorded day away.</summary>
    public bool NoCustody { get; init; }
    public DateOnly? ClosedOn { get; init; }
    public string? ClosedHow { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>The version the person saw; null where a program did not look.</summary>
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<CorrectCase>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明更正的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
            RuleFor(c => c.Cause).Must(c => c!.Trim().Length is >= 2 and <= 120).When(c => c.Cause is not null).WithMessage("案由为 2 到 120 个字符。");
            RuleFor(c => c.Kind)
                .Must(k => Triggers.TriggerTable.Kinds.ContainsKey(k!))
                .When(c => !string.IsNullOrEmpty(c.Kind))
                .WithMessage("没有这种案件类型。");
            RuleFor(c => c.Amount)
                .Must(a => a > 0 && decimal.Round(a.Value, 2) == a && a < 10_000_000_000_000m)
                .When(c => c.Amount is not null)
                .WithMessage("标的额应大于零，最多两位小数。");
            RuleFor(c => c.FiledOn)
                .Must(d => d <= Times.Day(clock.GetUtcNow()) && d >= new DateOnly(1991, 1, 1))
                .When(c => c.FiledOn is not null)
                .WithMessage("立案日期不能在今天之后，也不能早于 1991 年。");
            RuleFor(c => c.AllottedOn).Must(d => d <= Times.Day(clock.GetUtcNow())).When(c => c.AllottedOn is not null).WithMessage("分案日期不能在今天之后。");
            RuleFor(c => c.ClosedHow)
                .Must(h => CaseClosings.Labels.ContainsKey(h!))
                .When(c => !string.IsNullOrEmpty(c.ClosedHow))
                .WithMessage("没有这种结案方式。");
            RuleFor(c => c.CustodyUntil).Null().When(c => c.NoCustody).WithMessage("羁押期限和“没有羁押”只能填一样。");
        }
    }

    internal sealed class Handler(
        Db db,
        ICases cases,
        ClockBook clocks,
        InspectionBook inspections,
        TimeProvider clock,
        AuditTrail audit,
        Kernel.Search.SearchChanges search,
        Changes changes,
        Supervision.CaseCounts counts
    ) : CommandHandler<CorrectCase>
    {
        protected override async Task RunAsync(CorrectCase command, CancellationToken ct)
        {
            await cases.GetAsync(command.CaseId, ct);
            var there = (
                await db.FirstAsync<Stored>(
                    """
                    SELECT id, kind, cause, amount, filed_on, allotted_on, custody_until, state, closed_on, closed_how, version
                    FROM workzone_case
                    WHERE id = @CaseId
                    """,
                    new { command.CaseId },
                    ct
                )
            )!;
            if (command.Version is { } seen && seen != there.Version)
                throw new Conflict("案件信息刚被他人修改，请核对后再保存。");
            var next = there with
            {
                Kind = string.IsNullOrEmpty(command.Kind) ? there.Kind : command.Kind,
                Cause = command.Cause?.Trim() ?? there.Cause,
                Amount = command.Amount is { } yuan ? (long)(yuan * 100) : there.Amount,
                FiledOn = command.FiledOn ?? there.FiledOn,
                AllottedOn = command.AllottedOn ?? there.AllottedOn,
                CustodyUntil = command.NoCustody ? null : command.CustodyUntil ?? there.CustodyUntil,
                ClosedOn = command.ClosedOn ?? there.ClosedOn,
                ClosedHow = string.IsNullOrEmpty(command.ClosedHow) ? there.ClosedHow : command.ClosedHow,
            };
            if (there.State == "open" && (command.ClosedOn is not null || !string.IsNullOrEmpty(command.ClosedHow)))
                throw new RuleBroken("案件还没有结案，不能更正结案信息。", "ClosedOn", "open");
            if (next.AllottedOn < next.FiledOn)
                throw new RuleBroken($"分案日期 {Times.Iso(next.AllottedOn.Value)} 早于立案日期 {Times.Iso(next.FiledOn)}。", "AllottedOn");
            if (next.ClosedOn < next.FiledOn)
                throw new RuleBroken($"结案日期 {Times.Iso(next.ClosedOn.Value)} 早于立案日期 {Times.Iso(next.FiledOn)}。", "ClosedOn");
            if (next.CustodyUntil is not null && next.CustodyUntil != there.CustodyUntil && next.Kind != "criminal")
                throw new RuleBroken("只有刑事案件才登记羁押期限。", "CustodyUntil");
            if (next == there)
                throw new RuleBroken("没有任何更正。", "Reason", "nothing");
            if (
                await counts.ExecuteAsync(
                    there.Id,
                    """
                    UPDATE workzone_case SET kind = @Kind, cause = @Cause, amount = @Amount, filed_on = @FiledOn, allotted_on = @AllottedOn,
                        custody_until = @CustodyUntil, closed_on = @ClosedOn,
                           closed_how = @ClosedHow, changed_at = @now, moved_at = @now, version = version + 1
                    WHERE id = @Id AND version = @Version
                    """,
                    new
                    {
                        next.Kind,
                        next.Cause,
                        next.Amount,
                        next.FiledOn,
                        next.AllottedOn,
                        next.CustodyUntil,
                        next.ClosedOn,
                        next.ClosedHow,
                        there.Id,
                        there.Version,
                        now = clock.GetUtcNow(),
                    },
                    ct
                ) == 0
            )
                throw new Conflict("案件信息刚被他人修改，请核对后再保存。");
            if (next.FiledOn != there.FiledOn || next.CustodyUntil is null != there.CustodyUntil is null)
                await clocks.RecomputeAsync(command.CaseId, "correction", ct);
            await search.AddManyAsync(Search.CaseSource.Name, [command.CaseId], ct);
            audit.Note(
                "case",
                command.CaseId,
                new
                {
                    was = new
                    {
                        there.Kind,
                        there.Cause,
                        there.Amount,
                        there.FiledOn,
                        there.AllottedOn,
                        there.CustodyUntil,
                        there.ClosedOn,
                        there.ClosedHow,
                    },
                    now = new
                    {
                        next.Kind,
                        next.Cause,
                        next.Amount,
                        next.FiledOn,
                        next.AllottedOn,
                        next.CustodyUntil,
                        next.ClosedOn,
                        next.ClosedHow,
                    },
                },
                command.CaseId,
                command.Reason.Trim()
            );
            await inspections.InspectAsync([command.CaseId], ct);
            db.OnCommitted(() => changes.Say($"case:{command.CaseId}"));
        }

        private sealed record Stored
        {
            public long Id { get; init; }
            public string Kind { get; init; } = "";
            public string Cause { get; init; } = "";
            public long? Amount { get; init; }
            public DateOnly FiledOn { get; init; }
            public DateOnly? AllottedOn { get; init; }
            public DateOnly? CustodyUntil { get; init; }
            public string State { get; init; } = "";
            public DateOnly? ClosedOn { get; init; }
            public string? ClosedHow { get; init; }
            public int Version { get; init; }
        }
    }
}
