using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Cases;
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

    internal sealed class Handler(AuctionBook book, CaseMoney money, ICases cases, AuditTrail audit) : ICommandHandler<StepAuction, AuctionRow>
    {
        public async Task<AuctionRow> Handle(StepAuction c, CancellationToken cancellationToken)
        {
            var a = await book.GetAsync(c.Id, c.Version, cancellationToken);
            var on = c.On ?? book.Today;
            var since = a.State switch
            {
                "noticed" when c.Step is "sell" or "fail" => a.OpensOn,
                "sold" => a.SoldOn,
                "paid" => a.PaidOn,
                "ruled" => a.RulingOn,
                "failed" => a.FailedOn,
                "defaulted" => a.DefaultedOn,
                _ => a.ValuedOn,
            };
            if (on > book.Today || on < since)
                throw new RuleBroken($"日期应在 {Times.Iso(since!.Value)} 之后、今天以前。", "On");
            var price = c.Price is { } yuan ? CaseMoney.Cents(yuan) : (long?)null;
            if (c.Step == "sell" && price < a.StartPrice)
                throw new RuleBroken($"成交价低于起拍价 {Ui.Yuan(a.StartPrice!.Value)} 元。", "Price");
            if (c.Step == "sell" && await book.DefaultedAsync(a.Id, c.Buyer, cancellationToken))
                throw new RuleBroken($"{c.Buyer.Trim()}悔拍过这项财产，重新拍卖时不得参加竞买（网拍规定第24条）。", "Buyer", "defaulter");
            if (c.Step == "take" && a.Sale < 2)
                throw new RuleBroken("第二次流拍以后，才能询问以物抵债。", "Step", "too-early");
            var args = new
            {
                a.Id,
                a.Version,
                on,
                price,
                buyer = c.Buyer.Trim(),
                words = c.Words.Trim(),
            };
            var (set, words) = c.Step switch
            {
                "fail" => ("failed_on = @on", ""),
                "sell" => ("sold_on = @on, sold_price = @price, buyer = @buyer", $"{args.buyer} {Ui.Yuan(price!.Value)} 元"),
                "default" => ("defaulted_on = @on, sold_on = NULL, sold_price = NULL, buyer = NULL, reason = @words", args.words),
                "pay" => ("paid_on = @on", c.Reference),
                "rule" => ("ruling_on = @on", ""),
                "hand" => ("handed_on = @on", ""),
                "take" => ("ruling_on = @on, buyer = @buyer, reason = @words", args.buyer),
                _ => ("reason = @words", args.words),
            };
            var was = a;
            a = await book.MoveAsync(a, c.Step, on, words, set, args, cancellationToken);
            if (c.Step == "default")
                await book.BarAsync(was, on, cancellationToken);
            // the price is money of the case; the deposit is part of it
            if (c.Step == "pay")
                await TakePriceAsync(a, was, on, c.Reference.Trim(), cancellationToken);
            audit.Note(
                "auction",
                a.Id,
                new
                {
                    c.Step,
                    on,
                    price,
                },
                a.CaseId
            );
            return a;
        }

        // the bank's statement may have been there first: what it left without a case is assigned, what belongs elsewhere pays nothing here
        private async Task TakePriceAsync(AuctionRow a, AuctionRow was, DateOnly on, string reference, CancellationToken ct)
        {
            var card = await cases.GetAsync(a.CaseId, ct);
            var (row, repeated) = await money.ReceiveAsync(
                a.CourtId,
                card,
                was.SoldPrice!.Value,
                on,
                was.Buyer!,
                $"{a.AssetName}拍卖价款",
                reference,
                "auction",
                ct
            );
            if (!repeated)
                return;
            if (row.State == "suspense")
                await money.AssignAsync(row, card, ct);
            else if (row.CaseId != card.Id || row.State != "held")
                throw new RuleBroken($"流水号 {reference} 已经记在别处。", "Reference", "other-case");
        }
    }
}
