using CourtOps.Kernel.Data;
using CourtOps.Kernel.States;
using CourtOps.Web;

namespace CourtOps.Enforcement.Auctions;

internal sealed record AuctionRow
{
    public const string Columns = """
        a.id, a.case_id, a.court_id, a.asset_id, a.asset_name, a.kind, a.platform, a.way, a.valuation, a.valued_on, a.state, a.sale, a.start_price, a.deposit,
            a.step_price, a.notice_on, a.opens_on, a.told_on, a.failed_on, a.sold_on, a.sold_price, a.buyer,
        a.paid_on, a.ruling_on, a.handed_on, a.reason, a.prior_price, a.defaulted_on, a.credited, a.version
        """;

    public static readonly StateTable Table = new(
        "enforcement_auction",
        "拍卖",
        new("publish", ["priced", "failed", "defaulted"], "noticed"),
        new("fail", ["noticed"], "failed"),
        new("sell", ["noticed"], "sold"),
        new("default", ["sold"], "defaulted"),
        new("pay", ["sold"], "paid"),
        new("rule", ["paid"], "ruled"),
        new("hand", ["ruled", "in-kind"], "handed"),
        new("take", ["failed"], "in-kind"),
        new("stop", ["priced", "noticed", "failed", "defaulted"], "stopped")
    );

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string? JudgeName { get; init; }
    public long AssetId { get; init; }
    public string AssetName { get; init; } = "";

    /// <summary>movable, immovable or other.</summary>
    public string Kind { get; init; } = "";
    public string Platform { get; init; } = "";
    public string Way { get; init; } = "";
    public long Valuation { get; init; }
    public DateOnly ValuedOn { get; init; }
    public string State { get; init; } = "";

    /// <summary>1 and 2 for auctions, 3 for the direct sale; 0 before the first.</summary>
    public int Sale { get; init; }
    public long? StartPrice { get; init; }
    public long? Deposit { get; init; }
    public long? StepPrice { get; init; }
    public DateOnly? NoticeOn { get; init; }
    public DateOnly? OpensOn { get; init; }
    public DateOnly? ToldOn { get; init; }
    public DateOnly? FailedOn { get; init; }
    public DateOnly? SoldOn { get; init; }
    public long? SoldPrice { get; init; }
    public string? Buyer { get; init; }
    public DateOnly? PaidOn { get; init; }
    public DateOnly? RulingOn { get; init; }
    public DateOnly? HandedOn { get; init; }
    public string? Reason { get; init; }

    /// <summary>Starting price of the sale before this one; null at the first.</summary>
    public long? PriorPrice { get; init; }

    /// <summary>The day the buyer defaulted; the same sale is held again.</summary>
    public DateOnly? DefaultedOn { get; init; }

    /// <summary>Cents set off against the claim of whoever took the thing in kind.</summary>
    public long? Credited { get; init; }
    public int Version { get; init; }
}
