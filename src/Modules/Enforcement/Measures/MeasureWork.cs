using CourtOps.Contracts;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Notices;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Law;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Measures;

/// <summary>Reads and changes measures and assets inside the open transaction; keeps the journal, the next date, what waits behind, and tells the
/// others.</summary>
internal sealed class MeasureWork(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    ICases cases,
    ICalendarSource calendars,
    MeasureBook book,
    Outbox outbox,
    WorkQueue work,
    Kernel.Settings.ISettings settings,
    Lookout lookout
)
{
    public DateOnly Today => Times.Day(clock.GetUtcNow());

    public CourtCalendar Calendar => calendars.For(null);

    /// <exception cref="NotFound">No such measure, or its case is not for this actor.</exception>
    public async Task<MeasureRow> GetAsync(long id, CancellationToken ct)
    {
        var found = await db.FirstAsync<MeasureRow>(MeasureRow.Columns + " WHERE m.id = @id", new { id }, ct);
        return found is not null && await cases.CanReadAsync(found.CaseId, ct) ? found : throw new NotFound("查控措施", id);
    }

    /// <exception cref="NotFound">No such asset, or its case is not for this actor.</exception>
    public async Task<AssetRow> AssetAsync(long id, CancellationToken ct)
    {
        var found = await db.FirstAsync<AssetRow>(AssetRow.Columns + " WHERE a.id = @id", new { id }, ct);
        return found is not null && await cases.CanReadAsync(found.CaseId, ct) ? found : throw new NotFound("财产", id);
    }

    /// <summary>A debtor of the case.</summary>
    /// <exception cref="RuleBroken">Field PartyId: not a party, or one that claims.</exception>
    public async Task<PartyContact> DebtorAsync(long caseId, long partyId, CancellationToken ct)
    {
        var party = (await cases.PartiesAsync(caseId, ct)).FirstOrDefault(p => p.Id == partyId) ?? throw new RuleBroken("请选择本案的当事人。", "PartyId");
        return MayOwe(party.Role) ? party : throw new RuleBroken($"{party.Name}是{party.Role}，不能作为被查控人。", "PartyId");
    }

    /// <summary>Who asks the court, by the role.</summary>
    public static bool IsCreditor(string role) => PartySide.Asks(role);

    /// <summary>Who may be controlled: whoever does not ask the court, and those whose role does not say who owes.</summary>
    public static bool MayOwe(string role) => !PartySide.Asks(role) || PartySide.IsOpen(role);

    /// <summary>The asset of this description in the case, made where it is not there, brought up to date where it is.</summary>
    public async Task<AssetRow> EnsureAssetAsync(CaseCard card, PartyContact party, NewAsset asset, CancellationToken ct) =>
        (await PutAssetAsync(card, party, asset, ct)).Asset;

    /// <inheritdoc cref="EnsureAssetAsync"/>
    /// <returns>The asset, and whether it is new or was changed.</returns>
    public async Task<(AssetRow Asset, bool Changed)> PutAssetAsync(CaseCard card, PartyContact party, NewAsset asset, CancellationToken ct)
    {
        var key = Property.Identity(asset.Category, asset.Name);
        var found = await db.FirstAsync<AssetRow>(
            AssetRow.Columns + " WHERE a.case_id = @Id AND a.party_id = @PartyId AND a.category = @Category AND a.identity_key = @key",
            new
            {
                card.Id,
                PartyId = party.Id,
                asset.Category,
                key,
            },
            ct
        );
        if (found is not null)
            return await AgainAsync(found, asset, ct);
        await lookout.TrackAsync(card, ct);
        var state = asset.IsClue ? AssetState.Clue : AssetState.Found;
        var id = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_asset (id, case_id, court_id, party_id, party_name, category, kind, name, identity_key, holder, value, source, found_on,
                part, pair_asset_id, state, next_date, created_by, created_at, version)
            VALUES (@id, @CaseId, @CourtId, @PartyId, @PartyName, @Category, @Kind, @Name, @key, @Holder, @Value, @Source, @FoundOn, @Part, @PairAssetId,
                @state, @next, @by, @now, 1)
            """,
            new
            {
                id,
                CaseId = card.Id,
                card.CourtId,
                PartyId = party.Id,
                PartyName = party.Name,
                asset.Category,
                Kind = Property.KindOf(asset.Category),
                asset.Name,
                key,
                asset.Holder,
                asset.Value,
                asset.Source,
                asset.FoundOn,
                asset.Part,
                asset.PairAssetId,
                state,
                next = FirstDate(asset),
                by = actor.Id,
                now = clock.StoredNow(),
            },
            ct
        );
        if (asset.PairAssetId is { } pair)
            await db.ExecuteAsync(
                "UPDATE enforcement_asset SET pair_asset_id = @id WHERE id = @pair AND case_id = @CaseId",
                new
                {
                    id,
                    pair,
                    CaseId = card.Id,
                },
                ct
            );
        return ((await db.FirstAsync<AssetRow>(AssetRow.Columns + " WHERE a.id = @id", new { id }, ct))!, true);
    }

    // reported or found once more: the value is the new one; a lead is confirmed by what was found; what had ended is there again where the rules say so
    private async Task<(AssetRow Asset, bool Changed)> AgainAsync(AssetRow asset, NewAsset found, CancellationToken ct)
    {
        var value = found.Value is { } v && (!found.OnlyMore || asset.Value is null || v > asset.Value) ? v : asset.Value;
        var lifted =
            asset.State == AssetState.Released
                ? await db.FirstAsync<string>(
                    "SELECT m.ended_reason FROM enforcement_measure m WHERE m.asset_id = @Id AND m.state = 'released' ORDER BY m.ended_on DESC, m.id DESC",
                    new { asset.Id },
                    ct
                )
                : null;
        var step = AssetRules.Again(asset.State, found.IsClue, lifted, asset.Value, value);
        if (step is null && value == asset.Value)
            return (asset, false);
        if (step is null && asset.State is not (AssetState.Clue or AssetState.Found or AssetState.Controlled))
        {
            // ended and stays so; what it is worth now is known all the same
            await db.ExecuteAsync("UPDATE enforcement_asset SET value = @value, version = version + 1 WHERE id = @Id", new { asset.Id, value }, ct);
            return (asset with { Value = value, Version = asset.Version + 1 }, true);
        }
        await book.MoveAsync(
            asset,
            step ?? AssetStep.Mark,
            ct,
            step is null ? "value = @value" : "value = @value, found_on = @on, source = @Source, next_date = @next, ended_on = NULL",
            new
            {
                asset.Id,
                asset.Version,
                value,
                on = found.FoundOn,
                Source = found.Source == "other" ? asset.Source : found.Source,
                next = FirstDate(found),
            }
        );
        return ((await db.FirstAsync<AssetRow>(AssetRow.Columns + " WHERE a.id = @Id", new { asset.Id }, ct))!, true);
    }

    /// <summary>A lead is looked into within 7 days, an urgent one within 3 (财产调查规定 2); what was found is controlled within 3 working days (D-05).</summary>
    public DateOnly FirstDate(NewAsset asset) => asset.IsClue ? asset.FoundOn.AddDays(asset.Urgent ? 3 : 7) : Calendar.AddWorkdays(asset.FoundOn, 3);

    /// <summary>Sets the dates of a live measure by Law: its end is the receipt's where there is one.</summary>
    public MeasureRow Dated(MeasureRow m, DateOnly start, DateOnly? receiptEnd)
    {
        var term = Terms.Of(m.Kind, start, Calendar, m.Years, m.Basis, receiptEnd);
        return m with
        {
            StartOn = start,
            EndOn = term.End,
            ComputedEnd = term.ComputedEnd,
            LastRenewal = term.LastRenewal,
            CourtLast = term.CourtLastDay,
            ReceiptEnd = receiptEnd,
        };
    }

    /// <summary>Writes a step with the dates the measure then has, its next date, the journal, the notification; settles the asset and looks at the
    /// case.</summary>
    /// <param name="m">With the dates that are to be; its state and version as they were read.</param>
    /// <param name="change">taken, renewed, released, lapsed, activated; null where nobody else need know.</param>
    public async Task<MeasureRow> SaveAsync(MeasureRow m, string step, string kind, DateOnly on, string words, string? change, CancellationToken ct)
    {
        var to = MeasureBook.Measures.Find(step, m.State)?.To ?? m.State;
        if (kind is "renewed" or "activated" or "corrected")
            m = m with { Round = m.Round + 1, AppliedOn = null, ToldOn = null };
        var told = MeasureState.IsLive(to) ? await ToldAsync(m, ct) : new HashSet<string>();
        var (next, tier) = MeasureClock.Next(m with { State = to }, told, Calendar, on);
        m = m with { NextDate = next, NextTier = tier };
        m = await book.MoveAsync(
            m,
            step,
            ct,
            "place = @Place, authority = @Authority, frozen = @Frozen, start_on = @StartOn, end_on = @EndOn, "
                + "computed_end = @ComputedEnd, last_renewal = @LastRenewal, court_last = @CourtLast, "
                + "receipt = @Receipt, receipt_end = @ReceiptEnd, receipt_place = @ReceiptPlace, years = @Years, "
                + "paper = @Paper, head_end = @HeadEnd, applied_on = @AppliedOn, told_on = @ToldOn, round = @Round, next_date = @NextDate, next_tier "
                + "= @NextTier, ended_on = @EndedOn, ended_reason = @EndedReason, order_id = @OrderId",
            m
        );
        await NoteAsync(m, kind, on, words, ct);
        await SettleAsync(m.AssetId, step == MeasureStep.Release, ct);
        if (change is not null)
            await TellAsync(m, change, ct);
        if (kind is "renewed" or "activated" or "corrected" or "served" && m.State == MeasureState.Active)
            await PrintAsync(m, ct);
        if (to is MeasureState.Released or MeasureState.Lapsed)
            await ActivateNextAsync(m, to == MeasureState.Lapsed ? m.EndOn!.Value.AddDays(1) : on, ct);
        await lookout.LookAsync(m.CaseId, ct);
        return m;
    }

    public Task PrintAsync(MeasureRow m, CancellationToken ct) =>
        work.AddAsync(PrintNotice.Name, $"{m.Id}:{m.Round}", new PrintNotice.Payload { MeasureId = m.Id, Round = m.Round }, ct: ct);

    /// <summary>The applicants are told in writing that the end is near, once for each tier of a term; where nobody applies there is nobody to tell.</summary>
    public async Task RemindAsync(MeasureRow m, string tier, CancellationToken ct)
    {
        if (!(await cases.PartiesAsync(m.CaseId, ct)).Any(p => IsCreditor(p.Role)))
            return;
        await db.ExecuteAsync(
            "INSERT INTO enforcement_reminder (measure_id, round, tier, asked_on) VALUES (@Id, @Round, @tier, @Today)",
            new
            {
                m.Id,
                m.Round,
                tier,
                Today,
            },
            ct
        );
        await work.AddAsync(
            PrintNotice.Name,
            $"{m.Id}:{m.Round}:{tier}",
            new PrintNotice.Payload
            {
                MeasureId = m.Id,
                Round = m.Round,
                Tier = tier,
            },
            ct: ct
        );
    }

    /// <summary>Whether the court marked this agency as out of town.</summary>
    public async Task<bool> IsOutOfTownAsync(long courtId, string authority, CancellationToken ct) =>
        await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM enforcement_agency WHERE court_id = @courtId AND name = @authority AND out_of_town = 1",
            new { courtId, authority },
            ct
        ) > 0;

    /// <summary>The warnings of the live measures at an agency are reckoned anew, after it was marked as out of town or no more.</summary>
    public async Task RedateAsync(long courtId, string authority, CancellationToken ct)
    {
        foreach (
            var m in await db.QueryAsync<MeasureRow>(
                MeasureRow.Columns + " WHERE m.authority = @authority AND m.state = 'active' AND m.court_id = @courtId ORDER BY m.id",
                new { courtId, authority },
                ct
            )
        )
        {
            var (next, tier) = MeasureClock.Next(m, await ToldAsync(m, ct), Calendar, Today);
            if (tier == m.NextTier && next == m.NextDate)
                continue;
            var moved = m with { NextDate = next, NextTier = tier };
            await book.MoveAsync(moved, MeasureStep.Mark, ct, "next_date = @NextDate, next_tier = @NextTier", moved);
            await SettleAsync(m.AssetId, false, ct);
        }
    }

    public async Task NoteAsync(MeasureRow m, string kind, DateOnly on, string words, CancellationToken ct) =>
        await db.ExecuteAsync(
            "INSERT INTO enforcement_event (id, measure_id, kind, on_date, start_on, end_on, words, person_id, person_name, at) VALUES (@id, "
                + "@MeasureId, @kind, @on, @StartOn, @EndOn, @words, @by, @name, @now)",
            new
            {
                id = ids.Next(),
                MeasureId = m.Id,
                kind,
                on,
                m.StartOn,
                m.EndOn,
                words = words.Length > 400 ? words[..400] : words,
                by = actor.Id,
                name = actor.Name,
                now = clock.StoredNow(),
            },
            ct
        );

    public Task TellAsync(MeasureRow m, string change, CancellationToken ct) =>
        outbox.AddAsync(
            Catalogue.CaseKey(m.CaseId),
            new MeasureChanged
            {
                MeasureId = m.Id,
                CaseId = m.CaseId,
                Change = change,
                Start = m.StartOn ?? m.RuledOn ?? Today,
                End = m.EndOn,
                At = clock.StoredNow(),
            },
            ct
        );

    /// <summary>An asset is under control while a measure of it lives; its next date is the earliest of theirs.</summary>
    public async Task SettleAsync(long assetId, bool released, CancellationToken ct)
    {
        var asset = (await db.FirstAsync<AssetRow>(AssetRow.Columns + " WHERE a.id = @assetId", new { assetId }, ct))!;
        var live = await db.QueryAsync<DateOnly>(
            "SELECT next_date FROM enforcement_measure WHERE asset_id = @assetId AND next_date IS NOT NULL",
            new { assetId },
            ct
        );
        var now = Today;
        if (live.Count > 0)
            await book.MoveAsync(
                asset,
                asset.State == AssetState.Controlled ? AssetStep.Mark : AssetStep.Control,
                ct,
                "next_date = @next, ended_on = NULL, reason = NULL",
                new
                {
                    asset.Id,
                    asset.Version,
                    next = live.Min(),
                }
            );
        else if (asset.State == AssetState.Controlled && released)
            await book.MoveAsync(
                asset,
                AssetStep.Release,
                ct,
                "next_date = NULL, ended_on = @now",
                new
                {
                    asset.Id,
                    asset.Version,
                    now,
                }
            );
        else if (asset.State == AssetState.Controlled)
            await book.MoveAsync(
                asset,
                AssetStep.Free,
                ct,
                "next_date = @now",
                new
                {
                    asset.Id,
                    asset.Version,
                    now,
                }
            );
    }

    /// <summary>Only one stands at a place of one thing in the court.</summary>
    /// <exception cref="RuleBroken">Field Place, code place-taken: another case holds it.</exception>
    public async Task CheckPlaceAsync(MeasureRow m, int place, CancellationToken ct)
    {
        if (
            await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM enforcement_measure WHERE court_id = @CourtId AND identity_key = @IdentityKey AND place = @place AND next_date "
                    + "IS NOT NULL AND id <> @Id",
                new
                {
                    m.CourtId,
                    m.IdentityKey,
                    m.Id,
                    place,
                },
                ct
            ) > 0
        )
            throw new RuleBroken($"本院另案已在第 {place} 顺位控制这项财产，请先核对另案的措施。", "Place", "place-taken");
    }

    /// <summary>When the first is lifted or lapses, the next in line takes effect by law, those behind move up (查扣冻规定 26).</summary>
    private async Task ActivateNextAsync(MeasureRow ended, DateOnly on, CancellationToken ct)
    {
        var sold =
            ended is { State: MeasureState.Released, EndedReason: { } why, Place: 1, StartOn: not null }
            && AssetRules.EndsWhatWaits(why, ended.Kind)
            && settings.Current<LeakRules>(ended.CourtId).SaleEndsWaiting;
        var behind = await db.QueryAsync<MeasureRow>(
            MeasureRow.Columns
                + " WHERE m.court_id = @CourtId AND m.identity_key = @IdentityKey AND m.state = 'waiting' AND m.place > @Place ORDER BY m.place, m.id",
            new
            {
                ended.CourtId,
                ended.IdentityKey,
                ended.Place,
            },
            ct
        );
        var first = ended is { Place: 1, StartOn: not null };
        foreach (var next in behind)
        {
            if (sold)
                await SaveAsync(
                    next with
                    {
                        EndedOn = on,
                        EndedReason = "sold",
                    },
                    MeasureStep.Release,
                    "released",
                    on,
                    "先手已处置全部财产，轮候没有产生效力",
                    "released",
                    ct
                );
            else if (first && next.Place == 2)
            {
                var term = Terms.Activated(next.Kind, on, Calendar, next.Basis);
                await SaveAsync(
                    next with
                    {
                        Place = 1,
                        HeadEnd = null,
                        Years = null,
                        StartOn = on,
                        EndOn = term.End,
                        ComputedEnd = term.ComputedEnd,
                        LastRenewal = term.LastRenewal,
                        CourtLast = term.CourtLastDay,
                    },
                    MeasureStep.Activate,
                    "activated",
                    on,
                    "先手措施解除或者失效，轮候措施自动生效",
                    "activated",
                    ct
                );
                first = false;
            }
            else
            {
                await SaveAsync(next with { Place = next.Place - 1, HeadEnd = null }, MeasureStep.Mark, "moved-up", on, "先手措施结束，顺位前移", null, ct);
            }
        }
    }

    private async Task<IReadOnlySet<string>> ToldAsync(MeasureRow m, CancellationToken ct) =>
        (await db.QueryAsync<string>("SELECT tier FROM enforcement_warning WHERE measure_id = @Id AND round = @Round", new { m.Id, m.Round }, ct)).ToHashSet();

    /// <summary>The next date after a tier was told.</summary>
    public async Task<MeasureRow> ToldAsync(MeasureRow m, DateOnly today, CancellationToken ct)
    {
        // asked again until somebody records what came of it
        var again = m.NextTier is MeasureClock.Poll or MeasureClock.Serve;
        if (!again)
            await db.ExecuteAsync(
                "INSERT INTO enforcement_warning (measure_id, round, tier, due_on, told_at) VALUES (@Id, @Round, @NextTier, @dueOn, @now)",
                new
                {
                    m.Id,
                    m.Round,
                    m.NextTier,
                    dueOn = m.NextDate,
                    now = clock.StoredNow(),
                },
                ct
            );
        var (next, tier) = again
            ? (today.AddDays(m.NextTier == MeasureClock.Poll ? 7 : 1), m.NextTier)
            : MeasureClock.Next(m, await ToldAsync(m, ct), Calendar, today);
        m = m with { NextDate = next, NextTier = tier };
        m = await book.MoveAsync(m, MeasureStep.Mark, ct, "next_date = @NextDate, next_tier = @NextTier", m);
        await SettleAsync(m.AssetId, false, ct);
        return m;
    }
}

/// <summary>An asset as it is reported or found.</summary>
internal sealed record NewAsset
{
    public required string Category { get; init; }
    public required string Name { get; init; }
    public string Holder { get; init; } = "";
    public long? Value { get; init; }
    public string Source { get; init; } = "other";
    public required DateOnly FoundOn { get; init; }
    public bool IsClue { get; init; }

    /// <summary>A value below the known one is passed over: the answer may be an older one that comes again.</summary>
    public bool OnlyMore { get; init; }
    public bool Urgent { get; init; }
    public string Part { get; init; } = "";
    public long? PairAssetId { get; init; }
}
