using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using FluentValidation;

namespace CourtOps.Enforcement.Auctions;

/// <summary>Publishes the first or second auction, or the direct sale after two failures; the limits of the law hold.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.auction.publish")]
internal sealed record PublishAuction : ICommand<AuctionRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>Yuan.</summary>
    public decimal? StartPrice { get; init; }
    public decimal? Deposit { get; init; }
    public decimal? StepPrice { get; init; }
    public DateOnly? NoticeOn { get; init; }
    public DateOnly? OpensOn { get; init; }

    /// <summary>The day parties and those with priority were told, three days before the notice at the latest (Art 16).</summary>
    public DateOnly? ToldOn { get; init; }

    internal sealed class Validator : AbstractValidator<PublishAuction>
    {
        public Validator()
        {
            RuleFor(c => c.StartPrice).NotNull().WithMessage("请填写起拍价。").Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Deposit).Must(a => a is null or 0 || CaseMoney.IsMoney(a)).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.StepPrice).Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.NoticeOn).NotNull().WithMessage("请填写公告日期。");
            RuleFor(c => c.OpensOn)
                .NotNull()
                .WithMessage("请填写开拍日期。")
                .Must(d => d is null or { Year: >= 2000 and <= 2100 })
                .WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.ToldOn).NotNull().WithMessage("请填写通知当事人和优先购买权人的日期。");
        }
    }

    internal sealed class Handler(AuctionBook book, AuditTrail audit) : ICommandHandler<PublishAuction, AuctionRow>
    {
        public async Task<AuctionRow> Handle(PublishAuction c, CancellationToken cancellationToken)
        {
            var a = await book.GetAsync(c.Id, c.Version, cancellationToken);
            if (a.State is not ("priced" or "failed" or "defaulted"))
                throw new RuleBroken($"拍卖现在是“{AuctionRules.States[a.State]}”，不能公告。", code: "state");
            var again = a.State == "defaulted";
            var sale = AuctionRules.NextSale(a.State, a.Sale);
            var before = AuctionRules.Before(a.State, a.Sale, a.StartPrice, a.PriorPrice);
            var (price, deposit) = (CaseMoney.Cents(c.StartPrice!.Value), CaseMoney.Cents(c.Deposit ?? 0));
            if (c.NoticeOn > book.Today || c.NoticeOn < (again ? a.DefaultedOn : a.FailedOn ?? a.ValuedOn))
                throw new RuleBroken("公告日期应在定价、流拍或者悔拍之后、今天以前。", "NoticeOn");
            if (c.ToldOn > c.NoticeOn!.Value.AddDays(-3))
                throw new RuleBroken(
                    $"当事人和优先购买权人应在公告三日前即 {Times.Iso(c.NoticeOn.Value.AddDays(-3))} 前通知（网拍规定第16条）。",
                    "ToldOn",
                    "told-late"
                );
            if (
                AuctionRules.Judge(
                    a.Kind,
                    sale,
                    a.Valuation,
                    a.ValuedOn,
                    before,
                    again ? null : a.FailedOn,
                    price,
                    deposit,
                    c.NoticeOn.Value,
                    c.OpensOn!.Value
                ) is
                { } broken
            )
                throw broken;
            a = await book.MoveAsync(
                a,
                "publish",
                c.NoticeOn.Value,
                $"{AuctionRules.Sales[sale]}{(again ? "（重新拍卖）" : "")}，起拍价 {Ui.Yuan(price)} 元，{Times.Iso(c.OpensOn.Value)} 开拍",
                "sale = @sale, start_price = @price, prior_price = @before, defaulted_on = NULL, deposit = @deposit, step_price = @stepPrice, "
                    + "notice_on = @NoticeOn, opens_on = @OpensOn, told_on = @ToldOn",
                new
                {
                    a.Id,
                    a.Version,
                    sale,
                    price,
                    before,
                    deposit,
                    stepPrice = c.StepPrice is { } y ? CaseMoney.Cents(y) : (long?)null,
                    c.NoticeOn,
                    c.OpensOn,
                    c.ToldOn,
                },
                cancellationToken
            );
            audit.Note(
                "auction",
                a.Id,
                new
                {
                    sale,
                    price,
                    c.OpensOn,
                },
                a.CaseId
            );
            return a;
        }
    }
}
