using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Money;

/// <summary>Asks for money of a case to be paid out.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.ask")]
internal sealed record AskPayout : ICommand<long>
{
    public long CaseId { get; init; }

    /// <summary>A party of the case; null with a payee by name.</summary>
    public long? PartyId { get; init; }
    public string Payee { get; init; } = "";
    public string Account { get; init; } = "";
    public string Kind { get; init; } = "creditor";

    /// <summary>Yuan.</summary>
    public decimal? Amount { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskPayout>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Kind).Must(Accounts.Kinds.ContainsKey).WithMessage("请选择发放的种类。");
            RuleFor(c => c.PartyId).NotNull().When(c => c.Kind is "creditor" or "refund").WithMessage("请选择收款的当事人。");
            RuleFor(c => c.Payee)
                .NotEmpty()
                .When(c => c.PartyId is null && c.Kind is not ("creditor" or "refund"))
                .WithMessage("请填写收款人。")
                .MaximumLength(200)
                .WithMessage("收款人最长 200 个字符。");
            RuleFor(c => c.Account).NotEmpty().WithMessage("请填写收款账号。").MaximumLength(64).WithMessage("账号最长 64 个字符。");
            RuleFor(c => c.Amount).NotNull().WithMessage("请填写金额。").Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(ICases cases, CaseMoney money, Secrets secrets, AuditTrail audit) : ICommandHandler<AskPayout, long>
    {
        public async Task<long> Handle(AskPayout c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var party = c.PartyId is { } id
                ? (await cases.PartiesAsync(card.Id, cancellationToken)).FirstOrDefault(p => p.Id == id)
                    ?? throw new RuleBroken("请选择本案的当事人。", "PartyId")
                : null;
            if (party is not null && c.Kind == "creditor" && !Measures.PartySide.Asks(party.Role) && !Measures.PartySide.IsOpen(party.Role))
                throw new RuleBroken($"{party.Name}是{party.Role}，不是申请执行人。", "PartyId");
            if (party is not null && c.Kind == "refund" && !Measures.MeasureWork.MayOwe(party.Role))
                throw new RuleBroken($"{party.Name}是{party.Role}，不是被执行人。", "PartyId");
            var account = PayeeAccount.Read(c.Account);
            var payout = await money.AskAsync(
                card,
                null,
                party?.Id,
                party?.Name ?? c.Payee.Trim(),
                secrets.Protect(account),
                "…" + account[^4..],
                c.Kind,
                CaseMoney.Cents(c.Amount!.Value),
                c.Words.Trim(),
                cancellationToken
            );
            audit.Note("payout", payout, new { c.Kind, c.Amount }, card.Id);
            return payout;
        }
    }
}

/// <summary>Approves a payout, or not: never the person who asked.</summary>
[Permit("enforcement.approve")]
[Audited("enforcement.money.decide")]
internal sealed record DecidePayout : ICommand<PayoutRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool Granted { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecidePayout>
    {
        public Validator() =>
            RuleFor(c => c.Words).NotEmpty().When(c => !c.Granted).WithMessage("不批准须写明理由。").MaximumLength(400).WithMessage("意见最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, CaseMoney money, TimeProvider clock, AuditTrail audit) : ICommandHandler<DecidePayout, PayoutRow>
    {
        public async Task<PayoutRow> Handle(DecidePayout c, CancellationToken cancellationToken)
        {
            var p = await money.PayoutAsync(c.Id, c.Version, cancellationToken);
            if (p.AskedBy == actor.Id)
                throw new RuleBroken("申请人不能批准自己的发放。", "Granted", "own");
            if (p.AccountBy == actor.Id)
                throw new RuleBroken("补填收款账号的人不能批准这笔发放。", "Granted", "own-account");
            if (c.Granted && p.AccountHint is null)
                throw new RuleBroken("还没有收款账号，请先补填。", "Granted", "no-account");
            await CaseMoney.Payouts.MoveAsync(
                db,
                c.Granted ? "approve" : "refuse",
                p.State,
                new
                {
                    p.Id,
                    p.Version,
                    name = actor.Name,
                    now = clock.StoredNow(),
                    words = c.Words.Trim(),
                },
                "decided_name = @name, decided_at = @now, decided_words = @words",
                cancellationToken
            );
            audit.Note("payout", p.Id, new { c.Granted, p.Amount }, p.CaseId);
            return await money.PayoutAsync(p.Id, null, cancellationToken);
        }
    }
}

/// <summary>What became of a payout: paid by the bank, sent back by it, or taken back before.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.pay")]
internal sealed record StepPayout : ICommand<PayoutRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>pay, fail or cancel.</summary>
    public string Step { get; init; } = "";
    public DateOnly? On { get; init; }
    public string Reference { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<StepPayout>
    {
        public Validator()
        {
            RuleFor(c => c.Step).Must(s => s is "pay" or "fail" or "cancel").WithMessage("可以登记付款、退回或者撤回。");
            RuleFor(c => c.Reference)
                .NotEmpty()
                .When(c => c.Step == "pay")
                .WithMessage("请填写付款的银行流水号。")
                .MaximumLength(80)
                .WithMessage("流水号最长 80 个字符。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Step is "fail" or "cancel")
                .WithMessage("请写明原因。")
                .MaximumLength(400)
                .WithMessage("原因最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, CaseMoney money, AuditTrail audit) : ICommandHandler<StepPayout, PayoutRow>
    {
        public async Task<PayoutRow> Handle(StepPayout c, CancellationToken cancellationToken)
        {
            var p = await money.PayoutAsync(c.Id, c.Version, cancellationToken);
            var on = c.On ?? money.Today;
            if (on > money.Today || on < Times.Day(p.AskedAt))
                throw new RuleBroken($"日期应在申请发放（{Times.Iso(Times.Day(p.AskedAt))}）之后、今天以前。", "On");
            switch (c.Step)
            {
                case "pay":
                    await money.PayAsync(p, on, c.Reference.Trim(), cancellationToken);
                    break;
                case "fail":
                    await money.FailAsync(p, on, c.Words.Trim(), cancellationToken);
                    break;
                default:
                    await CaseMoney.Payouts.MoveAsync(
                        db,
                        "cancel",
                        p.State,
                        new
                        {
                            p.Id,
                            p.Version,
                            words = c.Words.Trim(),
                        },
                        "decided_words = @words",
                        cancellationToken
                    );
                    break;
            }
            audit.Note("payout", p.Id, new { c.Step, p.Amount }, p.CaseId);
            return await money.PayoutAsync(p.Id, null, cancellationToken);
        }
    }
}
