namespace CourtOps.Law;

/// <summary>State of an application to restore a missed period (rule A-03).</summary>
public enum RestorationState
{
    Pending,
    Granted,
    Refused,
}

/// <summary>An application to restore a missed period.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="NewEnd">The new last day; only when granted.</param>
public readonly record struct Restoration(RestorationState State, DateOnly? NewEnd)
{
    private static readonly LawText Apply = new(
        "障碍于 {0} 消除，须在其后 {1} 日内申请顺延",
        "the obstacle ended on {0}; restoration must be applied for within {1} days"
    );

    /// <summary>An application under decision.</summary>
    public static Restoration Pending { get; } = new(RestorationState.Pending, null);

    /// <summary>The court decides: granted with a new end.</summary>
    public static Restoration Grant(DateOnly newEnd) => new(RestorationState.Granted, LawDates.Check("newEnd", newEnd));

    /// <summary>The court decides: refused.</summary>
    public static Restoration Refuse() => new(RestorationState.Refused, null);

    /// <summary>
    /// The period for applying after the obstacle ended: civil 10 days (民诉法 86), criminal 5 days (刑诉法 106), administrative
    /// 10 days for the period to sue (行诉法 48).
    /// </summary>
    /// <param name="obstacleEnded">Day the obstacle ended.</param>
    /// <param name="procedure">Law that counts.</param>
    /// <param name="calendar">Working days.</param>
    /// <param name="custody">Whether the person is in custody.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">A date out of range.</exception>
    public static PeriodResult ApplyBy(
        DateOnly obstacleEnded,
        ProcedureKind procedure,
        CourtCalendar calendar,
        bool custody = false,
        Explanation? explain = null
    )
    {
        var (days, article) = procedure switch
        {
            ProcedureKind.Criminal => (5, Art.CriminalRestore),
            ProcedureKind.Admin => (10, Art.AdminRestore),
            _ => (10, Art.CivilRestore),
        };
        explain?.Add(Apply, null, article, obstacleEnded, obstacleEnded, days);
        return Periods.Compute(obstacleEnded, days, PeriodUnit.Day, calendar, procedure, custody, explain);
    }
}
