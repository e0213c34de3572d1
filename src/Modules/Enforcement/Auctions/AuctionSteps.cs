using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Money;
using CourtOps.Enforcement.Papers;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Auctions;

/// <summary>The steps of a sale, entered by hand or read from a file of results; in the open transaction. Nothing is written before the rules held.</summary>
internal sealed class AuctionSteps(AuctionBook book, CaseMoney money, DepositBook deposits, PaperBook papers, Lookout lookout, ICases cases, AuditTrail audit)
{
    /// <exception cref="RuleBroken">The step does not fit the state, the day or the price.</exception>
    public async Task<AuctionRow> TakeAsync(StepAuction c, CancellationToken ct)
    {
        var a = await book.GetAsync(c.Id, c.Version, ct);
        var on = c.On ?? book.Today;
        var since = Since(a, c.Step);
        if (on > book.Today || on < since)
            throw new RuleBroken($"日期应在 {Times.Iso(since)} 之后、今天以前。", "On");
        if (AuctionRow.Table.Find(c.Step, a.State) is null)
            throw new RuleBroken($"拍卖现在是“{AuctionRules.States[a.State]}”，不能登记{StepAuction.Steps[c.Step]}。", "Step", "state");
        var price = c.Price is { } yuan ? CaseMoney.Cents(yuan) : (long?)null;
        if (c.Step == "sell" && price < a.StartPrice)
            throw new RuleBroken($"成交价低于起拍价 {Ui.Yuan(a.StartPrice!.Value)} 元。", "Price");
        if (c.Step == "sell" && await book.DefaultedAsync(a.Id, c.Buyer, ct))
            throw new RuleBroken($"{c.Buyer.Trim()}悔拍过这项财产，重新拍卖时不得参加竞买（网拍规定第24条）。", "Buyer", "defaulter");
        if (c.Step == "take" && a.Sale < 2)
            throw new RuleBroken("第二次流拍以后，才能询问以物抵债。", "Step", "too-early");
        var kind = c.Step == "take" ? await KindAsync(a, c, ct) : null;
        var args = new
        {
            a.Id,
            a.Version,
            on,
            price = kind?.Price ?? price,
            credited = kind?.Credited,
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
            "take" => (
                "ruling_on = @on, sold_on = @on, sold_price = @price, credited = @credited, buyer = @buyer, reason = @words",
                $"{args.buyer} {Ui.Yuan(kind!.Price)} 元，抵 {Ui.Yuan(kind.Credited)} 元"
            ),
            _ => ("reason = @words", args.words),
        };
        var was = a;
        a = await book.MoveAsync(a, c.Step, on, words, set, args, ct);
        switch (c.Step)
        {
            case "default":
                await book.BarAsync(was, on, ct);
                await deposits.ForfeitAsync(was, on, CaseMoney.Cents(c.Costs ?? 0), ct);
                break;
            case "sell":
                await deposits.SettleAsync(a, price!.Value, ct);
                break;
            // the price is money of the case; the deposit is part of it
            case "pay":
                await TakePriceAsync(a, was, on, c.Reference.Trim(), ct);
                break;
            case "take":
                await TakeInKindAsync(a, kind!, on, c.Reference.Trim(), ct);
                break;
            default:
                break;
        }
        if (c.Step is "sell" or "fail" or "stop" or "default")
            await deposits.RemindAsync(a, on, ct);
        audit.Note(
            "auction",
            a.Id,
            new
            {
                c.Step,
                on,
                args.price,
            },
            a.CaseId
        );
        return a;
    }

    private static DateOnly Since(AuctionRow a, string step) =>
        a.State switch
        {
            "noticed" when step is "sell" or "fail" => a.OpensOn!.Value,
            "sold" => a.SoldOn!.Value,
            "paid" => a.PaidOn!.Value,
            "ruled" or "in-kind" => a.RulingOn!.Value,
            "failed" => a.FailedOn!.Value,
            "defaulted" => a.DefaultedOn!.Value,
            _ => a.ValuedOn,
        };

    // at the reserve of the sale that failed; what is more than the claim is paid in
    private async Task<DebtInKind> KindAsync(AuctionRow a, StepAuction c, CancellationToken ct)
    {
        var (facts, _) = await lookout.FactsAsync(a.CaseId, ct);
        var kind = AuctionRules.InKind(a.StartPrice!.Value, c.Claim is { } yuan ? CaseMoney.Cents(yuan) : null, facts.Owed);
        if (c.Claim is not null && facts.Owed is { } owed && CaseMoney.Cents(c.Claim.Value) > owed)
            throw new RuleBroken($"抵偿的债权超过本案尚欠的 {Ui.Yuan(owed)} 元。", "Claim", "too-much");
        if (kind.Difference > 0 && c.Reference.Trim().Length == 0)
            throw new RuleBroken(
                $"抵债价 {Ui.Yuan(kind.Price)} 元超过债权 {Ui.Yuan(kind.Credited)} 元，承受人应补交差价 {Ui.Yuan(kind.Difference)} 元，请填写流水号。",
                "Reference",
                "difference"
            );
        return kind;
    }

    private async Task TakeInKindAsync(AuctionRow a, DebtInKind kind, DateOnly on, string reference, CancellationToken ct)
    {
        var card = await cases.GetAsync(a.CaseId, ct);
        if (kind.Credited > 0)
            await money.SetOffAsync(card, a.Id, a.Buyer!, kind.Credited, on, a.AssetName, ct);
        if (kind.Difference > 0)
            await ReceiveAsync(a, card, kind.Difference, a.Buyer!, $"{a.AssetName}抵债差价", on, reference, ct);
        await papers.AskAsync(card, PaperTexts.InKind, $"in-kind:{a.Id}", null, null, PaperTexts.OfInKind(await papers.CaseAsync(card, ct), a, kind), ct);
        await lookout.LookAsync(a.CaseId, ct);
    }

    private async Task TakePriceAsync(AuctionRow a, AuctionRow was, DateOnly on, string reference, CancellationToken ct)
    {
        var card = await cases.GetAsync(a.CaseId, ct);
        var part = await deposits.CountAsync(was, card, on, ct);
        await ReceiveAsync(a, card, was.SoldPrice!.Value - part, was.Buyer!, $"{a.AssetName}拍卖价款", on, reference, ct);
    }

    // the bank's statement may have been there first: what it left without a case is assigned, what belongs elsewhere pays nothing here
    private async Task ReceiveAsync(AuctionRow a, CaseCard card, long cents, string payer, string memo, DateOnly on, string reference, CancellationToken ct)
    {
        var (row, repeated) = await money.ReceiveAsync(a.CourtId, card, cents, on, payer, memo, reference, "auction", ct);
        if (!repeated)
            return;
        if (row.State == "suspense")
            await money.AssignAsync(row, card, ct);
        else if (row.CaseId != card.Id || row.State != "held")
            throw new RuleBroken($"流水号 {reference} 已经记在别处。", "Reference", "other-case");
    }
}
