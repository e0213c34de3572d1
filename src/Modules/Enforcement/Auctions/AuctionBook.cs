using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Access;
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

internal sealed record AuctionRow
{
    public const string Columns =
        """
        a.id, a.case_id, a.court_id, a.asset_id, a.asset_name, a.kind, a.platform, a.way, a.valuation, a.valued_on, a.state, a.sale, a.start_price, a.deposit, a.step_price, a.notice_on, a.opens_on, a.told_on, a.failed_on, a.sold_on, a.sold_price, a.buyer,
        a.paid_on, a.ruling_on, a.handed_on, a.reason, a.version
        """;

    public static readonly StateTable Table = new(
        "enforcement_auction", "拍卖",
        new("publish", ["priced", "failed"], "noticed"), new("fail", ["noticed"], "failed"), new("sell", ["noticed"], "sold"), new("default", ["sold"], "failed"), new("pay", ["sold"], "paid"), new("rule", ["paid"], "ruled"),
        new("hand", ["ruled", "in-kind"], "handed"), new("take", ["failed"], "in-kind"), new("stop", ["priced", "noticed", "failed"], "stopped"));

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
    public int Version { get; init; }
}

/// <summary>Reads auctions and keeps their next date and journal, in the open transaction.</summary>
internal sealed class AuctionBook(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, CaseDates dates)
{
    public DateOnly Today => Times.Day(clock.GetUtcNow());

    /// <exception cref="NotFound">No such auction, or its case is not for this actor.</exception>
    public async Task<AuctionRow> GetAsync(long id, int? version, CancellationToken ct)
    {
        var a = await db.FirstAsync<AuctionRow>($"SELECT {AuctionRow.Columns} FROM enforcement_auction a WHERE a.id = @id", new { id }, ct);
        if (a is null || !await cases.CanReadAsync(a.CaseId, ct))
            throw new NotFound("拍卖", id);
        return version is null || version == a.Version ? a : throw new Conflict("拍卖刚被他人办理，请刷新后再看。");
    }

    /// <summary>Writes a step, its journal and the next date.</summary>
    public async Task<AuctionRow> MoveAsync(AuctionRow a, string step, DateOnly on, string words, string set, object args, CancellationToken ct)
    {
        await AuctionRow.Table.MoveAsync(db, step, a.State, args, set, ct);
        var now = await GetAsync(a.Id, null, ct);
        await NoteAsync(now, step, on, words, ct);
        if (NextOf(now) is var (due, what))
            await dates.SetAsync(now.CaseId, now.CourtId, $"auction:{now.Id}", DateKinds.Auction, due, $"{now.AssetName}：{what}", ct);
        else
            await dates.EndAsync($"auction:{now.Id}", ct);
        return now;
    }

    public Task NoteAsync(AuctionRow a, string kind, DateOnly on, string words, CancellationToken ct) => db.ExecuteAsync(
        "INSERT INTO enforcement_auction_event (id, auction_id, sale, kind, on_day, words, person_name, at) VALUES (@id, @AuctionId, @Sale, @kind, @on, @words, @name, @now)",
        new { id = ids.Next(), AuctionId = a.Id, a.Sale, kind, on, words = words.Length > 400 ? words[..400] : words, name = actor.Name, now = clock.StoredNow() }, ct);

    /// <summary>What must be done next and by when (D-06, D-08); null where nothing more is due.</summary>
    public static (DateOnly Due, string What)? NextOf(AuctionRow a) => a.State switch
    {
        "priced" => (a.ValuedOn.AddDays(10), "参考价确定后十日内启动拍卖"),
        "noticed" => (a.OpensOn!.Value.AddDays(1), "登记拍卖结果"),
        "failed" when a.Sale == 1 => (a.FailedOn!.Value.AddDays(30), "三十日内再次拍卖"),
        "failed" when a.Sale == 2 => (a.FailedOn!.Value.AddDays(10), "十日内询问是否以物抵债，十五日内公告变卖"),
        "failed" => (a.FailedOn!.Value.AddDays(10), "变卖不成：以物抵债或者解除"),
        "sold" => (a.SoldOn!.Value.AddDays(10), "价款到账"),
        "paid" => (a.PaidOn!.Value.AddDays(10), "裁定在价款到账后十日内送达"),
        "ruled" => (a.RulingOn!.Value.AddDays(15), "裁定送达后十五日内交付"),
        "in-kind" => (a.RulingOn!.Value.AddDays(15), "裁定送达后十五日内交付"),
        _ => null,
    };
}

