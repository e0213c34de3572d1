using CourtOps.Enforcement.Checks;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Measures;

/// <summary>Records a measure in the open transaction: for a person's command, and for the drafts made of proposals.</summary>
internal sealed class MeasureTaking(Db db, Ids ids, TimeProvider clock, Actor actor, ICases cases, MeasureWork work, Lookout lookout)
{
    /// <exception cref="RuleBroken">A date, the kind, the place or the amount does not do; with its field.</exception>
    public async Task<MeasureRow> TakeAsync(TakeMeasure c, CancellationToken ct)
    {
        var card = await cases.GetAsync(c.CaseId, ct);
        var today = work.Today;
        if (c.Start > today || c.RuledOn > today)
            throw new RuleBroken($"日期不能晚于今天 {Times.Iso(today)}。", c.Start > today ? "Start" : "RuledOn");
        if (c.Start < c.RuledOn)
            throw new RuleBroken($"控制日期 {Times.Iso(c.Start!.Value)} 早于裁定日期 {Times.Iso(c.RuledOn!.Value)}。", "Start");
        var asset = await AssetAsync(c, card, ct);
        var kind = c.Kind.Length > 0 ? c.Kind : asset.Kind;
        Property.Kind(kind);
        if (kind != asset.Kind)
            throw new RuleBroken($"财产“{asset.Name}”是{Property.Kinds[asset.Kind]}，不能按{Property.Kinds[kind]}控制。", "Kind", "other-kind");
        c = c with { Basis = c.Basis.Length > 0 ? c.Basis : Property.BasisOf(card.Kind, card.Number) };
        Property.Basis(c.Basis);
        if (kind == "deposit" && c.Amount is null)
            throw new RuleBroken("冻结存款必须写明限额（保全规定第15条）。", "Amount");
        await CheckPlaceAsync(c, asset, ct);
        var state =
            c.Start is null ? MeasureState.Ruled
            : c.Place == 1 ? MeasureState.Active
            : MeasureState.Waiting;
        var m = new MeasureRow
        {
            Id = ids.Next(),
            CaseId = card.Id,
            CourtId = card.CourtId,
            AssetId = asset.Id,
            PartyId = asset.PartyId,
            IdentityKey = asset.IdentityKey,
            Kind = kind,
            Act = Property.ActOf(asset.Category),
            Basis = c.Basis,
            State = state,
            Place = c.Place,
            Years = c.Years,
            Amount = (long?)(c.Amount * 100),
            Authority = c.Authority,
            OutOfTown = await work.IsOutOfTownAsync(card.CourtId, c.Authority, ct),
            Paper = c.Paper,
            RuledOn = c.RuledOn ?? c.Start,
            Receipt = c.Receipt.Length > 0 ? c.Receipt : null,
            ReceiptPlace = c.ReceiptPlace,
            HeadEnd = c.HeadEnd,
            Round = 1,
            StartOn = c.Start,
            CreatedBy = actor.Id,
            Version = 1,
            AssetName = asset.Name,
            Category = asset.Category,
            PartyName = asset.PartyName,
            AssetValue = asset.Value,
        };
        // refuses a wrong term while it is only ruled too
        var dated = work.Dated(m, c.Start ?? c.RuledOn!.Value, c.ReceiptEnd);
        if (state == MeasureState.Active)
            m = dated;
        if (state == MeasureState.Active && m.EndOn < today)
            throw new RuleBroken($"按这些日期措施已在 {Times.Iso(m.EndOn!.Value)} 届满失效；请核对控制日期和期限。", "Start");
        var (next, tier) = MeasureClock.Next(m, new HashSet<string>(), work.Calendar, c.Start ?? today);
        m = m with { NextDate = next, NextTier = tier };
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_measure (id, case_id, court_id, asset_id, party_id, identity_key, kind, act, basis, state, place, years, amount, authority,
                paper, ruled_on, start_on, end_on, computed_end, last_renewal, court_last,
                receipt, receipt_end, receipt_place, head_end, round, next_date, next_tier, created_by, created_at, version)
            VALUES (@Id, @CaseId, @CourtId, @AssetId, @PartyId, @IdentityKey, @Kind, @Act, @Basis, @State, @Place, @Years, @Amount, @Authority, @Paper,
                @RuledOn, @StartOn, @EndOn, @ComputedEnd, @LastRenewal, @CourtLast,
                @Receipt, @ReceiptEnd, @ReceiptPlace, @HeadEnd, @Round, @NextDate, @NextTier, @CreatedBy, @now, 1)
            """,
            new
            {
                m.Id,
                m.CaseId,
                m.CourtId,
                m.AssetId,
                m.PartyId,
                m.IdentityKey,
                m.Kind,
                m.Act,
                m.Basis,
                m.State,
                m.Place,
                m.Years,
                m.Amount,
                m.Authority,
                m.Paper,
                m.RuledOn,
                m.StartOn,
                m.EndOn,
                m.ComputedEnd,
                m.LastRenewal,
                m.CourtLast,
                m.Receipt,
                m.ReceiptEnd,
                m.ReceiptPlace,
                m.HeadEnd,
                m.Round,
                m.NextDate,
                m.NextTier,
                m.CreatedBy,
                now = clock.StoredNow(),
            },
            ct
        );
        await work.NoteAsync(m, state == MeasureState.Ruled ? "ruled" : "taken", c.Start ?? c.RuledOn!.Value, c.Authority, ct);
        await work.SettleAsync(asset.Id, false, ct);
        if (state != MeasureState.Ruled)
            await work.TellAsync(m, "taken", ct);
        if (state == MeasureState.Active)
            await work.PrintAsync(m, ct);
        await lookout.LookAsync(card.Id, ct);
        return m;
    }

    private async Task<AssetRow> AssetAsync(TakeMeasure c, CaseCard card, CancellationToken ct)
    {
        if (c.AssetId is { } id)
        {
            var asset = await work.AssetAsync(id, ct);
            return asset.CaseId == card.Id ? asset : throw new NotFound("财产", id);
        }
        var party = await work.DebtorAsync(card.Id, c.PartyId!.Value, ct);
        if (c.Category.Length > 0 && !Property.Labels.ContainsKey(c.Category))
            throw new RuleBroken("请选择财产种类。", "Category");
        if (c.Category.Length == 0)
            Property.Kind(c.Kind);
        return await work.EnsureAssetAsync(
            card,
            party,
            new NewAsset
            {
                Category = c.Category.Length > 0 ? c.Category : Property.CategoryOf(c.Kind),
                Name = c.Description.Trim(),
                Holder = c.Authority,
                FoundOn = c.Start ?? c.RuledOn!.Value,
            },
            ct
        );
    }

    // one first measure on one thing in the court; one live measure of a case on its asset
    private async Task CheckPlaceAsync(TakeMeasure c, AssetRow asset, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_measure WHERE asset_id = @Id AND next_date IS NOT NULL", new { asset.Id }, ct) > 0)
            throw new RuleBroken("这项财产在本案已有措施；期限将满请续行，顺位变动请登记回执。", "AssetId", "measure-once");
        var ahead = await db.QueryAsync<int>(
            "SELECT place FROM enforcement_measure WHERE court_id = @CourtId AND identity_key = @IdentityKey AND next_date IS NOT NULL",
            new { asset.CourtId, asset.IdentityKey },
            ct
        );
        if (ahead.Contains(c.Place))
            throw new RuleBroken($"本院另案已在第 {c.Place} 顺位控制这项财产，下一顺位是 {ahead.Max() + 1}。", "Place", "place-taken");
    }
}
