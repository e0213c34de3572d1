using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Auctions;

/// <summary>The deposit of a bidder in a sale. The money is the receipt.</summary>
internal sealed record DepositRow
{
    public const string Columns =
        "d.id, d.auction_id, d.case_id, d.sale, d.bidder, d.name_key, d.amount, d.receipt_id, d.received_on, d.state, d.ended_on, d.end_reference, "
        + "d.price_was, d.loss, d.used_costs, d.used_gap, d.used_debt, d.version";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["held"] = "在专户",
        ["counted"] = "已抵作价款",
        ["returned"] = "已退还",
        ["forfeited"] = "悔拍不予退还",
    };

    public static readonly StateTable Table = new(
        "enforcement_bid_deposit",
        "保证金",
        new("count", ["held"], "counted"),
        new("return", ["held"], "returned"),
        new("forfeit", ["held"], "forfeited"),
        new("settle", ["forfeited"], null)
    );

    public long Id { get; init; }
    public long AuctionId { get; init; }
    public long CaseId { get; init; }
    public int Sale { get; init; }
    public string Bidder { get; init; } = "";
    public string NameKey { get; init; } = "";

    /// <summary>Cents.</summary>
    public long Amount { get; init; }
    public long ReceiptId { get; init; }
    public DateOnly ReceivedOn { get; init; }
    public string State { get; init; } = "";
    public DateOnly? EndedOn { get; init; }
    public string? EndReference { get; init; }

    /// <summary>Of a forfeited one: the price of the sale that was not paid, and what that sale cost.</summary>
    public long? PriceWas { get; init; }
    public long? Loss { get; init; }

    /// <summary>How a forfeited one is used; the second and third are known when the thing is sold again.</summary>
    public long? UsedCosts { get; init; }
    public long? UsedGap { get; init; }
    public long? UsedDebt { get; init; }
    public int Version { get; init; }
}

/// <summary>Keeps the deposits of a sale; in the open transaction.</summary>
internal sealed class DepositBook(Db db, CaseMoney money, CaseDates dates, ICases cases)
{
    public Task<IReadOnlyList<DepositRow>> OfAsync(long auctionId, CancellationToken ct, string state = "") =>
        db.QueryAsync<DepositRow>(
            $"SELECT {DepositRow.Columns} FROM enforcement_bid_deposit d WHERE d.auction_id = @auctionId{(state.Length > 0 ? " AND d.state = @state" : "")} "
                + "ORDER BY d.id",
            new { auctionId, state },
            ct
        );

    /// <summary>Those that are owed back: of everybody but the buyer, once the sale is over.</summary>
    public async Task<IReadOnlyList<DepositRow>> OwedAsync(AuctionRow a, CancellationToken ct) =>
        [
            .. (await OfAsync(a.Id, ct, "held")).Where(d =>
                a.State switch
                {
                    // what was left from the sale before
                    "noticed" => d.ReceivedOn < a.NoticeOn,
                    "sold" => d.NameKey != AuctionRules.NameKey(a.Buyer ?? ""),
                    _ => true,
                }
            ),
        ];

    /// <summary>The buyer's deposit becomes part of the price. Cents; 0 where none is held.</summary>
    public async Task<long> CountAsync(AuctionRow sold, CaseCard card, DateOnly on, CancellationToken ct)
    {
        var sum = 0L;
        foreach (var d in await OfBuyerAsync(sold, ct))
        {
            await money.CountDepositAsync(card, d.ReceiptId, on, "保证金抵作拍卖价款", ct);
            await MoveAsync(
                d,
                "count",
                "ended_on = @on",
                new
                {
                    d.Id,
                    d.Version,
                    on,
                },
                ct
            );
            sum += d.Amount;
        }
        return sum;
    }

    /// <summary>The buyer defaulted: the deposit stays with the case and pays the costs of the sale first.</summary>
    /// <param name="sold">As it was sold.</param>
    /// <param name="costs">Cents.</param>
    public async Task ForfeitAsync(AuctionRow sold, DateOnly on, long costs, CancellationToken ct)
    {
        var card = await cases.GetAsync(sold.CaseId, ct);
        foreach (var d in await OfBuyerAsync(sold, ct))
        {
            await money.CountDepositAsync(card, d.ReceiptId, on, "悔拍保证金", ct);
            var (used, _, _) = AuctionRules.Forfeit(d.Amount, costs, null);
            costs -= used;
            await MoveAsync(
                d,
                "forfeit",
                "ended_on = @on, price_was = @price, loss = @loss, used_costs = @used",
                new
                {
                    d.Id,
                    d.Version,
                    on,
                    price = sold.SoldPrice,
                    loss = used,
                    used,
                },
                ct
            );
        }
    }

