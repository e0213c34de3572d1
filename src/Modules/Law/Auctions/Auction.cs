namespace CourtOps.Law;

/// <summary>What is sold (D-08).</summary>
public enum AuctionKind
{
    Movable,
    Immovable,
    Other,
}

/// <summary>Limits of an online judicial auction. Amounts in yuan.</summary>
/// <param name="StartPriceMin">Least starting price: 70 percent of the valuation.</param>
/// <param name="DepositMin">5 percent of that starting price.</param>
/// <param name="DepositMax">20 percent of it.</param>
/// <param name="Earliest">First day of the auction: notice plus 15 days for movables, 30 for immovables and other rights; never rolls.</param>
/// <param name="ReauctionBy">Last day of the second auction: failure plus 30 days; null when none failed.</param>
/// <param name="ReauctionPriceMin">Least starting price of the second auction: 80 percent of the first.</param>
/// <param name="ReauctionNoticeDays">Days of notice for the second auction.</param>
public sealed record AuctionPlan(
    decimal StartPriceMin,
    decimal DepositMin,
    decimal DepositMax,
    DateOnly Earliest,
    DateOnly? ReauctionBy,
    decimal ReauctionPriceMin,
    int ReauctionNoticeDays
)
{
    private static readonly LawText Price = new("起拍价不低于评估价 {0} 元的 70%，即 {1} 元", "the starting price is at least 70% of {0}: {1} yuan");
    private static readonly LawText Deposit = new(
        "保证金为起拍价的 5% 至 20%，即 {0} 至 {1} 元",
        "the deposit is 5% to 20% of the starting price: {0} to {1} yuan"
    );
    private static readonly LawText Notice = new(
        "{0} 公告，须在拍卖 {1} 日前公告，最早 {2} 拍卖",
        "published on {0}, {1} days before the auction: {2} at the earliest"
    );
    private static readonly LawText Again = new(
        "{0} 流拍，应在三十日内即 {1} 前再次拍卖，{2} 日前公告，起拍价不低于 {3} 元",
        "failed on {0}; again within 30 days, by {1}, with {2} days' notice, from {3} yuan"
    );
    private static readonly LawText TooSoon = new(
        "流拍日 {0} 早于最早可拍卖日 {1}，公告期不足，须核查",
        "the failure on {0} is before the earliest day {1}: the notice was too short, check it"
    );

    /// <summary>Computes the limits of the first and second auction (法释〔2016〕18号 Arts 10, 12, 17, 26). Prices are rounded up, the upper deposit down.</summary>
    /// <param name="kind">What is sold.</param>
    /// <param name="valuation">Valuation or market price in yuan.</param>
    /// <param name="notice">Day of publication.</param>
    /// <param name="failed">Day the first auction failed.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">Fields valuation, notice, failed.</exception>
    public static AuctionPlan For(AuctionKind kind, decimal valuation, DateOnly notice, DateOnly? failed = null, Explanation? explain = null)
    {
        Yuan.Check("valuation", valuation);
        LawDates.Check("notice", notice);
        if (valuation == 0)
            throw new LawError("valuation", LawReasons.MoneyRange, Yuan.Text(valuation), Yuan.Text(0.01m), Yuan.Text(Yuan.Most));
        var (days, againDays) = kind == AuctionKind.Movable ? (15, 7) : (30, 15);
        var price = Yuan.Ceiling(valuation * 0.7m);
        var again = Yuan.Ceiling(price * 0.8m);
        var earliest = LawDates.Check("notice", notice.AddDays(days));
        DateOnly? by = null;
        if (failed is { } f)
        {
            LawDates.Check("failed", f);
            if (f < notice)
                throw new LawError("failed", LawReasons.Before, f, notice);
            by = LawDates.Check("failed", f.AddDays(30));
        }

        var plan = new AuctionPlan(price, Yuan.Ceiling(price * 0.05m), Yuan.Floor(price * 0.2m), earliest, by, again, againDays);
        if (explain is null)
            return plan;
        explain.Add(Price, null, Art.AuctionPrice, notice, Yuan.Text(valuation), Yuan.Text(price));
        explain.Add(Deposit, null, Art.AuctionDeposit, notice, Yuan.Text(plan.DepositMin), Yuan.Text(plan.DepositMax));
        explain.Add(Notice, earliest, Art.AuctionNotice, notice, notice, days, earliest);
        if (failed is { } day)
        {
            explain.Add(Again, by, Art.AuctionAgain, day, day, by, againDays, Yuan.Text(again));
            if (day < earliest)
                explain.Add(TooSoon, earliest, Art.AuctionNotice, notice, day, earliest);
        }

        return plan;
    }
}