/// <summary>Fixes the reference price of an asset under control: its sale begins.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.auction.price")]
internal sealed record PriceAsset : ICommand<AuctionRow>
{
    public long AssetId { get; init; }
    public string Way { get; init; } = "";

    /// <summary>Yuan.</summary>
    public decimal? Valuation { get; init; }
    public DateOnly? ValuedOn { get; init; }
    public string Platform { get; init; } = "";

    internal sealed class Validator : AbstractValidator<PriceAsset>
    {
        public Validator()
        {
            RuleFor(c => c.AssetId).NotEmpty().WithMessage("请选择财产。");
            RuleFor(c => c.Way).Must(AuctionRules.Ways.ContainsKey).WithMessage("请选择定价方式。");
            RuleFor(c => c.Valuation).NotNull().WithMessage("请填写参考价。").Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.ValuedOn).NotNull().WithMessage("请填写参考价确定的日期。");
            RuleFor(c => c.Platform).MaximumLength(60).WithMessage("平台最长 60 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, MeasureWork work, AuctionBook book, CaseDates dates, AuditTrail audit) : ICommandHandler<PriceAsset, AuctionRow>
    {
        public async Task<AuctionRow> Handle(PriceAsset c, CancellationToken cancellationToken)
        {
            var asset = await work.AssetAsync(c.AssetId, cancellationToken);
            if (asset.State != AssetState.Controlled)
                throw new RuleBroken("财产没有在控，不能处置；请先查封、扣押或者冻结。", "AssetId", "not-controlled");
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_measure WHERE asset_id = @Id AND state = 'active' AND place = 1", new { asset.Id }, cancellationToken) == 0)
                throw new RuleBroken("本院不是首封：先与首封法院商请移送处置权（保全规定第21条）。", "AssetId", "not-first");
            if (c.ValuedOn > book.Today || c.ValuedOn < book.Today.AddYears(-1))
                throw new RuleBroken("参考价确定的日期应在一年以内、今天以前。", "ValuedOn");
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_auction WHERE asset_id = @Id AND state NOT IN ('stopped', 'handed')", new { asset.Id }, cancellationToken) > 0)
                throw new RuleBroken("这项财产已在处置中。", "AssetId", "running");
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO enforcement_auction (id, case_id, court_id, asset_id, asset_name, kind, platform, way, valuation, valued_on, state, sale, created_by, created_at, version)
                VALUES (@id, @CaseId, @CourtId, @AssetId, @Name, @kind, @platform, @Way, @valuation, @ValuedOn, 'priced', 0, @by, @now, 1)
                """,
                new
                {
                    id, asset.CaseId, asset.CourtId, c.AssetId, asset.Name, kind = asset.Kind is "movable" ? "movable" : asset.Kind is "immovable" ? "immovable" : "other", platform = c.Platform.Trim(), c.Way, valuation = CaseMoney.Cents(c.Valuation!.Value), c.ValuedOn,
                    by = actor.Id, now = clock.StoredNow(),
                }, cancellationToken);
            var row = await book.GetAsync(id, null, cancellationToken);
            await book.NoteAsync(row, "price", c.ValuedOn!.Value, $"{AuctionRules.Ways[c.Way]} {Ui.Yuan(row.Valuation)} 元", cancellationToken);
            var (due, what) = AuctionBook.NextOf(row)!.Value;
            await dates.SetAsync(row.CaseId, row.CourtId, $"auction:{id}", DateKinds.Auction, due, $"{row.AssetName}：{what}", cancellationToken);
            audit.Note("auction", id, new { row.Valuation, c.Way }, row.CaseId);
            return row;
        }
    }
}

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
            RuleFor(c => c.OpensOn).NotNull().WithMessage("请填写开拍日期。").Must(d => d is null or { Year: >= 2000 and <= 2100 }).WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.ToldOn).NotNull().WithMessage("请填写通知当事人和优先购买权人的日期。");
        }
    }

    internal sealed class Handler(AuctionBook book, AuditTrail audit) : ICommandHandler<PublishAuction, AuctionRow>
    {
        public async Task<AuctionRow> Handle(PublishAuction c, CancellationToken cancellationToken)
        {
            var a = await book.GetAsync(c.Id, c.Version, cancellationToken);
            if (a.State is not ("priced" or "failed"))
                throw new RuleBroken($"拍卖现在是“{AuctionRules.States[a.State]}”，不能公告。", code: "state");
            var sale = Math.Min(3, a.Sale + 1);
            var (price, deposit) = (CaseMoney.Cents(c.StartPrice!.Value), CaseMoney.Cents(c.Deposit ?? 0));
            if (c.NoticeOn > book.Today || c.NoticeOn < (a.FailedOn ?? a.ValuedOn))
                throw new RuleBroken("公告日期应在定价或者流拍之后、今天以前。", "NoticeOn");
            if (c.ToldOn > c.NoticeOn!.Value.AddDays(-3))
                throw new RuleBroken($"当事人和优先购买权人应在公告三日前即 {Times.Iso(c.NoticeOn.Value.AddDays(-3))} 前通知（网拍规定第16条）。", "ToldOn", "told-late");
            if (AuctionRules.Judge(a.Kind, sale, a.Valuation, a.ValuedOn, a.StartPrice, a.FailedOn, price, deposit, c.NoticeOn.Value, c.OpensOn!.Value) is { } broken)
                throw broken;
            a = await book.MoveAsync(a, "publish", c.NoticeOn.Value, $"{AuctionRules.Sales[sale]}，起拍价 {Ui.Yuan(price)} 元，{Times.Iso(c.OpensOn.Value)} 开拍",
                "sale = @sale, start_price = @price, deposit = @deposit, step_price = @stepPrice, notice_on = @NoticeOn, opens_on = @OpensOn, told_on = @ToldOn",
                new { a.Id, a.Version, sale, price, deposit, stepPrice = c.StepPrice is { } y ? CaseMoney.Cents(y) : (long?)null, c.NoticeOn, c.OpensOn, c.ToldOn }, cancellationToken);
            audit.Note("auction", a.Id, new { sale, price, c.OpensOn }, a.CaseId);
            return a;
        }
    }
}

/// <summary>What came of a sale and after it: failed, sold, defaulted, paid, ruled, handed over, taken in kind, stopped.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.auction.step")]
internal sealed record StepAuction : ICommand<AuctionRow>
{
    public static readonly IReadOnlyDictionary<string, string> Steps = new Dictionary<string, string>
    {
        ["fail"] = "流拍", ["sell"] = "成交", ["default"] = "买受人悔拍", ["pay"] = "价款到账", ["rule"] = "成交裁定送达", ["hand"] = "交付", ["take"] = "以物抵债", ["stop"] = "撤回",
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
            RuleFor(c => c.Price).NotNull().When(c => c.Step == "sell").WithMessage("请填写成交价。").Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Buyer).NotEmpty().When(c => c.Step is "sell" or "take").WithMessage("请填写买受人或者承受人。").MaximumLength(200).WithMessage("买受人最长 200 个字符。");
            RuleFor(c => c.Reference).NotEmpty().When(c => c.Step == "pay").WithMessage("请填写价款的银行流水号。").MaximumLength(80).WithMessage("流水号最长 80 个字符。");
            RuleFor(c => c.Words).NotEmpty().When(c => c.Step is "stop" or "default").WithMessage("请写明原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
        }
    }

    internal sealed class Handler(AuctionBook book, CaseMoney money, ICases cases, AuditTrail audit) : ICommandHandler<StepAuction, AuctionRow>
    {
        public async Task<AuctionRow> Handle(StepAuction c, CancellationToken cancellationToken)
        {
            var a = await book.GetAsync(c.Id, c.Version, cancellationToken);
            var on = c.On ?? book.Today;
            var since = a.State switch { "noticed" when c.Step is "sell" or "fail" => a.OpensOn, "sold" => a.SoldOn, "paid" => a.PaidOn, "ruled" => a.RulingOn, "failed" => a.FailedOn, _ => a.ValuedOn };
            if (on > book.Today || on < since)
                throw new RuleBroken($"日期应在 {Times.Iso(since!.Value)} 之后、今天以前。", "On");
            var price = c.Price is { } yuan ? CaseMoney.Cents(yuan) : (long?)null;
            if (c.Step == "sell" && price < a.StartPrice)
                throw new RuleBroken($"成交价低于起拍价 {Ui.Yuan(a.StartPrice!.Value)} 元。", "Price");
            if (c.Step == "take" && a.Sale < 2)
                throw new RuleBroken("第二次流拍以后，才能询问以物抵债。", "Step", "too-early");
            var args = new { a.Id, a.Version, on, price, buyer = c.Buyer.Trim(), words = c.Words.Trim() };
            var (set, words) = c.Step switch
            {
                "fail" => ("failed_on = @on", ""),
                "sell" => ("sold_on = @on, sold_price = @price, buyer = @buyer", $"{args.buyer} {Ui.Yuan(price!.Value)} 元"),
                "default" => ("failed_on = @on, sold_on = NULL, sold_price = NULL, buyer = NULL, reason = @words", args.words),
                "pay" => ("paid_on = @on", c.Reference),
                "rule" => ("ruling_on = @on", ""),
                "hand" => ("handed_on = @on", ""),
                "take" => ("ruling_on = @on, buyer = @buyer, reason = @words", args.buyer),
                _ => ("reason = @words", args.words),
            };
            var was = a;
            a = await book.MoveAsync(a, c.Step, on, words, set, args, cancellationToken);
            // the price is money of the case; the deposit is part of it
            if (c.Step == "pay")
                await TakePriceAsync(a, was, on, c.Reference.Trim(), cancellationToken);
            audit.Note("auction", a.Id, new { c.Step, on, price }, a.CaseId);
            return a;
        }

        // the bank's statement may have been there first: what it left without a case is assigned, what belongs elsewhere pays nothing here
        private async Task TakePriceAsync(AuctionRow a, AuctionRow was, DateOnly on, string reference, CancellationToken ct)
        {
            var card = await cases.GetAsync(a.CaseId, ct);
            var (row, repeated) = await money.ReceiveAsync(a.CourtId, card, was.SoldPrice!.Value, on, was.Buyer!, $"{a.AssetName}拍卖价款", reference, "auction", ct);
            if (!repeated)
                return;
            if (row.State == "suspense")
                await money.AssignAsync(row, card, ct);
            else if (row.CaseId != card.Id || row.State != "held")
                throw new RuleBroken($"流水号 {reference} 已经记在别处。", "Reference", "other-case");
        }
    }
}

/// <summary>Sales by state; of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ListAuctions : IQuery<ListAuctions.Result>
{
    /// <summary>A state, or empty for all that run.</summary>
    public string State { get; init; } = "";
    public long? CaseId { get; init; }
    public long After { get; init; } = long.MaxValue;

    /// <param name="Assets">Of one case: what could be sold.</param>
    internal sealed record Result(IReadOnlyList<AuctionRow> Rows, string? Next, CaseCard? Case, IReadOnlyList<AssetRow> Assets);

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListAuctions, Result>
    {
        public async Task<Result> Handle(ListAuctions request, CancellationToken cancellationToken)
        {
            var card = request.CaseId is { } one ? await cases.GetAsync(one, cancellationToken) : null;
            var (me, courts, places) = cases.Arguments;
            var args = new { me, courts, places, request.State, request.CaseId, request.After };
            var rows = await db.PageAsync<AuctionRow>(
                $"SELECT {AuctionRow.Columns}, c.number AS case_number, c.judge_name FROM enforcement_auction a JOIN workzone_case_card c ON c.id = a.case_id WHERE a.id < @After AND "
                + (card is null ? "a.court_id IN @courts AND " + (request.State.Length == 0 ? "a.state NOT IN ('handed', 'stopped')" : "a.state = @State") : "a.case_id = @CaseId") + " AND " + cases.Seen("a.case_id") + " ORDER BY a.id DESC", args, 51, cancellationToken);
            var assets = card is null ? [] : await db.QueryAsync<AssetRow>(AssetRow.Columns + " WHERE a.case_id = @CaseId AND a.state = 'controlled' ORDER BY a.id", args, cancellationToken);
            reads.List("enforcement.auction.list", Math.Min(50, rows.Count), new { request.State }, request.CaseId);
            return new Result([.. rows.Take(50)], rows.Count > 50 ? $"after={rows[49].Id}" : null, card, assets);
        }
    }
}

/// <summary>One sale with its journal.</summary>
[Permit("enforcement.read")]
internal sealed record ShowAuction : IQuery<ShowAuction.Result>
{
    public long Id { get; init; }

    internal sealed record Result(AuctionRow Row, CaseCard Case, IReadOnlyList<Event> Events, (DateOnly Due, string What)? Next);

    internal sealed record Event
    {
        public int Sale { get; init; }
        public string Kind { get; init; } = "";
        public DateOnly OnDay { get; init; }
        public string Words { get; init; } = "";
        public string PersonName { get; init; } = "";
        public DateTimeOffset At { get; init; }
    }

    internal sealed class Handler(Db db, AuctionBook book, ICases cases) : IQueryHandler<ShowAuction, Result>
    {
        public async Task<Result> Handle(ShowAuction request, CancellationToken cancellationToken)
        {
            var row = await book.GetAsync(request.Id, null, cancellationToken);
            return new Result(row, await cases.GetAsync(row.CaseId, cancellationToken),
                await db.QueryAsync<Event>("SELECT sale, kind, on_day, words, person_name, at FROM enforcement_auction_event WHERE auction_id = @Id ORDER BY id", new { row.Id }, cancellationToken), AuctionBook.NextOf(row));
        }
    }
}
