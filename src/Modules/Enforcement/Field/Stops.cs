using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Field;

internal sealed record StopRow
{
    public const string Columns =
        "s.id, s.trip_id, s.n, s.case_id, s.party_id, s.party_name, s.asset_id, s.asset_name, s.purpose, s.address, s.words, s.state, s.outcome, "
        + "s.result, s.place, s.visited_at, s.visited_by, s.version";

    public static readonly StateTable Table = new(
        "enforcement_stop",
        "外勤事项",
        new("visit", ["waiting"], "done"),
        new("skip", ["waiting"], "skipped"),
        new("add", ["done", "skipped"], null)
    );

    public long Id { get; init; }
    public long TripId { get; init; }
    public int N { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public long PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public long? AssetId { get; init; }
    public string AssetName { get; init; } = "";
    public string Purpose { get; init; } = "";
    public string Address { get; init; } = "";
    public string Words { get; init; } = "";
    public string State { get; init; } = "";
    public string? Outcome { get; init; }
    public string? Result { get; init; }
    public string? Place { get; init; }
    public DateTimeOffset? VisitedAt { get; init; }
    public string? VisitedBy { get; init; }
    public int Version { get; init; }
}

/// <summary>A picture or words of a stop: written once, never changed.</summary>
internal sealed record StopRecord
{
    public const string Columns = "r.id, r.stop_id, r.kind, r.name, r.mime, r.blob, r.size, r.place, r.words, r.taken_at, r.person_name, r.at";

