namespace CourtOps.Law;

/// <summary>How a closing paper reached a party, for the statistics of in-limit closing (B-06).</summary>
public enum ClosingEvent
{
    /// <summary>Judgment pronounced or ruling announced.</summary>
    Pronounced,

    /// <summary>Paper signed by the party.</summary>
    SignedByParty,

    /// <summary>Left in place: the day it was left.</summary>
    Left,

    /// <summary>Announcement: the day of publication.</summary>
    Published,

    /// <summary>Post: the day of posting.</summary>
    Posted,

    /// <summary>Through an institution: the day signed.</summary>
    Transferred,
}

/// <summary>The closing date that counts for in-limit statistics (法释〔2000〕29号 Art 10).</summary>
public static class ClosingDate
{
    private static readonly LawText Last = new("以最后一名当事人的 {0} 为结案日", "the last party's day, {0}, is the closing date");

    /// <summary>The latest of the parties' days; each day is already the one that its event names (publication, posting, leaving …).</summary>
    /// <param name="days">Event and day for each party.</param>
    /// <param name="explain">Receives the step.</param>
    /// <exception cref="LawError">Field days: none given or out of range.</exception>
    public static DateOnly Of(IEnumerable<(ClosingEvent Event, DateOnly Day)> days, Explanation? explain = null)
    {
        ArgumentNullException.ThrowIfNull(days);
        DateOnly? last = null;
        foreach (var (_, day) in days)
            if (last is null || LawDates.Check("days", day) > last)
                last = LawDates.Check("days", day);
        var closed = last ?? throw new LawError("days", LawReasons.Missing);
        explain?.Add(Last, closed, Art.Closing, closed, closed);
        return closed;
    }

    /// <summary>Whether a case closed within its limit: on or before the raw or rolled end, by the court's setting. A case without limit always did.</summary>
    /// <param name="closed">Closing date.</param>
    /// <param name="clock">Computed limit.</param>
    public static bool InLimit(DateOnly closed, TrialClockResult clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return clock.OverdueFrom is not { } overdue || closed < overdue;
    }
}

/// <summary>Marks of long pendency, counted from filing without deductions (B-08, a default).</summary>
public static class LongPending
{
    /// <summary>The days on which a case has been pending for 12 and 18 months, 3 and 5 years.</summary>
    /// <param name="filed">Day of filing.</param>
    /// <exception cref="LawError">Field filed.</exception>
    public static IReadOnlyList<(string Flag, DateOnly On)> Flags(DateOnly filed)
    {
        LawDates.Check("filed", filed);
        return [("12m", filed.AddMonths(12)), ("18m", filed.AddMonths(18)), ("3y", filed.AddYears(3)), ("5y", filed.AddYears(5))];
    }
}
