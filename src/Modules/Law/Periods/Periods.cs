namespace CourtOps.Law;

/// <summary>Counting of periods (rule A-01): 民诉法 85, 民诉法解释 125, 行诉解释 48, 刑诉法 105, 民法典 201–203.</summary>
public static class Periods
{
    /// <summary>Most units accepted: 100 years, or as many working days as fit.</summary>
    private static readonly int[] Most = [876_000, 36_525, 1_200, 100, 24_000];

    /// <summary>
    /// Counts a period of days, months, years or working days. The trigger day is not counted; a month or year ends on the
    /// corresponding day or, where that does not exist, on the last day of the month; when the last day is a holiday the period
    /// ends on the first day after it that is none. A criminal period with the person in custody never rolls; working days end
    /// on a working day anyway. Criminal months run from a month's last day to a month's last day (刑诉解释 202).
    /// Makes no allocation when <paramref name="explain"/> is null.
    /// </summary>
    /// <param name="trigger">Day of the event, <see cref="LawDates.Min"/> to <see cref="LawDates.Max"/>.</param>
    /// <param name="n">Number of units, at least 1.</param>
    /// <param name="unit">Any unit but the hour.</param>
    /// <param name="calendar">Working days.</param>
    /// <param name="procedure">Law that counts.</param>
    /// <param name="custody">Whether the person is in custody; matters in criminal cases only.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">Fields trigger, n, unit; or the result (n) out of range.</exception>
    public static PeriodResult Compute(
        DateOnly trigger,
        int n,
        PeriodUnit unit,
        CourtCalendar calendar,
        ProcedureKind procedure = ProcedureKind.Civil,
        bool custody = false,
        Explanation? explain = null
    )
    {
        ArgumentNullException.ThrowIfNull(calendar);
        LawDates.Check("trigger", trigger);
        if (unit is not (PeriodUnit.Day or PeriodUnit.Month or PeriodUnit.Year or PeriodUnit.Workday))
            throw new LawError("unit", LawReasons.TimeNeeded);
        CheckCount(n, unit);

        var first = trigger.AddDays(1);
        var raw = unit == PeriodUnit.Workday ? AddWorkdays(calendar, trigger, n) : Raw(trigger, n, unit, procedure);
        if (raw > LawDates.Max)
            throw TooFar();
        var rolls = !(procedure == ProcedureKind.Criminal && custody);
        var legal = rolls ? calendar.Roll(raw) : raw;
        if (legal > LawDates.Max)
            throw TooFar();
        var result = new PeriodResult(
            first,
            raw,
            legal,
            legal != raw,
            calendar.IsProvisional(raw) || calendar.IsProvisional(legal) || calendar.IsProvisional(first)
        );
        if (explain is not null)
            PeriodWords.Explain(explain, trigger, n, unit, calendar, procedure, rolls, result);
        return result;
    }

    /// <summary>
    /// Counts a period of hours: it starts at the next full hour (10:20 and 10:00 both start at 11:00) and does not roll,
    /// which is a default of this product, not law (rule A-01, 8).
    /// </summary>
    /// <param name="trigger">Time of the event, China time.</param>
    /// <param name="n">Hours, at least 1.</param>
    /// <param name="calendar">Says which years are provisional.</param>
    /// <param name="procedure">Law that counts.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">Fields trigger, n.</exception>
    public static HourPeriodResult Hours(
        DateTime trigger,
        int n,
        CourtCalendar calendar,
        ProcedureKind procedure = ProcedureKind.Civil,
        Explanation? explain = null
    )
    {
        ArgumentNullException.ThrowIfNull(calendar);
        LawDates.Check("trigger", DateOnly.FromDateTime(trigger));
        CheckCount(n, PeriodUnit.Hour);
        var first = new DateTime(trigger.Year, trigger.Month, trigger.Day, trigger.Hour, 0, 0, DateTimeKind.Unspecified).AddHours(1);
        var last = first.AddHours(n);
        if (DateOnly.FromDateTime(last) > LawDates.Max)
            throw TooFar();
        var result = new HourPeriodResult(first, last, !calendar.IsLoaded(first.Year) || !calendar.IsLoaded(last.Year));
        if (explain is not null)
            PeriodWords.Explain(explain, trigger, n, procedure, result);
        return result;
    }

    /// <summary>
    /// The last day before any roll: trigger plus n days, or the corresponding day of the end month.
    /// </summary>
    /// <param name="trigger">Day of the event.</param>
    /// <param name="n">Number of units; 0 gives the trigger.</param>
    /// <param name="unit">Day, month or year.</param>
    /// <param name="procedure">Criminal months run from month end to month end.</param>
    public static DateOnly Raw(DateOnly trigger, int n, PeriodUnit unit, ProcedureKind procedure = ProcedureKind.Civil) =>
        unit switch
        {
            PeriodUnit.Day => trigger.AddDays(n),
            PeriodUnit.Month => AddMonths(trigger, n, procedure == ProcedureKind.Criminal),
            PeriodUnit.Year => trigger.AddYears(n),
            _ => throw new LawError("unit", LawReasons.UnknownCode, unit.ToString(), "day, month, year"),
        };

    /// <summary>
    /// The day n days before a date, without roll: the limit of deadlines towards the court and of sale notices (rule A-04).
    /// The opposite of <see cref="Raw"/> for days.
    /// </summary>
    /// <param name="date">The day counted from.</param>
    /// <param name="n">Days, 0 or more.</param>
    /// <exception cref="LawError">The result (n) lies out of range.</exception>
    public static DateOnly DaysBefore(DateOnly date, int n)
    {
        LawDates.Check("date", date);
        if (n is < 0 or > 36_525)
            throw new LawError("n", LawReasons.NumberRange, n, 0, 36_525);
        var before = date.AddDays(-n);
        return before >= LawDates.Min ? before : throw TooFar();
    }

    internal static LawError TooFar() => new("n", LawReasons.ResultOutOfRange, LawDates.Min, LawDates.Max);

    private static void CheckCount(int n, PeriodUnit unit)
    {
        var most = Most[(int)unit];
        if (n < 1 || n > most)
            throw new LawError("n", LawReasons.NumberRange, n, 1, most);
    }

    private static DateOnly AddWorkdays(CourtCalendar calendar, DateOnly trigger, int n)
    {
        try
        {
            return calendar.AddWorkdays(trigger, n);
        }
        catch (LawError e)
        {
            throw e.At("n");
        }
    }

    private static DateOnly AddMonths(DateOnly trigger, int n, bool monthEnds)
    {
        // AddMonths already ends on the month's last day where the corresponding day does not exist
        var end = trigger.AddMonths(n);
        if (!monthEnds || trigger.Day != DateTime.DaysInMonth(trigger.Year, trigger.Month))
            return end;
        return new DateOnly(end.Year, end.Month, DateTime.DaysInMonth(end.Year, end.Month));
    }
}
