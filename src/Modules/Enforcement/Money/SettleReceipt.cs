using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Money;

/// <summary>Whose money it is that came without a case, or that it goes back.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.settle")]
internal sealed record SettleReceipt : ICommand<ReceiptRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>The case's number; empty to return the money.</summary>
    public string CaseNumber { get; init; } = "";
    public bool Return { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SettleReceipt>
    {
        public Validator()
        {
            RuleFor(c => c.CaseNumber).NotEmpty().When(c => !c.Return).WithMessage("请填写案号，或者选择退回。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Return)
                .WithMessage("请写明退回的原因和去向。")
                .MaximumLength(400)
                .WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, CaseMoney money, AuditTrail audit) : ICommandHandler<SettleReceipt, ReceiptRow>
    {
        public async Task<ReceiptRow> Handle(SettleReceipt c, CancellationToken cancellationToken)
        {
            var r = await money.ReceiptAsync(c.Id, c.Version, cancellationToken);
            if (c.Return)
            {
                audit.Note("receipt", r.Id, new { askedToReturn = r.Amount });
                return await money.AskReturnAsync(r, c.Words.Trim(), cancellationToken);
            }
            if (r.ReturnBy is not null)
                throw new RuleBroken("这笔来款已申请退回，等待审批；不退的，先由审批人驳回。", "CaseNumber", "return-asked");
            var number = CaseNumber(c.CaseNumber);
            var id = await db.FirstAsync<long?>(
                "SELECT id FROM workzone_case_card WHERE number = @number AND court_id = @CourtId",
                new { number, r.CourtId },
                cancellationToken
            );
            if (id is null || !await cases.CanReadAsync(id.Value, cancellationToken))
                throw new RuleBroken($"本院没有您能办理的案件 {number}。", "CaseNumber");
            audit.Note("receipt", r.Id, new { r.Amount }, id);
            return await money.AssignAsync(r, await cases.GetAsync(id.Value, cancellationToken), cancellationToken);
        }

        private static string CaseNumber(string text) =>
            Law.CaseNumber.TryParse(text.Trim(), out var number)
                ? number.Canonical
                : throw new RuleBroken($"案号“{text}”不合格式，应形如（2026）吉2424执123号。", "CaseNumber");
    }
}
