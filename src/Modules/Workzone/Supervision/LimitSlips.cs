using CourtOps.Kernel.Data;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Supervision;

/// <summary>
/// Slips by the warnings of trial limits (B-08): of each case the warning that is due last, to those whom the table of the court names, each once for an
/// end of the limit. An earlier warning that the same person has not answered is replaced by it.
/// </summary>
internal sealed class LimitSlips(
    Db db,
    SlipBook slips,
    SlipAddressees addressees,
    ISettings settings,
    ICalendarSource calendars,
    LawChanges law,
    TimeProvider clock
)
{
    private const int Page = 200;

    // the first warning is thirty days before the end, and before the longest holiday where it falls into one
    private const int Ahead = 45;

    /// <summary>Some hundred cases; the last id, or null at the end.</summary>
    public async Task<long?> RaiseAsync(long after, CancellationToken ct)
    {
        var today = Times.Day(clock.GetUtcNow());
        var rows = await db.PageAsync<Row>(
            """
            SELECT c.id, c.number, c.cause, c.court_id, t.code AS court_code, c.judge_id, c.procedure_code, c.filed_on, c.custody_until
            FROM workzone_case c JOIN workzone_court t ON t.id = c.court_id
            WHERE c.state = 'open' AND c.clock_end <= @soon AND c.id > @after ORDER BY c.id
            """,
            new { soon = today.AddDays(Ahead), after },
            Page,
            ct
        );
        if (rows.Count == 0)
            return null;
        var facts = (
            await db.QueryAsync<ClockFact>(ClockBook.Columns + " WHERE case_id IN @ids ORDER BY from_on, id", new { ids = rows.Select(r => r.Id) }, ct)
        ).ToLookup(f => f.CaseId);
        var there = (
            await db.QueryAsync<string>("SELECT cause_key FROM workzone_slip WHERE case_id IN @ids AND tier <> ''", new { ids = rows.Select(r => r.Id) }, ct)
        ).ToHashSet();
        foreach (var c in rows)
            if (Computed(c, [.. facts[c.Id]], today) is { } limit && SlipRules.DueOf(limit.Warnings, today) is { } warning)
                await WarnAsync(c, limit, warning, today, there, ct);
        return rows.Count < Page ? null : rows[^1].Id;
    }

    private TrialClockResult? Computed(Row c, IReadOnlyList<ClockFact> facts, DateOnly today)
    {
        try
        {
            return ClockBook.Facts(c.ProcedureCode, c.FiledOn, facts, c.CustodyUntil is not null, today, law.All)?.Compute(calendars.For(c.CourtCode));
        }
        catch (LawError)
        {
            // facts that contradict each other: inspection tells of them
            return null;
        }
    }

    private async Task WarnAsync(Row c, TrialClockResult limit, Warning warning, DateOnly today, IReadOnlySet<string> there, CancellationToken ct)
    {
        var what = WarningTable.Of(settings.Current<TableBody>(WarningTable.Key, c.CourtId), warning.Tier, limit.Limit.UsesShortTiers);
        if (what.Kind == WarningTable.Off || !SlipKinds.Labels.ContainsKey(what.Kind) || limit.LegalEnd is not { } end)
            return;
        // all slips of a warning are sent in one transaction: where the handler's is there, the others are
        if (c.JudgeId is { } judge && there.Contains(Cause(c.Id, warning.Tier, end, judge)))
            return;
        foreach (var (to, post) in await addressees.OfAsync(what.To, c.CourtId, c.JudgeId, c.Id, ct))
        {
            var sent = await slips.SendAsync(
                new NewSlip
                {
                    Kind = what.Kind,
                    CourtId = c.CourtId,
                    CaseId = c.Id,
                    ToId = to,
                    Post = post,
                    Tier = warning.Tier,
                    Subject = $"{c.Number} {c.Cause}",
                    Words = Words(warning.Tier, end, limit.LastDayToApply, today),
                    Cause = Cause(c.Id, warning.Tier, end, to),
                },
                ct
            );
            if (sent is { } id)
                await slips.ReplaceAsync(c.Id, to, id, ct);
        }
    }

    private static string Cause(long caseId, string tier, DateOnly end, long to) => $"limit:{caseId}:{tier}:{Times.Iso(end)}:{to}";

    private static string Words(string tier, DateOnly end, DateOnly? apply, DateOnly today)
    {
        if (tier == WarningTable.Overdue)
            return $"审限已于 {Times.Iso(end)} 届满，尚未结案，请说明原因和结案安排。";
        var words = end == today ? $"审限今日（{Times.Iso(end)}）届满，请当日结案。" : $"审限 {Times.Iso(end)} 届满，请安排结案。";
        return apply is not { } last ? words
            : last >= today ? $"{words}需要延长的，最迟 {Times.Iso(last)} 提出申请。"
            : $"{words}申请延长的期限 {Times.Iso(last)} 已过。";
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Cause { get; init; } = "";
        public long CourtId { get; init; }
        public string CourtCode { get; init; } = "";
        public long? JudgeId { get; init; }
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public DateOnly? CustodyUntil { get; init; }
    }
}
