using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.Enforcement.Auctions;

/// <summary>What came of a sale and after it: failed, sold, defaulted, paid, ruled, handed over, taken in kind, stopped.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.auction.step")]
internal sealed record StepAuction : ICommand<AuctionRow>
{
    public static readonly IReadOnlyDictionary<string, string> Steps = new Dictionary<string, string>
    {
        ["fail"] = "流拍",
        ["sell"] = "成交",
        ["default"] = "买受人悔拍",
        ["pay"] = "价款到账",
        ["rule"] = "成交裁定送达",
        ["hand"] = "交付",
        ["take"] = "以物抵债",
        ["stop"] = "撤回",
    };

    public long Id { get; init; }
    public int? Version { get; init; }
    public string Step { get; init; } = "";
    public DateOnly? On { get; init; }

    /// <summary>Yuan.</summary>
    public decimal? Price { get; init; }
    public string Buyer { get; init; } = "";

    /// <summary>With a default: yuan that the failed sale cost, which the deposit pays first.</summary>
    public decimal? Costs { get; init; }

    /// <summary>With a debt in kind: yuan of the taker's claim that are set off; what the case owes where it is not given.</summary>
    public decimal? Claim { get; init; }
    public string Reference { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<StepAuction>
    {
        public Validator()
        {
            RuleFor(c => c.Step).Must(Steps.ContainsKey).WithMessage("没有这个动作。");
            RuleFor(c => c.Price)
                .NotNull()
                .When(c => c.Step == "sell")
                .WithMessage("请填写成交价。")
                .Must(CaseMoney.IsMoney)
                .WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Buyer)
                .NotEmpty()
                .When(c => c.Step is "sell" or "take")
                .WithMessage("请填写买受人或者承受人。")
                .MaximumLength(200)
                .WithMessage("买受人最长 200 个字符。");
            RuleFor(c => c.Costs).Must(a => a is null or 0 || CaseMoney.IsMoney(a)).WithMessage("费用应不为负，最多两位小数。");
            RuleFor(c => c.Claim).Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Reference)
                .NotEmpty()
                .When(c => c.Step == "pay")
                .WithMessage("请填写价款的银行流水号。")
                .MaximumLength(80)
                .WithMessage("流水号最长 80 个字符。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Step is "stop" or "default")
                .WithMessage("请写明原因。")
                .MaximumLength(400)
                .WithMessage("原因最长 400 个字符。");
        }
    }

    internal sealed class Handler(AuctionSteps steps) : ICommandHandler<StepAuction, AuctionRow>
    {
        public Task<AuctionRow> Handle(StepAuction c, CancellationToken cancellationToken) => steps.TakeAsync(c, cancellationToken);
    }
}
