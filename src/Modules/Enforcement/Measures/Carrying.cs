using CourtOps.Enforcement.Checks;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Search;
using CourtOps.Law;

namespace CourtOps.Enforcement.Measures;

/// <summary>
/// Takes what was preserved over into enforcement, and what the last round held into the resumed one: assets of the debtors with all their
/// measures. Preservation
/// is enforcement from then on, and its term goes on (CPL-I 168, 保全规定 17). In the open transaction; what was carried once is not there to be carried again.
/// </summary>
internal sealed class Carrying(Db db, MeasureWork work, MeasureBook book, Lookout lookout)
{
    // a judgment of second instance rests on a case of first instance, where the preservation may be
    private const int Steps = 3;

    /// <summary>Carries into a case of 执 or 执恢 that is watched; of another nothing happens.</summary>
    /// <returns>How many live measures were carried.</returns>
    public async Task<int> CarryAsync(long caseId, CancellationToken ct)
    {
        var card = await CardAsync(caseId, ct);
        if (card is not { Kind: "enforcement", OriginId: not null } || TypeOf(card.Number) is not ("执" or "执恢"))
            return 0;
        var into = await PartiesAsync(caseId, ct);
        var carried = 0;
        foreach (var source in await SourcesAsync(card, ct))
        {
            var from = await PartiesAsync(source.Id, ct);
            var assets = await db.QueryAsync<AssetRow>(
                AssetRow.Columns + " WHERE a.case_id = @Id AND a.state IN ('clue', 'found', 'controlled', 'excused') ORDER BY a.id",
                new { source.Id },
                ct
            );
            foreach (var asset in assets)
                if (
                    from.FirstOrDefault(p => p.Id == asset.PartyId) is { } owner
                    && into.FirstOrDefault(p => p.Role == "被执行人" && IsSame(p, owner)) is { } debtor
                )
                    carried += await AssetAsync(asset, source, card, debtor, ct);
            if (assets.Count > 0)
                await lookout.LookAsync(source.Id, ct);
        }
        if (carried > 0)
            await lookout.LookAsync(caseId, ct);
        return carried;
    }

    private async Task<int> AssetAsync(AssetRow asset, Card source, Card card, Party debtor, CancellationToken ct)
    {
        var there = await db.FirstAsync<AssetRow>(
            AssetRow.Columns + " WHERE a.case_id = @Id AND a.party_id = @PartyId AND a.category = @Category AND a.identity_key = @IdentityKey",
            new
            {
                card.Id,
                PartyId = debtor.Id,
                asset.Category,
                asset.IdentityKey,
            },
            ct
        );
        var measures = await db.QueryAsync<MeasureRow>(MeasureRow.Columns + " WHERE m.asset_id = @Id ORDER BY m.id", new { asset.Id }, ct);
        var live = measures.Where(m => MeasureState.IsLive(m.State)).ToList();
        if (there is not null)
        {
            // known in the new case too, and controlled there by itself: two measures of one case on one thing cannot be
            if (live.Count == 0 || await LiveAsync(there.Id, ct))
                return 0;
        }
        else
        {
            await db.ExecuteAsync(
                "UPDATE enforcement_asset SET case_id = @CaseId, court_id = @CourtId, party_id = @PartyId, party_name = @Name, source = @origin, "
                    + "version = version + 1 WHERE id = @Id",
                new
                {
                    asset.Id,
                    CaseId = card.Id,
                    card.CourtId,
                    PartyId = debtor.Id,
                    debtor.Name,
                    origin = live.Any(m => m.Basis == "preservation") ? "preserved" : asset.Source,
                },
                ct
            );
        }
        var at = there?.Id ?? asset.Id;
        await db.ExecuteAsync(
            "UPDATE enforcement_measure SET case_id = @CaseId, court_id = @CourtId, party_id = @PartyId, asset_id = @at WHERE asset_id = @Id",
            new
            {
                asset.Id,
                CaseId = card.Id,
                card.CourtId,
                PartyId = debtor.Id,
                at,
            },
            ct
        );
        if (there is not null)
            await book.MoveAsync(
                asset,
                asset.State == AssetState.Controlled ? AssetStep.Release : AssetStep.Drop,
                ct,
                "next_date = NULL, ended_on = @today, reason = @reason",
                new
                {
                    asset.Id,
                    asset.Version,
                    today = work.Today,
                    reason = $"移入 {card.Number}",
                }
            );
        foreach (var id in live.Select(m => m.Id))
        {
            var m = (await db.FirstAsync<MeasureRow>(MeasureRow.Columns + " WHERE m.id = @id", new { id }, ct))!;
            var preserved = m.Basis == "preservation";
            if (preserved)
                await db.ExecuteAsync("UPDATE enforcement_measure SET basis = 'enforcement' WHERE id = @id", new { id }, ct);
            await work.SaveAsync(
                m with
                {
                    Basis = "enforcement",
                    // an enforcement measure may be renewed up to its end (查扣冻规定 27)
                    LastRenewal = m.State == MeasureState.Active ? m.EndOn : m.LastRenewal,
                },
                MeasureStep.Mark,
                "carried",
                work.Today,
                preserved ? $"自 {source.Number} 移入，保全转为执行措施，期限连续计算" : $"自 {source.Number} 移入，期限连续计算",
                null,
                ct
            );
        }
        return live.Count;
    }

    // the cases it rests on, each with the cases that executed its preservation
    private async Task<IReadOnlyList<Card>> SourcesAsync(Card card, CancellationToken ct)
    {
        var sources = new List<Card>();
        var next = card.OriginId;
        for (var step = 0; step < Steps && next is { } id && await CardAsync(id, ct) is { } origin; step++)
        {
            sources.Add(origin);
            sources.AddRange(
                (
                    await db.QueryAsync<Card>(
                        "SELECT id, number, court_id, kind, origin_id FROM workzone_case_card WHERE origin_id = @Id AND kind = 'enforcement' AND id <> @self "
                            + "ORDER BY id",
                        new { origin.Id, self = card.Id },
                        ct
                    )
                ).Where(c => TypeOf(c.Number) == "执保")
            );
            next = origin.OriginId;
        }
        return sources;
    }

    private Task<Card?> CardAsync(long id, CancellationToken ct) =>
        db.FirstAsync<Card>("SELECT id, number, court_id, kind, origin_id FROM workzone_case_card WHERE id = @id", new { id }, ct);

    private Task<IReadOnlyList<Party>> PartiesAsync(long caseId, CancellationToken ct) =>
        db.QueryAsync<Party>("SELECT id, name, role, id_number_tail FROM workzone_party_card WHERE case_id = @caseId ORDER BY ordinal", new { caseId }, ct);

    private async Task<bool> LiveAsync(long assetId, CancellationToken ct) =>
        await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_measure WHERE asset_id = @assetId AND next_date IS NOT NULL", new { assetId }, ct) > 0;

    private static string TypeOf(string number) => CaseNumber.TryParse(number, out var n) ? n.Type : "";

    private static bool IsSame(Party one, Party other) =>
        Key(one.Name) == Key(other.Name)
        && (string.IsNullOrEmpty(one.IdNumberTail) || string.IsNullOrEmpty(other.IdNumberTail) || one.IdNumberTail == other.IdNumberTail);

    private static string Key(string name) => new([.. name.Folded().ToUpperInvariant().Where(char.IsLetterOrDigit)]);

    private sealed record Card
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public long CourtId { get; init; }
        public string Kind { get; init; } = "";
        public long? OriginId { get; init; }
    }

    private sealed record Party
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string? IdNumberTail { get; init; }
    }
}
