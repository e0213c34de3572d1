using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.Enforcement.Money;

/// <summary>Money without a case goes back, or stays: never decided by who asked.</summary>
[Permit("enforcement.approve")]
[Audited("enforcement.money.return")]
internal sealed record DecideReturn : ICommand<ReceiptRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool Granted { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecideReturn>
    {
        public Validator() =>
            RuleFor(c => c.Words).NotEmpty().When(c => !c.Granted).WithMessage("不批准须写明理由。").MaximumLength(400).WithMessage("意见最长 400 个字符。");
    }

    internal sealed class Handler(Actor actor, CaseMoney money, AuditTrail audit) : ICommandHandler<DecideReturn, ReceiptRow>
    {
        public async Task<ReceiptRow> Handle(DecideReturn c, CancellationToken cancellationToken)
        {
            var r = await money.ReceiptAsync(c.Id, c.Version, cancellationToken);
            if (r.ReturnBy is null)
                throw new RuleBroken("没有人申请退回这笔来款。", code: "not-asked");
            if (r.ReturnBy == actor.Id)
                throw new RuleBroken("申请人不能批准自己的申请。", "Granted", "own");
            audit.Note("receipt", r.Id, new { c.Granted, r.Amount });
            return c.Granted
                ? await money.ReturnAsync(r, c.Words.Trim().Length > 0 ? c.Words.Trim() : r.Words ?? "", cancellationToken)
                : await money.KeepAsync(r, c.Words.Trim(), cancellationToken);
        }
    }
}
