namespace CourtOps.Law;

/// <summary>The steps of a period in words.</summary>
internal static class PeriodWords
{
    private static readonly LawText[] Units =
    [
        new("小时", "hour(s)"),
        new("日", "day(s)"),
        new("个月", "month(s)"),
        new("年", "year(s)"),
        new("个工作日", "working day(s)"),
    ];

    private static readonly LawText Start = new("{0} 当日不计入，自次日 {1} 起算", "{0} itself is not counted; counting starts the next day, {1}");
    private static readonly LawText StartHour = new(
        "{0} 所在的小时不计入，自次时 {1} 起算",
        "the hour of {0} is not counted; counting starts at the next full hour, {1}"
    );
    private static readonly LawText End = new("{0}{1}于 {2} 届满", "{0} {1} end on {2}");
    private static readonly LawText EndMonth = new("{0}{1}至对应日 {2} 届满", "{0} {1} end on the corresponding day, {2}");
    private static readonly LawText EndMonthEnd = new(
        "{0}{1}届满之月没有对应日，于月末 {2} 届满",
        "the end month has no corresponding day; {0} {1} end on its last day, {2}"
    );
    private static readonly LawText EndCriminalMonthEnd = new(
        "起算日为月末，{0}{1}至届满之月的最后一日 {2}",
        "counted from a month's last day, {0} {1} end on the last day of the end month, {2}"
    );
    private static readonly LawText Rolled = new(
        "届满日 {0} 为法定休假日，顺延至其后的第一个工作日 {1}",
        "{0} is a statutory day off; the period ends on the first working day after it, {1}"
    );
    private static readonly LawText NotRolled = new("届满日 {0} 不是法定休假日，不顺延", "{0} is no statutory day off; no roll");
    private static readonly LawText WorkedWeekend = new("届满日 {0} 为调休上班的周末，不顺延", "{0} is a weekend day that is worked; no roll");
    private static readonly LawText Custody = new(
        "在押案件的期间不因节假日延长，于 {0} 届满",
        "with the person in custody the period is not extended over holidays; it ends on {0}"
    );
    private static readonly LawText Workdays = new("逐个计数工作日，第 {0} 个为 {1}", "counting working days one by one, number {0} is {1}");
    private static readonly LawText HoursEnd = new("{0} 小时于 {1} 届满，不顺延", "{0} hours end at {1}; no roll");
    private static readonly LawText NoCalendar = new(
        "{0} 年的放假安排尚未载入，结果为暂定，载入后须重新计算",
        "the holiday arrangement of {0} is not loaded; the result is provisional and must be computed again when it is"
    );

    internal static string Article(ProcedureKind procedure) =>
        procedure switch
        {
            ProcedureKind.Criminal => Art.CriminalPeriod,
            ProcedureKind.Admin => Art.AdminPeriod,
            _ => Art.CivilPeriod,
        };

    internal static void Explain(
        Explanation to,
        DateOnly trigger,
        int n,
        PeriodUnit unit,
        CourtCalendar calendar,
        ProcedureKind procedure,
        bool rolls,
        PeriodResult result
    )
    {
        var article = Article(procedure);
        to.Add(Start, result.FirstDay, article, trigger, trigger, result.FirstDay);
        switch (unit)
        {
            case PeriodUnit.Workday:
                to.Add(Workdays, result.RawLastDay, Art.WorkdayUnit, trigger, n, result.RawLastDay);
                break;
            case PeriodUnit.Day:
                to.Add(End, result.RawLastDay, article, trigger, n, Units[(int)unit], result.RawLastDay);
                break;
            default:
                var (text, source) = (trigger.Day == result.RawLastDay.Day, procedure == ProcedureKind.Criminal && unit == PeriodUnit.Month) switch
                {
                    (true, true) => (EndMonth, Art.CriminalMonths),
                    (false, true) => (trigger.Day < result.RawLastDay.Day || IsMonthEnd(trigger) ? EndCriminalMonthEnd : EndMonthEnd, Art.CriminalMonths),
                    (true, false) => (EndMonth, article),
                    (false, false) => (EndMonthEnd, article),
                };
                to.Add(text, result.RawLastDay, source, trigger, n, Units[(int)unit], result.RawLastDay);
                break;
        }

        if (unit != PeriodUnit.Workday)
            ExplainRoll(to, result.RawLastDay, result.LegalLastDay, calendar, article, trigger, rolls);
        if (result.Provisional)
            ExplainProvisional(to, calendar, result.FirstDay, result.RawLastDay, result.LegalLastDay);
    }

    internal static void Explain(Explanation to, DateTime trigger, int n, ProcedureKind procedure, HourPeriodResult result)
    {
        to.AddTime(StartHour, result.FirstHour, procedure == ProcedureKind.Civil ? Art.CivilNextHour : Article(procedure), trigger, result.FirstHour);
        to.AddTime(HoursEnd, result.Last, Art.HoursDoNotRoll, n, result.Last);
        if (result.Provisional)
            to.Add(NoCalendar, null, Art.Provisional, null, result.Last.Year);
    }

    internal static void ExplainRoll(Explanation to, DateOnly raw, DateOnly legal, CourtCalendar calendar, string article, DateOnly on, bool rolls)
    {
        if (!rolls)
            to.Add(Custody, raw, Art.CriminalPeriod, on, raw);
        else if (raw != legal)
            to.Add(Rolled, legal, article, on, raw, legal);
        else if (raw.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday && !calendar.IsHoliday(raw))
            to.Add(WorkedWeekend, legal, Art.Holidays, null, raw);
        else
            to.Add(NotRolled, legal, article, on, raw);
    }

    internal static void ExplainProvisional(Explanation to, CourtCalendar calendar, params ReadOnlySpan<DateOnly> dates)
    {
        var told = 0;
        foreach (var date in dates)
        {
            if (!calendar.IsProvisional(date) || date.Year == told)
                continue;
            told = date.Year;
            to.Add(NoCalendar, null, Art.Provisional, null, date.Year);
        }
    }

    private static bool IsMonthEnd(DateOnly date) => date.Day == DateTime.DaysInMonth(date.Year, date.Month);
}
