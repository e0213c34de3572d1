using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Papers;

/// <summary>When a frozen deposit can be taken. Pure.</summary>
internal static class DeductRules
{
    /// <param name="cents">What is to be taken.</param>
    /// <exception cref="RuleBroken">Field Id: no deposit, not in force as the first, or in preservation. Field Amount: nothing, or more than is
    /// frozen.</exception>
    public static void Check(MeasureRow m, long cents)
    {
        if (m.Kind != "deposit")
            throw new RuleBroken("只有冻结的存款可以扣划。", "Id", "not-deposit");
        if (m is not { State: MeasureState.Active, Place: 1 })
            throw new RuleBroken("只有生效的首次冻结可以扣划。", "Id", "state");
        if (m.Basis == "preservation")
            throw new RuleBroken("保全期间不能扣划；立执行案件后再办理。", "Id", "preservation");
        if (cents <= 0)
            throw new RuleBroken("请填写扣划的金额。", "Amount");
        if (m.Amount is { } frozen && cents > frozen)
            throw new RuleBroken($"扣划 {Ui.Yuan(cents)} 元超过冻结的 {Ui.Yuan(frozen)} 元。", "Amount", "too-much");
    }
}

/// <summary>Money of a frozen deposit came to the court (扣划): it is money of the case, what is frozen is less by it; all of it taken, the
/// freeze ends.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.measure.deduct")]
internal sealed record DeductDeposit : ICommand<MeasureRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>Yuan.</summary>
    public decimal? Amount { get; init; }
    public DateOnly? On { get; init; }

    /// <summary>The bank's reference.</summary>
    public string Reference { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DeductDeposit>
    {
        public Validator()
        {
            RuleFor(c => c.Amount).NotNull().WithMessage("请填写金额。").Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Reference).NotEmpty().WithMessage("请填写银行流水号或者收据号。").MaximumLength(80).WithMessage("流水号最长 80 个字符。");
        }
    }

    internal sealed class Handler(Deducting deducting) : ICommandHandler<DeductDeposit, MeasureRow>
    {
        public async Task<MeasureRow> Handle(DeductDeposit c, CancellationToken cancellationToken) => await deducting.TakeAsync(c, cancellationToken);
    }
}

/// <summary>Takes a frozen deposit in the open transaction.</summary>
internal sealed class Deducting(Db db, ICases cases, MeasureWork work, CaseMoney money, AuditTrail audit)
{
    /// <exception cref="RuleBroken">The measure does not allow it, the date or the reference does not do; with its field.</exception>
    public async Task<MeasureRow> TakeAsync(DeductDeposit c, CancellationToken ct)
    {
        var m = (await work.GetAsync(c.Id, ct)).Seen(c.Version);
        var card = await cases.GetAsync(m.CaseId, ct);
        var cents = CaseMoney.Cents(c.Amount!.Value);
        DeductRules.Check(m, cents);
        var on = c.On ?? work.Today;
        // renewed ahead of its end, the new term has not begun, and the deposit is frozen all the same
        if (on > work.Today || on < (m.Round == 1 ? m.StartOn : m.RuledOn ?? m.StartOn))
            throw new RuleBroken("扣划的日期应在冻结之后、今天以前。", "On");
        var (receipt, repeated) = await money.ReceiveAsync(
            card.CourtId,
            card,
            cents,
            on,
            m.Authority.Length > 0 ? m.Authority : m.PartyName,
            $"扣划 {m.PartyName} {m.AssetName}",
            c.Reference.Trim(),
            "deduct",
            ct
        );
        if (repeated)
            throw new RuleBroken($"流水号 {receipt.Reference} 已经入账。", "Reference", "repeated");
        await db.ExecuteAsync(
            "UPDATE enforcement_asset SET value = CASE WHEN value > @cents THEN value - @cents ELSE 0 END WHERE id = @AssetId AND value IS NOT NULL",
            new { m.AssetId, cents },
            ct
        );
        await work.NoteAsync(m, "deducted", on, $"{Ui.Yuan(cents)} 元，{c.Reference.Trim()}", ct);
        if (m.Amount == cents)
        {
            m = await work.SaveAsync(m with { EndedOn = on, EndedReason = "sold" }, MeasureStep.Release, "released", on, "已全部扣划", "released", ct);
        }
        else
        {
            await db.ExecuteAsync(
                "UPDATE enforcement_measure SET amount = amount - @cents, frozen = CASE WHEN frozen > @cents THEN frozen - @cents WHEN frozen IS NULL "
                    + "THEN NULL ELSE 0 END WHERE id = @Id",
                new { m.Id, cents },
                ct
            );
            m = await work.SaveAsync(
                (await work.GetAsync(m.Id, ct)) with
                {
                    Receipt = m.Receipt,
                },
                MeasureStep.Mark,
                "reduced",
                on,
                $"扣划后限额 {Ui.Yuan((m.Amount ?? cents) - cents)} 元",
                null,
                ct
            );
        }
        audit.Note("measure", m.Id, new { deducted = cents, on }, m.CaseId);
        return m;
    }
}
