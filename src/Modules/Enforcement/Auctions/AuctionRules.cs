using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Web;

namespace CourtOps.Enforcement.Auctions;

/// <summary>Words and limits of online judicial sales (D-08, 法释〔2016〕18号). Pure; amounts in cents.</summary>
internal static class AuctionRules
{
    public static readonly IReadOnlyDictionary<string, string> Ways = new Dictionary<string, string>
    {
        ["agreed"] = "当事人议价",
        ["directed"] = "定向询价",
        ["network"] = "网络询价",
        ["valued"] = "委托评估",
    };

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["priced"] = "已定参考价",
        ["noticed"] = "公告中",
        ["failed"] = "流拍",
        ["defaulted"] = "悔拍待重拍",
        ["sold"] = "已成交",
        ["paid"] = "价款到账",
        ["ruled"] = "裁定已送达",
        ["handed"] = "已交付",
        ["in-kind"] = "以物抵债",
        ["stopped"] = "已撤回",
    };

    public static readonly IReadOnlyDictionary<int, string> Sales = new Dictionary<int, string>
    {
        [1] = "第一次拍卖",
        [2] = "第二次拍卖",
        [3] = "变卖",
    };

    /// <summary>Days within which the same sale is published again after a default: a practice of the court, no limit of the law.</summary>
    public const int AgainDays = 30;

    /// <summary>Which sale is published next: the first, the one after a failure, or the same again after the buyer's default (Art 24: 重新拍卖 is no further
    /// sale).</summary>
    public static int NextSale(string state, int sale) => state == "defaulted" ? sale : Math.Min(3, sale + 1);

    /// <summary>Starting price of the sale before the one that is published next; null where that is the first.</summary>
    public static long? Before(string state, int sale, long? startPrice, long? priorPrice) =>
        state == "defaulted" ? (sale > 1 ? priorPrice ?? startPrice : null) : startPrice;

    /// <summary>A bidder's name for comparison: without spaces and signs, letters folded.</summary>
    public static string NameKey(string name) => new([.. name.Folded().ToUpperInvariant().Where(char.IsLetterOrDigit)]);

    /// <summary>Days of notice before a sale: 15 and 30 at first, 7 and 15 afterwards (Arts 12, 26).</summary>
    public static int NoticeDays(string kind, int sale) =>
        (kind == "movable", sale) switch
        {
            (true, 1) => 15,
            (false, 1) => 30,
            (true, _) => 7,
            _ => 15,
        };

    /// <summary>Least starting price: 70 percent of the reference price, then 80 percent of the price before; a direct sale at the price of the second (Arts
    /// 10, 26).</summary>
    public static long LeastPrice(int sale, long valuation, long? before) =>
        sale switch
        {
            1 => Up(valuation * 70, 100),
            2 => Up((before ?? 0) * 80, 100),
            _ => before ?? 0,
        };

    /// <summary>Least and highest deposit of a starting price: 5 to 20 percent (Art 17).</summary>
    public static (long Least, long Most) Deposit(long price) => (Up(price * 5, 100), price * 20 / 100);

    /// <summary>What stands against publishing a sale; null for nothing.</summary>
    /// <param name="before">Starting price of the sale before; null at the first.</param>
    /// <param name="failed">The day the sale before failed; null at the first.</param>
    public static RuleBroken? Judge(
        string kind,
        int sale,
        long valuation,
        DateOnly valued,
        long? before,
        DateOnly? failed,
        long price,
        long deposit,
        DateOnly notice,
        DateOnly opens
    )
    {
        if (notice > valued.AddYears(1))
            return new RuleBroken($"参考价自 {Times.Iso(valued)} 起一年有效（参考价规定第27条），已经失效，请重新确定。", "NoticeOn", "stale-price");
        var least = LeastPrice(sale, valuation, before);
        if (price < least)
            return new RuleBroken($"{Sales[sale]}的起拍价不得低于 {Ui.Yuan(least)} 元（网拍规定第10条、第26条）。", "StartPrice", "price-low");
        var (low, high) = Deposit(price);
        if (sale < 3 && (deposit < low || deposit > high))
            return new RuleBroken($"保证金应为起拍价的 5% 至 20%，即 {Ui.Yuan(low)} 至 {Ui.Yuan(high)} 元（网拍规定第17条）。", "Deposit", "deposit");
        var earliest = notice.AddDays(NoticeDays(kind, sale));
        if (opens < earliest)
            return new RuleBroken(
                $"公告 {NoticeDays(kind, sale)} 日后才能开拍，最早 {Times.Iso(earliest)}（网拍规定第12条、第26条）。",
                "OpensOn",
                "notice-short"
            );
        var by = sale == 2 ? failed?.AddDays(30) : null;
        return opens > by
            ? new RuleBroken(
                $"第一次 {Times.Iso(failed!.Value)} 流拍，应在三十日内即 {Times.Iso(by.Value)} 前再次拍卖（网拍规定第26条）。",
                "OpensOn",
                "too-late"
            )
            : null;
    }

    /// <summary>A thing taken for a debt at the reserve of the sale that failed (拍卖规定 16, 19): the claim is set off up to the price, what is more is paid
    /// in.</summary>
    /// <param name="price">Cents, the starting price of the failed sale.</param>
    /// <param name="claim">Cents of the claim that are set off; null for what the case owes.</param>
    /// <param name="owed">Cents the case still owes; null where no amount is known: then the whole price is set off.</param>
    public static DebtInKind InKind(long price, long? claim, long? owed)
    {
        var credited = Math.Min(price, claim ?? owed ?? price);
        return new DebtInKind(price, credited, price - credited);
    }

    /// <summary>The order in which a forfeited deposit is used: costs and losses of the sale, then the difference to the lower price of the next sale, then
    /// the debts of the case (网拍规定 24).</summary>
    /// <param name="gap">Cents by which the next sale brought less; null while it is not sold.</param>
    /// <returns>Cents of each; the second and third are null while the next sale is open.</returns>
    public static (long Costs, long? Gap, long? Debt) Forfeit(long deposit, long costs, long? gap)
    {
        var first = Math.Min(deposit, costs);
        if (gap is not { } less)
            return (first, null, null);
        var second = Math.Min(deposit - first, Math.Max(0, less));
        return (first, second, deposit - first - second);
    }

    private static long Up(long n, long of) => (n + of - 1) / of;
}

/// <summary>What a thing taken for a debt is worth, in cents.</summary>
/// <param name="Price">At which it is taken.</param>
/// <param name="Credited">Set off against the claim.</param>
/// <param name="Difference">Paid in by whoever takes it.</param>
internal sealed record DebtInKind(long Price, long Credited, long Difference);
