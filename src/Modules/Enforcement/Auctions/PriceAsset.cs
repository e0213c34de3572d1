using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using FluentValidation;

namespace CourtOps.Enforcement.Auctions;

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

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, MeasureWork work, AuctionBook book, CaseDates dates, AuditTrail audit)
        : ICommandHandler<PriceAsset, AuctionRow>
    {
        public async Task<AuctionRow> Handle(PriceAsset c, CancellationToken cancellationToken)
        {
            var asset = await work.AssetAsync(c.AssetId, cancellationToken);
            if (asset.State != AssetState.Controlled)
                throw new RuleBroken("财产没有在控，不能处置；请先查封、扣押或者冻结。", "AssetId", "not-controlled");
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM enforcement_measure WHERE asset_id = @Id AND state = 'active' AND place = 1",
                    new { asset.Id },
                    cancellationToken
                ) == 0
            )
                throw new RuleBroken("本院不是首封：先与首封法院商请移送处置权（保全规定第21条）。", "AssetId", "not-first");
            if (c.ValuedOn > book.Today || c.ValuedOn < book.Today.AddYears(-1))
                throw new RuleBroken("参考价确定的日期应在一年以内、今天以前。", "ValuedOn");
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM enforcement_auction WHERE asset_id = @Id AND state NOT IN ('stopped', 'handed')",
                    new { asset.Id },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("这项财产已在处置中。", "AssetId", "running");
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO enforcement_auction (id, case_id, court_id, asset_id, asset_name, kind, platform, way, valuation, valued_on, state, sale,
                    created_by, created_at, version)
                VALUES (@id, @CaseId, @CourtId, @AssetId, @Name, @kind, @platform, @Way, @valuation, @ValuedOn, 'priced', 0, @by, @now, 1)
                """,
                new
                {
                    id,
                    asset.CaseId,
                    asset.CourtId,
                    c.AssetId,
                    asset.Name,
                    kind = asset.Kind is "movable" ? "movable"
                    : asset.Kind is "immovable" ? "immovable"
                    : "other",
                    platform = c.Platform.Trim(),
                    c.Way,
                    valuation = CaseMoney.Cents(c.Valuation!.Value),
                    c.ValuedOn,
                    by = actor.Id,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            var row = await book.GetAsync(id, null, cancellationToken);
            await book.NoteAsync(row, "price", c.ValuedOn!.Value, $"{AuctionRules.Ways[c.Way]} {Ui.Yuan(row.Valuation)} 元", cancellationToken);
            var (due, what) = AuctionBook.NextOf(row)!.Value;
            await dates.SetAsync(row.CaseId, row.CourtId, $"auction:{id}", DateKinds.Auction, due, $"{row.AssetName}：{what}", cancellationToken);
            audit.Note("auction", id, new { row.Valuation, c.Way }, row.CaseId);
            return row;
        }
    }
}
