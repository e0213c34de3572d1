using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Field;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Offline;

/// <summary>An inquiry on site (线下调查): asked for, put on a trip, and what it led to.</summary>
internal sealed record OfflineRow
{
    public const string Columns =
        "o.id, o.case_id, o.court_id, o.party_id, o.party_name, o.address, o.categories, o.words, o.due_on, o.state, o.stop_id, o.outcome, o.result, "
        + "o.asset_id, o.asked_by, o.asked_name, o.asked_at, o.closed_name, o.closed_at, o.version";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["asked"] = "待派外勤",
        ["out"] = "已排外勤",
        ["done"] = "已有结果",
        ["withdrawn"] = "已撤回",
    };

    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string> { ["found"] = "查到财产", ["none"] = "查无财产" };

    public static readonly StateTable Table = new(
        "enforcement_offline",
        "线下调查",
        new("send", ["asked", "out"], "out"),
        new("close", ["out"], "done"),
        new("withdraw", ["asked", "out"], "withdrawn")
    );

    public long Id { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string? JudgeName { get; init; }
    public long CourtId { get; init; }
    public long PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public string Address { get; init; } = "";

    /// <summary>Keys of <see cref="Property.Asked"/>, separated by blanks.</summary>
    public string Categories { get; init; } = "";
    public string Words { get; init; } = "";
    public DateOnly DueOn { get; init; }
    public string State { get; init; } = "";
    public long? StopId { get; init; }
    public string? Outcome { get; init; }
    public string? Result { get; init; }
    public long? AssetId { get; init; }
    public long AskedBy { get; init; }
    public string AskedName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public string? ClosedName { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public int Version { get; init; }

    public IReadOnlyList<string> CategorySet => Categories.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Reads inquiries of cases one may see.</summary>
internal sealed class OfflineBook(Db db, ICases cases)
{
    /// <exception cref="NotFound">No such inquiry, or its case is not for this actor.</exception>
    /// <exception cref="Conflict">It was changed since it was read.</exception>
    public async Task<OfflineRow> GetAsync(long id, int? version, CancellationToken ct)
    {
        var row = await db.FirstAsync<OfflineRow>($"SELECT {OfflineRow.Columns} FROM enforcement_offline o WHERE o.id = @id", new { id }, ct);
        if (row is null || !await cases.CanReadAsync(row.CaseId, ct))
            throw new NotFound("线下调查", id);
        return version is null || version == row.Version ? row : throw new Conflict("线下调查刚被他人办理，请刷新后再看。");
    }
}

/// <summary>Asks for an inquiry on site: whom, where, what for, by when. Its day opens an order, and is escalated like the others.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.offline.ask")]
internal sealed record AskOffline : ICommand<OfflineRow>
{
    /// <summary>Days in which it is done where nothing is said: a practice of the court.</summary>
    public const int Days = 15;

    public long CaseId { get; init; }
    public long? PartyId { get; init; }
    public string Address { get; init; } = "";
    public IReadOnlyList<string> Categories { get; init; } = [];
    public string Words { get; init; } = "";
    public DateOnly? Due { get; init; }

    internal sealed class Validator : AbstractValidator<AskOffline>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.PartyId).NotNull().WithMessage("请选择被查控人。");
            RuleFor(c => c.Address).NotEmpty().WithMessage("请填写地址。").MaximumLength(200).WithMessage("地址最长 200 个字符。");
            RuleFor(c => c.Categories).NotEmpty().WithMessage("请选择要查的种类。");
            RuleForEach(c => c.Categories).Must(Property.Asked.ContainsKey).WithMessage("请选择要查的种类。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        MeasureWork work,
        CaseDates dates,
        OfflineBook book,
        AuditTrail audit
    ) : ICommandHandler<AskOffline, OfflineRow>
    {
        public async Task<OfflineRow> Handle(AskOffline c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            if (card.State != "open")
                throw new RuleBroken("案件已经结案。", "CaseId");
            var party = await work.DebtorAsync(card.Id, c.PartyId!.Value, cancellationToken);
            var due = c.Due ?? work.Today.AddDays(Days);
            if (due < work.Today || due > work.Today.AddDays(180))
                throw new RuleBroken("期限应在今天以后、半年以内。", "Due");
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO enforcement_offline (id, case_id, court_id, party_id, party_name, address, categories, words, due_on, state, asked_by, asked_name,
                    asked_at, version)
                VALUES (@id, @CaseId, @CourtId, @partyId, @partyName, @address, @categories, @words, @due, 'asked', @me, @name, @now, 1)
                """,
                new
                {
                    id,
                    CaseId = card.Id,
                    card.CourtId,
                    partyId = party.Id,
                    partyName = party.Name,
                    address = c.Address.Trim(),
                    categories = string.Join(' ', c.Categories.Distinct()),
                    words = c.Words.Trim(),
                    due,
                    me = actor.Id,
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            await dates.SetAsync(
                card.Id,
                card.CourtId,
                $"offline:{id}",
                DateKinds.Offline,
                due,
                $"线下调查{party.Name}：{c.Address.Trim()}",
                cancellationToken
            );
            audit.Note("offline-inquiry", id, new { categories = c.Categories, due }, card.Id);
            return await book.GetAsync(id, null, cancellationToken);
        }
    }
}

/// <summary>Puts the inquiry on a trip that goes out; the photos are taken at its stop.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.offline.send")]
internal sealed record SendOffline : ICommand<OfflineRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public long? TripId { get; init; }

    internal sealed class Validator : AbstractValidator<SendOffline>
    {
        public Validator() => RuleFor(c => c.TripId).NotNull().WithMessage("请选择外勤。");
    }

    internal sealed class Handler(Db db, ICases cases, MeasureWork work, TripBook trips, StopBook stops, OfflineBook book, AuditTrail audit)
        : ICommandHandler<SendOffline, OfflineRow>
    {
        public async Task<OfflineRow> Handle(SendOffline c, CancellationToken cancellationToken)
        {
            var row = await book.GetAsync(c.Id, c.Version, cancellationToken);
            if (row.StopId is { } before && (await stops.GetAsync(before, cancellationToken)).State == "waiting")
                throw new RuleBroken("已经排在一趟外勤里，还没有去。", "TripId", "waiting");
            var trip = await trips.GetAsync(c.TripId!.Value, null, cancellationToken);
            var card = await cases.GetAsync(row.CaseId, cancellationToken);
            var party = await work.DebtorAsync(card.Id, row.PartyId, cancellationToken);
            var stop = await stops.PlaceAsync(card, trip, party, null, "inquire", row.Address, row.Words, cancellationToken);
            await OfflineRow.Table.MoveAsync(
                db,
                "send",
                row.State,
                new
                {
                    row.Id,
                    row.Version,
                    stop,
                },
                "stop_id = @stop",
                cancellationToken
            );
            audit.Note("offline-inquiry", row.Id, new { trip.Number }, row.CaseId);
            return await book.GetAsync(row.Id, null, cancellationToken);
        }
    }
}

/// <summary>What the inquiry led to: an asset, or nothing found. Somebody must have been there.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.offline.close")]
internal sealed record CloseOffline : ICommand<OfflineRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>found or none.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>A key of <see cref="Property.Labels"/>, where something was found.</summary>
    public string Category { get; init; } = "";
    public string Description { get; init; } = "";
    public string Holder { get; init; } = "";

    /// <summary>Yuan.</summary>
    public decimal? Value { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<CloseOffline>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(OfflineRow.Outcomes.ContainsKey).WithMessage("请选择结果。");
            RuleFor(c => c.Category).Must(Property.Labels.ContainsKey).When(c => c.Outcome == "found").WithMessage("请选择财产种类。");
            RuleFor(c => c.Description)
                .NotEmpty()
                .When(c => c.Outcome == "found")
                .WithMessage("请写明财产：账号、车牌、不动产权证号。")
                .MaximumLength(200)
                .WithMessage("财产描述最长 200 个字符。");
            RuleFor(c => c.Holder).MaximumLength(120).WithMessage("协助机关最长 120 个字符。");
            RuleFor(c => c.Value)
                .Must(v => v is null or (>= 0 and <= 9_999_999_999.99m) && decimal.Round(v ?? 0, 2) == (v ?? 0))
                .WithMessage("价值应是不为负的金额，最多两位小数。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明经过。").MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        MeasureWork work,
        StopBook stops,
        Inquiries inquiries,
        CaseDates dates,
        OfflineBook book,
        Lookout lookout,
        AuditTrail audit
    ) : ICommandHandler<CloseOffline, OfflineRow>
    {
        public async Task<OfflineRow> Handle(CloseOffline c, CancellationToken cancellationToken)
        {
            var row = await book.GetAsync(c.Id, c.Version, cancellationToken);
            if (row.StopId is not { } stopId || (await stops.GetAsync(stopId, cancellationToken)).State != "done")
                throw new RuleBroken("还没有外勤登记：先排外勤，到现场登记经过和照片。", "Outcome", "not-visited");
            if (c.Outcome == "none" && await stops.PhotosAsync(stopId, cancellationToken) == 0)
                throw new RuleBroken("查无财产的，外勤登记里须有照片。", "Outcome", "photo");
            long? asset = null;
            if (c.Outcome == "found")
            {
                var card = await cases.GetAsync(row.CaseId, cancellationToken);
                var party = await work.DebtorAsync(card.Id, row.PartyId, cancellationToken);
                asset = (
                    await work.EnsureAssetAsync(
                        card,
                        party,
                        new NewAsset
                        {
                            Category = c.Category,
                            Name = c.Description.Trim(),
                            Holder = c.Holder.Trim(),
                            Value = (long?)(c.Value * 100),
                            Source = "offline",
                            FoundOn = work.Today,
                        },
                        cancellationToken
                    )
                ).Id;
            }
            foreach (var category in row.CategorySet)
                await inquiries.AddAsync(row.CaseId, row.PartyId, category, "offline", work.Today, c.Words.Trim(), cancellationToken);
            await OfflineRow.Table.MoveAsync(
                db,
                "close",
                row.State,
                new
                {
                    row.Id,
                    row.Version,
                    c.Outcome,
                    result = c.Words.Trim(),
                    asset,
                    by = actor.Name,
                    now = clock.StoredNow(),
                },
                "outcome = @Outcome, result = @result, asset_id = @asset, closed_name = @by, closed_at = @now",
                cancellationToken
            );
            await dates.EndAsync($"offline:{row.Id}", cancellationToken);
            await lookout.LookAsync(row.CaseId, cancellationToken);
            audit.Note("offline-inquiry", row.Id, new { c.Outcome, asset }, row.CaseId);
            return await book.GetAsync(row.Id, null, cancellationToken);
        }
    }
}

/// <summary>It is not needed any more, and why.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.offline.withdraw")]
internal sealed record WithdrawOffline : ICommand<OfflineRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<WithdrawOffline>
    {
        public Validator() => RuleFor(c => c.Words).NotEmpty().WithMessage("请写明撤回的原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, CaseDates dates, OfflineBook book, AuditTrail audit)
        : ICommandHandler<WithdrawOffline, OfflineRow>
    {
        public async Task<OfflineRow> Handle(WithdrawOffline c, CancellationToken cancellationToken)
        {
            var row = await book.GetAsync(c.Id, c.Version, cancellationToken);
            await OfflineRow.Table.MoveAsync(
                db,
                "withdraw",
                row.State,
                new
                {
                    row.Id,
                    row.Version,
                    words = c.Words.Trim(),
                    by = actor.Name,
                    now = clock.StoredNow(),
                },
                "result = @words, closed_name = @by, closed_at = @now",
                cancellationToken
            );
            await dates.EndAsync($"offline:{row.Id}", cancellationToken);
            audit.Note("offline-inquiry", row.Id, new { withdrawn = true }, row.CaseId, c.Words);
            return await book.GetAsync(row.Id, null, cancellationToken);
        }
    }
}
