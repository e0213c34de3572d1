namespace CourtOps.Law;

/// <summary>Dates of hearings (G-01, G-02).</summary>
public static class HearingDates
{
    /// <summary>Days before the hearing by which assessors are drawn at random (陪审员法解释 3).</summary>
    public const int AssessorDays = 7;

    private static readonly LawText After = new(
        "全部当事人的答辩期、举证期最迟至 {0}，最早 {1} 开庭",
        "the parties' periods end on {0} at the latest; the hearing may be held from {1}"
    );
    private static readonly LawText Waived = new("当事人放弃答辩期、举证期，可以即时开庭", "the parties waived their periods; the hearing may be held at once");

    /// <summary>
    /// First day on which a hearing may be held: after the periods of every party to answer and to produce evidence, unless all
    /// waived them on record.
    /// </summary>
    /// <param name="periodEnds">Last legal days of all parties' periods.</param>
    /// <param name="notBefore">A day before which nothing is planned, for example today.</param>
    /// <param name="waived">Whether all parties waived.</param>
    /// <param name="explain">Receives the step.</param>
    /// <exception cref="LawError">A date out of range.</exception>
    public static DateOnly Earliest(IEnumerable<DateOnly> periodEnds, DateOnly notBefore, bool waived = false, Explanation? explain = null)
    {
        ArgumentNullException.ThrowIfNull(periodEnds);
        LawDates.Check("notBefore", notBefore);
        if (waived)
        {
            explain?.Add(Waived, notBefore, Art.HearingWaived, notBefore);
            return notBefore;
        }

        var last = DateOnly.MinValue;
        foreach (var end in periodEnds)
            if (LawDates.Check("periodEnds", end) > last)
                last = end;
        if (last == DateOnly.MinValue)
            return notBefore;
        var first = last.AddDays(1);
        explain?.Add(After, first, Art.HearingPeriods, last, last, first);
        return first > notBefore ? first : notBefore;
    }

    /// <summary>Last day to draw assessors for a hearing, and the last working day not later.</summary>
    /// <exception cref="LawError">Field date.</exception>
    public static CourtDeadline AssessorsDrawnBy(DateOnly hearing, CourtCalendar calendar) => CourtDeadline.Before(hearing, AssessorDays, calendar);

    /// <summary>Most adjournments: two in ordinary procedure, one in simple and small claims (法释〔2018〕9号 Art 3).</summary>
    /// <param name="procedure">Code of B-01.</param>
    /// <exception cref="LawError">Field procedure.</exception>
    public static int MostAdjournments(string procedure) => TrialLimitTable.Get(procedure).Code is "MC-SUM" or "MC-SML" ? 1 : 2;

    /// <summary>
    /// Judges one more adjournment: not more than allowed, and the next hearing within one month unless force majeure or the
    /// parties agree (Arts 3, 5).
    /// </summary>
    /// <param name="procedure">Code of B-01.</param>
    /// <param name="earlier">Adjournments already granted.</param>
    /// <param name="from">Day of the hearing adjourned.</param>
    /// <param name="next">Day of the next hearing.</param>
    /// <param name="longerAllowed">Force majeure, or the parties agree to a longer gap.</param>
    /// <returns>Codes of what is not kept: too-many, gap-too-long; empty when all is well.</returns>
    /// <exception cref="LawError">Fields procedure, earlier, from, next.</exception>
    public static IReadOnlyList<string> JudgeAdjournment(string procedure, int earlier, DateOnly from, DateOnly next, bool longerAllowed = false)
    {
        LawDates.Check("from", from);
        LawDates.Check("next", next);
        if (earlier is < 0 or > 100)
            throw new LawError("earlier", LawReasons.NumberRange, earlier, 0, 100);
        if (next < from)
            throw new LawError("next", LawReasons.Before, next, from);
        var broken = new List<string>();
        if (earlier >= MostAdjournments(procedure))
            broken.Add("too-many");
        if (!longerAllowed && next > from.AddMonths(1))
            broken.Add("gap-too-long");
        return broken;
    }
}
