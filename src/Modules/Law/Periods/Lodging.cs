namespace CourtOps.Law;

/// <summary>How a paper stands that had to be lodged by a day (rule A-02).</summary>
public enum LodgingState
{
    /// <summary>Nothing posted or received that is in time, but the grace window still runs: post may be under way.</summary>
    Open,

    /// <summary>Posted or received in time.</summary>
    InTime,

    /// <summary>Received after the last day and not posted by then.</summary>
    Late,

    /// <summary>Nothing has come by the end of the grace window.</summary>
    NothingCame,
}

/// <summary>A paper lodged by hand, by post or online.</summary>
public static class Lodging
{
    /// <summary>
    /// Judges a paper. Travel time is not counted: posted on or before the last day is in time (民诉法 85); online the time of
    /// submission counts until midnight, which is a default.
    /// </summary>
    /// <param name="legalLast">Last day of the period, after any roll.</param>
    /// <param name="postedAt">Day of the postmark, if posted.</param>
    /// <param name="receivedAt">Day of receipt or of online submission, if received.</param>
    /// <param name="asOf">The day for which the answer is wanted.</param>
    /// <param name="graceDays">Days to wait for post before a judgment is declared effective; default 7, 0 to 60.</param>
    /// <exception cref="LawError">Field graceDays, or a date out of range.</exception>
    public static LodgingState Judge(DateOnly legalLast, DateOnly? postedAt, DateOnly? receivedAt, DateOnly asOf, int graceDays = 7)
    {
        LawDates.Check("legalLast", legalLast);
        if (postedAt is { } posted && LawDates.Check("postedAt", posted) <= legalLast)
            return LodgingState.InTime;
        if (receivedAt is { } received)
            return LawDates.Check("receivedAt", received) <= legalLast ? LodgingState.InTime : LodgingState.Late;
        return LawDates.Check("asOf", asOf) > GraceEnds(legalLast, graceDays) ? LodgingState.NothingCame : LodgingState.Open;
    }

    /// <summary>Last day of the grace window: the last day of the period plus the days.</summary>
    /// <param name="legalLast">Last day of the period.</param>
    /// <param name="graceDays">Setting <c>grace_days</c>, 0 to 60.</param>
    /// <exception cref="LawError">Field graceDays.</exception>
    public static DateOnly GraceEnds(DateOnly legalLast, int graceDays = 7) =>
        graceDays is >= 0 and <= 60 ? legalLast.AddDays(graceDays) : throw new LawError("graceDays", LawReasons.NumberRange, graceDays, 0, 60);
}
