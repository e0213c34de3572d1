using CourtOps.Enforcement.Checks;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Measures;

/// <summary>Records a clue or an asset of a debtor. Reported again it is the same asset.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.asset.save")]
internal sealed record SaveAsset : ICommand<AssetRow>
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public string Category { get; init; } = "";
    public string Description { get; init; } = "";
    public string Holder { get; init; } = "";

    /// <summary>Yuan.</summary>
    public decimal? Value { get; init; }
    public string Source { get; init; } = "other";
    public DateOnly? FoundOn { get; init; }
    public bool Clue { get; init; }
    public bool Urgent { get; init; }
    public string Part { get; init; } = "";

    /// <summary>The other half where building and land are registered apart.</summary>
    public long? PairAssetId { get; init; }

    internal sealed class Validator : AbstractValidator<SaveAsset>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.PartyId).NotEmpty().WithMessage("请选择被查控人。");
            RuleFor(c => c.Category).Must(Property.Labels.ContainsKey).WithMessage("请选择财产种类。");
            RuleFor(c => c.Description)
                .NotEmpty()
                .WithMessage("请写明财产：账号、车牌、不动产权证号。")
                .MaximumLength(200)
                .WithMessage("财产描述最长 200 个字符。");
            RuleFor(c => c.Holder).MaximumLength(120).WithMessage("协助机关最长 120 个字符。");
            RuleFor(c => c.Source).Must(Property.Sources.ContainsKey).WithMessage("请选择来源。");
            RuleFor(c => c.Value)
                .Must(v => v is null or (>= 0 and <= 9_999_999_999.99m) && decimal.Round(v ?? 0, 2) == (v ?? 0))
                .WithMessage("价值应是不为负的金额，最多两位小数。");
            RuleFor(c => c.Part).Must(p => p.Length == 0 || Property.Parts.ContainsKey(p)).WithMessage("请选择房屋或者土地使用权。");
        }
    }

    internal sealed class Handler(ICases cases, MeasureWork work, Lookout lookout, AuditTrail audit) : ICommandHandler<SaveAsset, AssetRow>
    {
        public async Task<AssetRow> Handle(SaveAsset c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var party = await work.DebtorAsync(card.Id, c.PartyId, cancellationToken);
            var on = c.FoundOn ?? work.Today;
            if (on > work.Today)
                throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "FoundOn");
            if (c.PairAssetId is { } pair && (await work.AssetAsync(pair, cancellationToken)) is { CaseId: var of } && of != card.Id)
                throw new NotFound("财产", pair);
            var asset = await work.EnsureAssetAsync(
                card,
                party,
                new NewAsset
                {
                    Category = c.Category,
                    Name = c.Description.Trim(),
                    Holder = c.Holder,
                    Value = (long?)(c.Value * 100),
                    Source = c.Source,
                    FoundOn = on,
                    IsClue = c.Clue,
                    Urgent = c.Urgent,
                    Part = c.Part,
                    PairAssetId = c.PairAssetId,
                },
                cancellationToken
            );
            await lookout.LookAsync(card.Id, cancellationToken);
            audit.Note(
                "asset",
                asset.Id,
                new
                {
                    asset.Category,
                    asset.Source,
                    asset.State,
                },
                card.Id
            );
            return asset;
        }
    }
}

/// <summary>What came of a clue: it is there, or it is not.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.asset.settle")]
internal sealed record SettleClue : ICommand<AssetRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool Exists { get; init; }

    /// <summary>Yuan; replaces what was said before.</summary>
    public decimal? Value { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SettleClue>
    {
        public Validator()
        {
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明核实经过。").MaximumLength(400).WithMessage("说明最长 400 个字符。");
            RuleFor(c => c.Value).Must(v => v is null or (>= 0 and <= 9_999_999_999.99m)).WithMessage("价值应是不为负的金额，最多两位小数。");
        }
    }

    internal sealed class Handler(MeasureWork work, MeasureBook book, Lookout lookout, AuditTrail audit) : ICommandHandler<SettleClue, AssetRow>
    {
        public async Task<AssetRow> Handle(SettleClue c, CancellationToken cancellationToken)
        {
            var asset = await work.AssetAsync(c.Id, cancellationToken);
            if (c.Version is { } seen && seen != asset.Version)
                throw new Conflict("财产刚被他人办理，请刷新后再看。");
            var today = work.Today;
            var next = work.Calendar.AddWorkdays(today, 3);
            var value = c.Value is { } v ? (long)(v * 100) : asset.Value;
            asset = c.Exists
                ? await book.MoveAsync(
                    asset,
                    AssetStep.Verify,
                    cancellationToken,
                    "next_date = @next, found_on = @today, value = @value, reason = @Words",
                    new
                    {
                        asset.Id,
                        asset.Version,
                        next,
                        today,
                        value,
                        c.Words,
                    }
                )
                : await book.MoveAsync(
                    asset,
                    AssetStep.Drop,
                    cancellationToken,
                    "next_date = NULL, ended_on = @today, reason = @Words",
                    new
                    {
                        asset.Id,
                        asset.Version,
                        today,
                        c.Words,
                    }
                );
            await lookout.LookAsync(asset.CaseId, cancellationToken);
            audit.Note("asset", asset.Id, new { c.Exists }, asset.CaseId);
            return asset;
        }
    }
}

/// <summary>Records that a debtor was asked about: the network, on site, by search (D-05 check 1, D-07).</summary>
[Permit("enforcement.work")]
[Audited("enforcement.inquiry.record")]
internal sealed record RecordInquiry : ICommand<int>
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public IReadOnlyList<string> Categories { get; init; } = [];
    public string Way { get; init; } = "network";
    public DateOnly? On { get; init; }
    public string Result { get; init; } = "";

    internal sealed class Validator : AbstractValidator<RecordInquiry>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.PartyId).NotEmpty().WithMessage("请选择被查控人。");
            RuleFor(c => c.Categories)
                .NotEmpty()
                .WithMessage("请至少选择一类查询。")
                .Must(a => a.All(Property.Asked.ContainsKey))
                .WithMessage("没有这类查询。");
            RuleFor(c => c.Way).Must(Property.Ways.ContainsKey).WithMessage("请选择查询方式。");
            RuleFor(c => c.Result).MaximumLength(400).WithMessage("查询结果最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        ICases cases,
        MeasureWork work,
        Inquiries inquiries,
        Lookout lookout,
        Command.NodeBook nodes,
        Persuade.PersuadeBook persuade,
        AuditTrail audit
    ) : ICommandHandler<RecordInquiry, int>
    {
        public async Task<int> Handle(RecordInquiry c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var party = await work.DebtorAsync(card.Id, c.PartyId, cancellationToken);
            var on = c.On ?? work.Today;
            if (on > work.Today)
                throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "On");
            await lookout.TrackAsync(card, cancellationToken);
            foreach (var category in c.Categories.Distinct())
                await inquiries.AddAsync(card.Id, party.Id, category, c.Way, on, c.Result, cancellationToken);
            if (c.Way == "network")
            {
                await nodes.DoneAsync(card.Id, "network", on, "已登记网络查询", cancellationToken);
                await persuade.PolledAsync(card, on, cancellationToken);
            }
            await lookout.LookAsync(card.Id, cancellationToken);
            audit.Note(
                "inquiry",
                party.Id,
                new
                {
                    categories = c.Categories.Count,
                    c.Way,
                    on,
                },
                card.Id
            );
            return c.Categories.Count;
        }
    }
}
