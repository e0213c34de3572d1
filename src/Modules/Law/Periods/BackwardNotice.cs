namespace CourtOps.Law;

/// <summary>How a notice given on a day stands to the hearing (rule A-04).</summary>
public enum NoticeVerdict
{
    /// <summary>In time with clear days.</summary>
    InTime,

    /// <summary>In time only when the day of service is counted: warn.</summary>
    OnlyLenient,

    /// <summary>Too late unless the party waives in writing: block.</summary>
    TooLate,
}

/// <summary>The latest days for a notice "N days before" a hearing.</summary>
/// <param name="Latest">Latest day under the setting: clear days by default.</param>
/// <param name="ClearLatest">Latest day with N clear days between service and hearing.</param>
/// <param name="LenientLatest">Latest day when the day of service is counted.</param>
public readonly record struct BackwardNotice(DateOnly Latest, DateOnly ClearLatest, DateOnly LenientLatest)
{
    private static readonly LawText Clear = new(
        "开庭日 {0} 不计入，须留足 {1} 个整日，最迟 {2} 送达",
        "the hearing day {0} is not counted; {1} clear days must lie between, so {2} is the latest day of service"
    );
    private static readonly LawText Lenient = new(
        "按宽松算法（送达当日计入），最迟 {0} 送达",
        "by the lenient count (the day of service counted) {0} is the latest day"
    );

    /// <summary>
    /// Latest days for a notice to a party N days before a hearing. The hearing day is not counted; nothing rolls.
    /// The text is law (民诉法 139), the counting with clear days is a default.
    /// </summary>
    /// <param name="hearing">Day of the hearing.</param>
    /// <param name="n">Days, 1 to 365.</param>
    /// <param name="clearDays">Setting <c>period.clear_days</c>.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">Fields hearing, n.</exception>
    public static BackwardNotice For(DateOnly hearing, int n, bool clearDays = true, Explanation? explain = null)
    {
        LawDates.Check("hearing", hearing);
        if (n is < 1 or > 365)
            throw new LawError("n", LawReasons.NumberRange, n, 1, 365);
        var clear = hearing.AddDays(-n - 1);
        if (clear < LawDates.Min)
            throw new LawError("hearing", LawReasons.ResultOutOfRange, LawDates.Min, LawDates.Max);
        var lenient = hearing.AddDays(-n);
        explain?.Add(Clear, clear, Art.ClearDays, hearing, hearing, n, clear);
        explain?.Add(Lenient, lenient, Art.ClearDays, hearing, lenient);
        return new BackwardNotice(clearDays ? clear : lenient, clear, lenient);
    }

    /// <summary>How a notice served on the day stands.</summary>
    public NoticeVerdict Judge(DateOnly served) =>
        served <= ClearLatest ? NoticeVerdict.InTime
        : served <= LenientLatest ? NoticeVerdict.OnlyLenient
        : NoticeVerdict.TooLate;
}

/// <summary>A deadline "N days before" towards the court or of a sale notice: the raw limit and the internal due day.</summary>
/// <param name="Limit">Date minus N; never rolls.</param>
/// <param name="Internal">The last day not later on which the court works.</param>
public readonly record struct CourtDeadline(DateOnly Limit, DateOnly Internal)
{
    /// <summary>Counts back from a date (rule A-04).</summary>
    /// <param name="date">The day counted from.</param>
    /// <param name="n">Days, 0 or more.</param>
    /// <param name="calendar">Working days of the court.</param>
    /// <exception cref="LawError">The result (n) lies out of range.</exception>
    public static CourtDeadline Before(DateOnly date, int n, CourtCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var limit = Periods.DaysBefore(date, n);
        return new CourtDeadline(limit, calendar.OfficeDayNotAfter(limit));
    }
}
