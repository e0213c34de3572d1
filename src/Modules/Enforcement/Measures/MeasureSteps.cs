using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;

namespace CourtOps.Enforcement.Measures;

/// <summary>Renews, lifts and records receipts in the open transaction: for a person's command, and for what an agency answered.</summary>
internal sealed class MeasureSteps(MeasureWork work, AuditTrail audit)
{
    /// <inheritdoc cref="RenewMeasure"/>
    public async Task<MeasureRow> RenewAsync(RenewMeasure c, CancellationToken ct)
    {
        var m = (await work.GetAsync(c.Id, ct)).Seen(c.Version);
        var on = c.On ?? work.Today;
        if (m.State is not (MeasureState.Active or MeasureState.Lapsed))
            throw new RuleBroken($"措施现在是“{MeasureState.Labels[m.State]}”，不能续行。", code: "state");
        if (on > work.Today)
            throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "On");
        if (on > m.EndOn)
            throw new RuleBroken($"措施已在 {Times.Iso(m.EndOn!.Value)} 届满，效力消灭（查扣冻规定第27条），不能续行；请重新裁定控制。", "On", "lapsed");
        if (m.State == MeasureState.Lapsed && c.Receipt.Length == 0)
            throw new RuleBroken("届满前已续行、事后补记的，必须填写回执号。", "Receipt");
        if (m.State == MeasureState.Lapsed)
            await work.CheckPlaceAsync(m, m.Place, ct);
        var from = c.From ?? m.EndOn!.Value.AddDays(1);
        if (from < m.StartOn || from > m.EndOn!.Value.AddDays(1))
            throw new RuleBroken($"新期限的起算日应在 {Times.Iso(m.StartOn!.Value)} 至 {Times.Iso(m.EndOn!.Value.AddDays(1))} 之间，不得中断。", "From");
        var renewed = work.Dated(
            m with
            {
                Years = c.Years,
                Paper = c.Paper.Length > 0 ? c.Paper : m.Paper,
                Receipt = c.Receipt.Length > 0 ? c.Receipt : m.Receipt,
                EndedOn = null,
                EndedReason = null,
            },
            from,
            c.ReceiptEnd
        );
        if (renewed.EndOn <= m.EndOn)
            throw new RuleBroken(
                $"续行后的届满日 {Times.Iso(renewed.EndOn!.Value)} 不晚于原届满日 {Times.Iso(m.EndOn!.Value)}。",
                c.ReceiptEnd is null ? "Years" : "ReceiptEnd"
            );
        renewed = await work.SaveAsync(renewed, MeasureStep.Renew, "renewed", on, c.Paper, "renewed", ct);
        audit.Note(
            "measure",
            m.Id,
            new
            {
                from,
                m.EndOn,
                until = renewed.EndOn,
            },
            m.CaseId
        );
        return renewed;
    }

    /// <inheritdoc cref="ReleaseMeasure"/>
    public async Task<MeasureRow> ReleaseAsync(ReleaseMeasure c, CancellationToken ct)
    {
        var m = (await work.GetAsync(c.Id, ct)).Seen(c.Version);
        var on = c.On ?? work.Today;
        if (!MeasureState.IsLive(m.State))
            throw new RuleBroken($"措施现在是“{MeasureState.Labels[m.State]}”，不能解除。", code: "state");
        if (on > work.Today)
            throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "On");
        if (on < m.RuledOn)
            throw new RuleBroken($"解除日期 {Times.Iso(on)} 早于裁定日期 {Times.Iso(m.RuledOn!.Value)}。", "On");
        var released = await work.SaveAsync(m with { EndedOn = on, EndedReason = c.Why }, MeasureStep.Release, "released", on, c.Paper, "released", ct);
        audit.Note("measure", m.Id, new { why = c.Why, on }, m.CaseId);
        return released;
    }

    /// <inheritdoc cref="RecordReceipt"/>
    public async Task<MeasureRow> ReceiptAsync(RecordReceipt c, CancellationToken ct)
    {
        var m = (await work.GetAsync(c.Id, ct)).Seen(c.Version);
        if (!MeasureState.IsLive(m.State))
            throw new RuleBroken($"措施现在是“{MeasureState.Labels[m.State]}”，不再登记回执。", code: "state");
        if (m.State == MeasureState.Ruled && c.Start is null)
            throw new RuleBroken("请填写送达协助机关的日期。", "Start");
        var start = c.Start ?? m.StartOn!.Value;
        if (c.Start > work.Today)
            throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "Start");
        if (c.Start < m.RuledOn)
            throw new RuleBroken($"控制日期 {Times.Iso(start)} 早于裁定日期 {Times.Iso(m.RuledOn!.Value)}。", "Start");
        var place = c.Follow || m.State == MeasureState.Ruled ? c.Place ?? m.Place : m.Place;
        if (place != m.Place || m.State == MeasureState.Ruled)
            await work.CheckPlaceAsync(m, place, ct);
        if (m.State == MeasureState.Waiting && place == 1)
            // the term of one that has waited begins when the one before it ended, not when it was registered behind it
            start = c.Start ?? m.HeadEnd?.AddDays(1) ?? throw new RuleBroken("请填写轮候措施自动生效的日期（先手措施解除或者失效的次日）。", "Start");
        if (c.Authority.Length > 0 && c.Authority != m.Authority)
            m = m with { Authority = c.Authority, OutOfTown = await work.IsOutOfTownAsync(m.CourtId, c.Authority, ct) };
        m = m with { Frozen = (long?)(c.Frozen * 100) ?? m.Frozen };
        m = m with { Receipt = c.Receipt, ReceiptPlace = c.Place ?? m.ReceiptPlace, HeadEnd = c.HeadEnd ?? m.HeadEnd, StartOn = start };
        if (m.State == MeasureState.Ruled)
        {
            m = place == 1 ? work.Dated(m with { Place = 1 }, start, c.ReceiptEnd) : m with { Place = place };
            m = await work.SaveAsync(m, place == 1 ? MeasureStep.Serve : MeasureStep.Queue, place == 1 ? "served" : "queued", start, c.Receipt, "taken", ct);
        }
        else if (m.State == MeasureState.Waiting && place == 1)
        {
            m = await work.SaveAsync(
                work.Dated(m with { Place = 1, HeadEnd = null, Years = null }, start, c.ReceiptEnd),
                MeasureStep.Activate,
                "activated",
                start,
                c.Receipt,
                "activated",
                ct
            );
        }
        else
        {
            var was = m.EndOn;
            m = m.State == MeasureState.Active ? work.Dated(m with { Place = place }, start, c.ReceiptEnd ?? m.ReceiptEnd) : m with { Place = place };
            m = await work.SaveAsync(
                m,
                MeasureStep.Mark,
                m.State == MeasureState.Waiting ? "polled"
                    : m.EndOn != was ? "corrected"
                    : "receipt",
                work.Today,
                c.Receipt,
                m.State == MeasureState.Active && m.EndOn != was ? "taken" : null,
                ct
            );
        }
        audit.Note(
            "measure",
            m.Id,
            new
            {
                m.ReceiptEnd,
                m.ReceiptPlace,
                m.EndOn,
            },
            m.CaseId
        );
        return m;
    }
}