    /// <summary>The thing was sold again: how the forfeited deposits are used is known.</summary>
    public async Task SettleAsync(AuctionRow a, long price, CancellationToken ct)
    {
        foreach (var d in await OfAsync(a.Id, ct, "forfeited"))
        {
            var (_, gap, debt) = AuctionRules.Forfeit(d.Amount, d.Loss ?? 0, Math.Max(0, (d.PriceWas ?? 0) - price));
            await MoveAsync(
                d,
                "settle",
                "used_gap = @gap, used_debt = @debt",
                new
                {
                    d.Id,
                    d.Version,
                    gap,
                    debt,
                },
                ct
            );
        }
    }

    /// <summary>Deposits of those who did not win go back within 24 hours (D-08).</summary>
    public async Task RemindAsync(AuctionRow a, DateOnly on, CancellationToken ct)
    {
        var owed = await OwedAsync(a, ct);
        if (owed.Count == 0)
            await dates.EndAsync($"deposits:{a.Id}", ct);
        else
            await dates.SetAsync(
                a.CaseId,
                a.CourtId,
                $"deposits:{a.Id}",
                DateKinds.Auction,
                on.AddDays(1),
                $"{Cut(a.AssetName)}：{owed.Count} 名竞买人的保证金 {Ui.Yuan(owed.Sum(d => d.Amount))} 元在二十四小时内退还",
                ct
            );
    }

    public Task MoveAsync(DepositRow d, string step, string set, object args, CancellationToken ct) =>
        DepositRow.Table.MoveAsync(db, step, d.State, args, set, ct);

    private async Task<IReadOnlyList<DepositRow>> OfBuyerAsync(AuctionRow sold, CancellationToken ct) =>
        [.. (await OfAsync(sold.Id, ct, "held")).Where(d => d.NameKey == AuctionRules.NameKey(sold.Buyer ?? ""))];

    private static string Cut(string text) => text.Length > 80 ? text[..80] : text;
}

/// <summary>A bidder's deposit came.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.auction.deposit")]
internal sealed record TakeDeposit : ICommand<DepositRow>
{
    public long AuctionId { get; init; }
    public string Bidder { get; init; } = "";

    /// <summary>Yuan; the deposit of the sale where it is not given.</summary>
    public decimal? Amount { get; init; }
    public DateOnly? On { get; init; }
    public string Reference { get; init; } = "";

