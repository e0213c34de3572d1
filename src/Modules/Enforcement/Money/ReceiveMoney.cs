using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Money;

/// <summary>Books money that came for a case.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.receive")]
internal sealed record ReceiveMoney : ICommand<ReceiptRow>
{
    public long CaseId { get; init; }

    /// <summary>Yuan.</summary>
    public decimal? Amount { get; init; }
    public DateOnly? On { get; init; }
    public string Payer { get; init; } = "";
    public string Reference { get; init; } = "";
    public string Source { get; init; } = "transfer";
    public string Memo { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ReceiveMoney>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Amount).NotNull().WithMessage("请填写金额。").Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Payer).NotEmpty().WithMessage("请填写付款人。").MaximumLength(200).WithMessage("付款人最长 200 个字符。");
            RuleFor(c => c.Reference).NotEmpty().WithMessage("请填写银行流水号或者收据号。").MaximumLength(80).WithMessage("流水号最长 80 个字符。");
            RuleFor(c => c.Source).Must(Accounts.Sources.ContainsKey).WithMessage("请选择来源。");
            RuleFor(c => c.Memo).MaximumLength(200).WithMessage("附言最长 200 个字符。");
        }
    }

    internal sealed class Handler(ICases cases, CaseMoney money, AuditTrail audit) : ICommandHandler<ReceiveMoney, ReceiptRow>
    {
        public async Task<ReceiptRow> Handle(ReceiveMoney c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var on = c.On ?? money.Today;
            if (on > money.Today || on.Year < 2000)
                throw new RuleBroken($"日期不能晚于今天 {Times.Iso(money.Today)}。", "On");
            var (row, repeated) = await money.ReceiveAsync(
                card.CourtId,
                card,
                CaseMoney.Cents(c.Amount!.Value),
                on,
                c.Payer.Trim(),
                c.Memo.Trim(),
                c.Reference.Trim(),
                c.Source,
                cancellationToken
            );
            if (repeated && row.CaseId != card.Id)
                throw new RuleBroken($"流水号 {row.Reference} 已经记在别处。", "Reference", "other-case");
            audit.Note(
                "receipt",
                row.Id,
                new
                {
                    row.Amount,
                    on,
                    c.Source,
                    repeated,
                },
                card.Id
            );
            return row;
        }
    }
}