    public long Id { get; init; }
    public long StopId { get; init; }
    public string Kind { get; init; } = "";
    public string Name { get; init; } = "";
    public string Mime { get; init; } = "";
    public string? Blob { get; init; }
    public long Size { get; init; }
    public string Place { get; init; } = "";
    public string Words { get; init; } = "";
    public DateTimeOffset? TakenAt { get; init; }
    public string PersonName { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>A picture taken in before a command names it.</summary>
internal sealed record TakenPhoto(string Name, string Mime, Blob Blob);

/// <summary>Reads stops of cases one may see, and adds to what was recorded; nothing changes or deletes a record.</summary>
internal sealed class StopBook(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, BlobStore blobs)
{
    /// <exception cref="NotFound">No such stop, or its case is not for this actor.</exception>
    public async Task<StopRow> GetAsync(long id, CancellationToken ct)
    {
        var stop = await db.FirstAsync<StopRow>($"SELECT {StopRow.Columns} FROM enforcement_stop s WHERE s.id = @id", new { id }, ct);
        return stop is not null && await cases.CanReadAsync(stop.CaseId, ct) ? stop : throw new NotFound("外勤事项", id);
    }

    /// <summary>Puts a place on a trip that has not ended; the same place is on it once.</summary>
    /// <exception cref="RuleBroken">The trip has ended or is full, the place is on it already.</exception>
    /// <exception cref="NotFound">The trip is another court's.</exception>
    public async Task<long> PlaceAsync(
        CaseCard card,
        TripRow trip,
        PartyContact party,
        AssetRow? asset,
        string purpose,
        string address,
        string words,
        CancellationToken ct
    )
    {
        if (trip.State is not ("planned" or "out"))
            throw new RuleBroken($"外勤 {trip.Number} 现在是“{FieldRules.TripStates[trip.State]}”，不能再加。", "TripId", "state");
        if (trip.CourtId != card.CourtId)
            throw new NotFound("外勤", trip.Id);
        var n = 1 + await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_stop WHERE trip_id = @Id", new { trip.Id }, ct);
        if (n > FieldRules.MostStops)
            throw new RuleBroken($"一趟外勤最多 {FieldRules.MostStops} 处。", "TripId");
        if (
            await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM enforcement_stop WHERE trip_id = @TripId AND case_id = @CaseId AND party_id = @PartyId AND purpose = @purpose "
                    + "AND COALESCE(asset_id, 0) = @asset AND state = 'waiting'",
                new
                {
                    TripId = trip.Id,
                    CaseId = card.Id,
                    PartyId = party.Id,
                    purpose,
                    asset = asset?.Id ?? 0,
                },
                ct
            ) > 0
        )
            throw new RuleBroken("这一处已在这趟外勤中。", "AssetId", "twice");
        var id = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_stop (id, trip_id, n, case_id, party_id, party_name, asset_id, asset_name, purpose, address, words, state, version)
            VALUES (@id, @TripId, @n, @CaseId, @partyId, @partyName, @assetId, @assetName, @purpose, @address, @words, 'waiting', 1)
            """,
            new
            {
                id,
                TripId = trip.Id,
                n,
                CaseId = card.Id,
                partyId = party.Id,
                partyName = party.Name,
                assetId = asset?.Id,
                assetName = asset?.Name ?? "",
                purpose,
                address,
                words,
            },
            ct
        );
        return id;
    }

    public Task<int> PhotosAsync(long stopId, CancellationToken ct) =>
        db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_stop_record WHERE stop_id = @stopId AND kind = 'photo'", new { stopId }, ct);

    public async Task AddAsync(StopRow stop, TakenPhoto? photo, string place, string words, DateTimeOffset? takenAt, CancellationToken ct)
    {
        if (photo is not null)
            await blobs.KeepAsync(photo.Blob, ct);
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_stop_record (id, stop_id, kind, name, mime, blob, size, place, words, taken_at, person_name, at)
            VALUES (@id, @StopId, @kind, @name, @mime, @blob, @size, @place, @words, @takenAt, @by, @now)
            """,
            new
            {
                id = ids.Next(),
                StopId = stop.Id,
                kind = photo is null ? "note" : "photo",
                name = photo?.Name ?? "",
                mime = photo?.Mime ?? "",
                blob = photo?.Blob.Sha256,
                size = photo?.Blob.Size ?? 0,
                place,
                words,
                takenAt,
                by = actor.Name,
                now = clock.StoredNow(),
            },
            ct
        );
    }
}

/// <summary>Puts a debtor's place, or an asset, on a planned trip.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.stop.add")]
internal sealed record AddStop : ICommand<StopRow>
{
    public long TripId { get; init; }
    public long CaseId { get; init; }
    public long? PartyId { get; init; }
    public long? AssetId { get; init; }
    public string Purpose { get; init; } = "";
    public string Address { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AddStop>
    {
        public Validator()
        {
            RuleFor(c => c.TripId).NotEmpty().WithMessage("请选择外勤。");
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.PartyId).NotNull().When(c => c.AssetId is null).WithMessage("请选择被查控人或者财产。");
            RuleFor(c => c.AssetId).NotNull().When(c => c.Purpose is "verify" or "seal" or "assist").WithMessage("核实、张贴和到机关办理须选择财产。");
            RuleFor(c => c.Purpose).Must(FieldRules.Purposes.ContainsKey).WithMessage("请选择事项。");
            RuleFor(c => c.Address).NotEmpty().WithMessage("请填写地址。").MaximumLength(200).WithMessage("地址最长 200 个字符。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(ICases cases, MeasureWork work, TripBook trips, StopBook book, AuditTrail audit) : ICommandHandler<AddStop, StopRow>
    {
        public async Task<StopRow> Handle(AddStop c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var trip = await trips.GetAsync(c.TripId, null, cancellationToken);
            var asset = c.AssetId is { } a ? await work.AssetAsync(a, cancellationToken) : null;
            if (asset is not null && asset.CaseId != card.Id)
                throw new NotFound("财产", asset.Id);
            if (asset is { State: AssetState.Released or AssetState.Gone })
                throw new RuleBroken($"财产现在是“{AssetState.Labels[asset.State]}”，不能再加外勤。", "AssetId", "ended");
            var party = await work.DebtorAsync(card.Id, asset?.PartyId ?? c.PartyId!.Value, cancellationToken);
            var id = await book.PlaceAsync(card, trip, party, asset, c.Purpose, c.Address.Trim(), c.Words.Trim(), cancellationToken);
            audit.Note("stop", id, new { c.Purpose, trip.Number }, card.Id);
            return await book.GetAsync(id, cancellationToken);
        }
    }
}

/// <summary>What happened at a stop. It feeds the asset, its measure and the inquiries; afterwards it is only added to.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.stop.record")]
internal sealed record RecordStop : ICommand<StopRow>
{
    public long Id { get; init; }
    public string Outcome { get; init; } = "";
    public string Place { get; init; } = "";
    public string Words { get; init; } = "";
    public DateTimeOffset? PhoneTime { get; init; }

    /// <summary>Yuan, where the asset was seen and valued.</summary>
    public decimal? Value { get; init; }
    public IReadOnlyList<TakenPhoto> Files { get; init; } = [];

    internal sealed class Validator : AbstractValidator<RecordStop>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(FieldRules.Outcomes.ContainsKey).WithMessage("请选择结果。");
            RuleFor(c => c.Place).MaximumLength(200).WithMessage("地点最长 200 个字符。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明经过。").MaximumLength(1000).WithMessage("经过最长 1000 个字符。");
            RuleFor(c => c.Value).Must(v => v is null or (>= 0 and <= 9_999_999_999.99m)).WithMessage("价值应是不为负的金额，最多两位小数。");
        }
    }

    internal sealed class Handler(
        Db db,
        Actor actor,
        TimeProvider clock,
        TripBook trips,
        StopBook book,
        MeasureWork work,
        MeasureBook measures,
        Inquiries inquiries,
        Lookout lookout,
        AuditTrail audit
    ) : ICommandHandler<RecordStop, StopRow>
    {
        public async Task<StopRow> Handle(RecordStop c, CancellationToken cancellationToken)
        {
            var stop = await book.GetAsync(c.Id, cancellationToken);
            var trip = await trips.GetAsync(stop.TripId, null, cancellationToken);
            if (stop.State != "waiting" || trip.State is "cancelled")
                throw new RuleBroken($"这一处现在是“{FieldRules.StopStates[stop.State]}”，只能补充。", code: "state");
            if (trip.Day > work.Today)
                throw new RuleBroken($"出行日期是 {Times.Iso(trip.Day)}。", "Outcome", "early");
            var now = clock.StoredNow();
            if (
                FieldRules.Missing(
                    stop.Purpose,
                    c.Outcome,
                    c.Place.Trim(),
                    c.Files.Count + await book.PhotosAsync(stop.Id, cancellationToken),
                    c.PhoneTime,
                    now
                ) is
                { } missing
            )
                throw missing;
            await StopRow.Table.MoveAsync(
                db,
                "visit",
                stop.State,
                new
                {
                    stop.Id,
                    stop.Version,
                    c.Outcome,
                    result = c.Words.Trim(),
                    place = c.Place.Trim(),
                    now,
                    by = actor.Name,
                },
                "outcome = @Outcome, result = @result, place = @place, visited_at = @now, visited_by = @by",
                cancellationToken
            );
            foreach (var photo in c.Files)
                await book.AddAsync(stop, photo, c.Place.Trim(), "", c.PhoneTime ?? now, cancellationToken);
            await FeedAsync(stop, c, cancellationToken);
            await lookout.LookAsync(stop.CaseId, cancellationToken);
            audit.Note("stop", stop.Id, new { c.Outcome, photos = c.Files.Count }, stop.CaseId);
            return await book.GetAsync(stop.Id, cancellationToken);
        }

        // a clue is settled, an inquiry on site counts, what was put up stands in the journal of the measure
        private async Task FeedAsync(StopRow stop, RecordStop c, CancellationToken ct)
        {
            var asset = stop.AssetId is { } id ? await work.AssetAsync(id, ct) : null;
            var today = work.Today;
            var reason = c.Words.Trim() is { Length: > 400 } words ? words[..400] : c.Words.Trim();
            if (stop.Purpose == "verify" && c.Outcome == "there" && asset is { State: AssetState.Clue })
                await measures.MoveAsync(
                    asset,
                    AssetStep.Verify,
                    ct,
                    "next_date = @next, found_on = @today, value = @value, reason = @reason",
                    new
                    {
                        asset.Id,
                        asset.Version,
                        next = work.Calendar.AddWorkdays(today, 3),
                        today,
                        value = (long?)(c.Value * 100) ?? asset.Value,
                        reason,
                    }
                );
            else if (stop.Purpose == "verify" && c.Outcome == "gone" && asset is { State: AssetState.Clue or AssetState.Found })
                await measures.MoveAsync(
                    asset,
                    AssetStep.Drop,
                    ct,
                    "next_date = NULL, ended_on = @today, reason = @reason",
                    new
                    {
                        asset.Id,
                        asset.Version,
                        today,
                        reason,
                    }
                );
            if (stop.Purpose is "verify" or "inquire" && c.Outcome != "failed")
                await inquiries.AddAsync(
                    stop.CaseId,
                    stop.PartyId,
                    asset is not null && Property.Asked.ContainsKey(asset.Category) ? asset.Category : "immovable",
                    "offline",
                    today,
                    reason,
                    ct
                );
            if (
                asset is not null
                && await db.FirstAsync<MeasureRow>(
                    MeasureRow.Columns + " WHERE m.asset_id = @Id AND m.state IN ('ruled', 'waiting', 'active') ORDER BY m.id DESC",
                    new { asset.Id },
                    ct
                )
                    is { } m
            )
                await work.NoteAsync(m, "field", today, $"{FieldRules.Outcomes[c.Outcome]}：{reason}", ct);
        }
    }
}

/// <summary>More pictures or words to a stop: added, never changed.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.stop.add-record")]
internal sealed record AddToStop : ICommand<StopRow>
{
    public long Id { get; init; }
    public string Words { get; init; } = "";
    public IReadOnlyList<TakenPhoto> Files { get; init; } = [];

    internal sealed class Validator : AbstractValidator<AddToStop>
    {
        public Validator() =>
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Files.Count == 0)
                .WithMessage("请选择照片，或者写补充说明。")
                .MaximumLength(1000)
                .WithMessage("补充说明最长 1000 个字符。");
    }

    internal sealed class Handler(Db db, StopBook book, TimeProvider clock, AuditTrail audit) : ICommandHandler<AddToStop, StopRow>
    {
        public async Task<StopRow> Handle(AddToStop c, CancellationToken cancellationToken)
        {
            var stop = await book.GetAsync(c.Id, cancellationToken);
            await StopRow.Table.MoveAsync(db, "add", stop.State, new { stop.Id, stop.Version }, "", cancellationToken);
            foreach (var photo in c.Files)
                await book.AddAsync(stop, photo, stop.Place ?? "", "", clock.GetUtcNow(), cancellationToken);
            if (c.Words.Trim().Length > 0)
                await book.AddAsync(stop, null, "", c.Words.Trim(), null, cancellationToken);
            audit.Note("stop", stop.Id, new { photos = c.Files.Count, words = c.Words.Trim().Length > 0 }, stop.CaseId);
            return await book.GetAsync(stop.Id, cancellationToken);
        }
    }
}