    internal sealed class Validator : AbstractValidator<TakeDeposit>
    {
        public Validator()
        {
            RuleFor(c => c.AuctionId).NotEmpty().WithMessage("请指明拍卖。");
            RuleFor(c => c.Bidder).NotEmpty().WithMessage("请填写竞买人。").MaximumLength(200).WithMessage("竞买人最长 200 个字符。");
            RuleFor(c => c.Bidder).Must(b => b.Length == 0 || AuctionRules.NameKey(b).Length > 0).WithMessage("竞买人应含文字。");
            RuleFor(c => c.Amount).Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Reference).NotEmpty().WithMessage("请填写银行流水号。").MaximumLength(80).WithMessage("流水号最长 80 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        AuctionBook book,
        DepositBook deposits,
        CaseMoney money,
        ICases cases,
        AuditTrail audit
    ) : ICommandHandler<TakeDeposit, DepositRow>
    {
        public async Task<DepositRow> Handle(TakeDeposit c, CancellationToken cancellationToken)
        {
            var a = await book.GetAsync(c.AuctionId, null, cancellationToken);
            if (a.State is not ("noticed" or "sold"))
                throw new RuleBroken($"拍卖现在是“{AuctionRules.States[a.State]}”，不收保证金。", "AuctionId", "state");
            var on = c.On ?? book.Today;
            if (on > book.Today || on < a.NoticeOn)
                throw new RuleBroken($"日期应在公告 {Times.Iso(a.NoticeOn!.Value)} 之后、今天以前。", "On");
            var cents = c.Amount is { } yuan ? CaseMoney.Cents(yuan) : a.Deposit ?? 0;
            if (cents != a.Deposit || cents == 0)
                throw new RuleBroken($"这次拍卖的保证金是 {Ui.Yuan(a.Deposit ?? 0)} 元，应一次交足。", "Amount", "deposit");
            if (await book.DefaultedAsync(a.Id, c.Bidder, cancellationToken))
                throw new RuleBroken($"{c.Bidder.Trim()}悔拍过这项财产，重新拍卖时不得参加竞买（网拍规定第24条）。", "Bidder", "defaulter");
            var key = AuctionRules.NameKey(c.Bidder);
            var held = await deposits.OfAsync(a.Id, cancellationToken, "held");
            var card = await cases.GetAsync(a.CaseId, cancellationToken);
            var (receipt, repeated) = await money.ReceiveDepositAsync(
                card,
                cents,
                on,
                c.Bidder.Trim(),
                $"{(a.AssetName.Length > 150 ? a.AssetName[..150] : a.AssetName)}竞买保证金",
                c.Reference.Trim(),
                cancellationToken
            );
            if (repeated)
                return held.FirstOrDefault(d => d.ReceiptId == receipt.Id && d.NameKey == key)
                    ?? throw new RuleBroken($"流水号 {receipt.Reference} 已经记在别处。", "Reference", "other-case");
            if (held.Any(d => d.NameKey == key))
                throw new RuleBroken($"{c.Bidder.Trim()}已经交过保证金。", "Bidder", "there-already");
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO enforcement_bid_deposit (id, auction_id, case_id, court_id, sale, bidder, name_key, amount, receipt_id, received_on, state,
                    by_name, at, version)
                VALUES (@id, @AuctionId, @CaseId, @CourtId, @Sale, @bidder, @key, @cents, @receiptId, @on, 'held', @name, @now, 1)
                """,
                new
                {
                    id,
                    c.AuctionId,
                    a.CaseId,
                    a.CourtId,
                    a.Sale,
                    bidder = c.Bidder.Trim(),
                    key,
                    cents,
                    receiptId = receipt.Id,
                    on,
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            if (a.State == "sold")
                await deposits.RemindAsync(a, book.Today, cancellationToken);
            audit.Note("bid-deposit", id, new { a.Id, cents }, a.CaseId);
            return (await deposits.OfAsync(a.Id, cancellationToken)).First(d => d.Id == id);
        }
    }
}

/// <summary>The deposits of all who did not win went back.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.auction.deposit-return")]
internal sealed record ReturnDeposits : ICommand<int>
{
    public long AuctionId { get; init; }
    public DateOnly? On { get; init; }

    /// <summary>Of the bank's batch.</summary>
    public string Reference { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ReturnDeposits>
    {
        public Validator()
        {
            RuleFor(c => c.AuctionId).NotEmpty().WithMessage("请指明拍卖。");
            RuleFor(c => c.Reference).NotEmpty().WithMessage("请填写银行流水号。").MaximumLength(80).WithMessage("流水号最长 80 个字符。");
        }
    }

    internal sealed class Handler(AuctionBook book, DepositBook deposits, CaseMoney money, CaseDates dates, AuditTrail audit)
        : ICommandHandler<ReturnDeposits, int>
    {
        public async Task<int> Handle(ReturnDeposits c, CancellationToken cancellationToken)
        {
            var a = await book.GetAsync(c.AuctionId, null, cancellationToken);
            var on = c.On ?? book.Today;
            var owed = await deposits.OwedAsync(a, cancellationToken);
            if (owed.Count == 0)
                throw new RuleBroken("没有应当退还的保证金：拍卖还没有结果，或者都已退还。", "AuctionId", "nothing");
            if (on > book.Today || owed.Any(d => on < d.ReceivedOn))
                throw new RuleBroken("日期应在收到保证金之后、今天以前。", "On");
            foreach (var d in owed)
            {
                await money.GiveBackAsync(d.ReceiptId, on, $"退还保证金 {c.Reference.Trim()}", cancellationToken);
                await deposits.MoveAsync(
                    d,
                    "return",
                    "ended_on = @on, end_reference = @reference",
                    new
                    {
                        d.Id,
                        d.Version,
                        on,
                        reference = c.Reference.Trim(),
                    },
                    cancellationToken
                );
            }
            await dates.EndAsync($"deposits:{a.Id}", cancellationToken);
            audit.Note("bid-deposit", a.Id, new { returned = owed.Count, cents = owed.Sum(d => d.Amount) }, a.CaseId);
            return owed.Count;
        }
    }
}
