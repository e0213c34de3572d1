using CourtOps.Law;

namespace CourtOps.Workzone.Cases;

/// <summary>The clock of a case as lists show it; the explanation is computed when read.</summary>
public sealed record ClockCard(DateOnly? BaseEnd, DateOnly? End, DateOnly? LegalEnd, DateOnly? LastDayToApply, bool Provisional);

/// <summary>The trial limit of a case (审限) by Law's clock.</summary>
internal static class CaseClock
{
    private static readonly HashSet<string> Codes = [.. TrialLimitTable.Limits.Select(l => l.Code)];

    public static bool Knows(string procedure) => Codes.Contains(procedure);

    /// <summary>The dates for a list; all null where the procedure has no limit or is unknown.</summary>
    public static ClockCard Compute(
        string procedure,
        DateOnly filedOn,
        CourtCalendar? calendar = null,
        IReadOnlyList<LimitChange>? law = null,
        DateOnly? today = null
    )
    {
        if (!Knows(procedure))
            return new(null, null, null, null, false);
        var r = new TrialClock
        {
            Procedure = procedure,
            Filed = filedOn,
            Changes = law ?? [],
            Today = today,
        }.Compute(calendar ?? CourtCalendar.Default);
        return new(r.BaseEnd, r.End, r.LegalEnd, r.LastDayToApply, r.Provisional);
    }

    /// <summary>The same with every step and its source; without a result where Law computes none from the facts, with what is wrong as the one line.</summary>
    public static (TrialClockResult? Result, IReadOnlyList<ExplanationLine> Lines)? Explain(
        string procedure,
        DateOnly filedOn,
        IReadOnlyList<ClockFact> facts,
        bool custody,
        DateOnly today,
        bool english,
        CourtCalendar calendar,
        IReadOnlyList<LimitChange> law
    )
    {
        if (ClockBook.Facts(procedure, filedOn, facts, custody, today, law) is not { } clock)
            return null;
        var explanation = new Explanation();
        var language = english ? LawLanguage.English : LawLanguage.Chinese;
        try
        {
            var result = clock.Compute(calendar, explain: explanation);
            return (result, explanation.Render(language));
        }
        catch (LawError e)
        {
            // recorded before the rules were asked, or made so by a correction: the page says what is wrong in the place of the steps
            return (null, [new ExplanationLine(e.ReasonIn(language), null, "", LawTag.T)]);
        }
    }
}
