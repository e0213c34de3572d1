namespace CourtOps.Law;

/// <summary>Kinds of property by the longest term of a measure on it (D-01).</summary>
public enum MeasureKind
{
    /// <summary>Bank deposit, 1 year.</summary>
    Deposit,

    /// <summary>Movables, 2 years.</summary>
    Movable,

    /// <summary>Immovables, 3 years.</summary>
    Immovable,

    /// <summary>Equity, shares, claims and other property rights, 3 years.</summary>
    Other,

    /// <summary>Registered trademark, 1 year from receipt by the office.</summary>
    Trademark,

    /// <summary>Patent, 6 months from receipt by the office.</summary>
    Patent,
}

/// <summary>What a measure serves.</summary>
public enum MeasureBasis
{
    Preservation,
    Enforcement,
}

/// <summary>The term of a measure.</summary>
/// <param name="End">Last day; never rolls. The receipt's date where one was given.</param>
/// <param name="LastRenewal">Last day to apply for renewal: seven days before the end in preservation, the end itself in enforcement.</param>
/// <param name="CourtLastDay">The last working day not later than the end.</param>
/// <param name="Warnings">Warnings, delivered on working days.</param>
/// <param name="Differs">Whether the receipt shows another end than computed.</param>
/// <param name="ComputedEnd">The end as computed.</param>
public sealed record MeasureTerm(
    DateOnly End,
    DateOnly LastRenewal,
    DateOnly CourtLastDay,
    IReadOnlyList<Warning> Warnings,
    bool Differs,
    DateOnly ComputedEnd
);

/// <summary>Terms of seizure, distraint and freezing (D-01 to D-03).</summary>
public static class Measure
{
    private static readonly LawText Max = new("{0}的控制期限最长{1}", "{0}: at most {1}");
    private static readonly LawText Count = new(
        "自 {0} 起 {1}，至对应日的前一日 {2}，不因节假日顺延",
        "{1} from {0}, to the day before the corresponding day, {2}; no roll"
    );
    private static readonly LawText Receipt = new(
        "回执载明届满日 {0}，与推算的 {1} 不一致，以回执为准，须核对",
        "the receipt shows {0}, computed was {1}; the receipt wins and the difference must be checked"
    );
    private static readonly LawText Renewal = new("续行保全最迟 {0} 申请（届满七日前）", "renewal is applied for by {0}, seven days before the end");
    private static readonly LawText RenewalExec = new(
        "执行措施须在 {0} 届满前续行；提前七日仅为内部要求",
        "an enforcement measure is renewed before it ends on {0}; seven days earlier is internal only"
    );
    private static readonly LawText Lapse = new("未在 {0} 前续行的，效力消灭", "without renewal by {0} the effect is extinguished");
    private static readonly LawText CourtDay = new("届满前最后一个工作日为 {0}", "the last working day not later is {0}");

    /// <summary>Longest term of a kind in months by the law of the day it begins: deposits and trademarks 12, movables 24, immovables and other rights 36,
    /// patents 6.</summary>
    /// <param name="kind">Kind of property.</param>
    /// <param name="start">Day the measure, or its round, begins.</param>
    public static int MostMonths(MeasureKind kind, DateOnly start) => MeasureMaxima.Current.Months(kind, start);

    /// <summary>
    /// Computes the term: start plus the years (a patent six months), less one day; where the corresponding day does not exist
    /// the month's end takes its place first. It never rolls, since registries release automatically.
    /// </summary>
    /// <param name="kind">Kind of property.</param>
    /// <param name="start">Day the measure took effect; for trademarks and patents the office's receipt.</param>
    /// <param name="calendar">Working days, for the court's own last day and the warnings.</param>
    /// <param name="years">Years; default and at most the longest term.</param>
    /// <param name="basis">Preservation or enforcement.</param>
    /// <param name="receiptEnd">End shown by the receipt, if any.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <param name="maxima">The longest terms; the law as it stands where none is given.</param>
    /// <exception cref="LawError">Fields start, years (above the longest term), receipt-end (before the start).</exception>
    public static MeasureTerm Term(
        MeasureKind kind,
        DateOnly start,
        CourtCalendar calendar,
        int? years = null,
        MeasureBasis basis = MeasureBasis.Preservation,
        DateOnly? receiptEnd = null,
        Explanation? explain = null,
        MeasureMaxima? maxima = null
    )
    {
        ArgumentNullException.ThrowIfNull(calendar);
        LawDates.Check("start", start);
        var most = (maxima ?? MeasureMaxima.Current).Months(kind, start);
        if (years is { } y && (y < 1 || y > 100 || y * 12 > most))
            throw new LawError("years", most < 12 ? MeasureWords.PatentYears : LawReasons.NumberRange, y, 1, most / 12);
        var months = years * 12 ?? most;
        var computed = LawDates.Check("start", start.AddMonths(months).AddDays(-1));
        var end = receiptEnd is { } receipt ? LawDates.Check("receipt-end", receipt) : computed;
        if (end < start)
            throw new LawError("receipt-end", LawReasons.EndBeforeStart, start, end);
        var preservation = basis == MeasureBasis.Preservation;
        var renewal = preservation ? end.AddDays(-7) : end;
        var courtDay = calendar.OfficeDayNotAfter(end);
        explain?.Add(Max, null, MeasureWords.Article(kind), start, MeasureWords.Name(kind), TrialWords.Length(most, 0));
        explain?.Add(Count, computed, Art.MeasureCount, null, start, TrialWords.Length(months, 0), computed);
        if (end != computed)
            explain?.Add(Receipt, end, Art.MeasureCount, null, end, computed);
        explain?.Add(preservation ? Renewal : RenewalExec, renewal, preservation ? Art.MeasureRenew : Art.MeasureRenewEnforcement, end, renewal);
        explain?.Add(Lapse, end, Art.MeasureLapse, end, end);
        explain?.Add(CourtDay, courtDay, Art.DeadlineToCourt, null, courtDay);
        return new MeasureTerm(end, renewal, courtDay, MeasureWords.Warnings(kind, start, end, calendar), end != computed, computed);
    }

    /// <summary>
    /// A waiting measure has no clock of its own; it starts on the day the earlier one is lifted (查扣冻规定 26) with the full term.
    /// </summary>
    /// <param name="kind">Kind of property.</param>
    /// <param name="activated">Day the earlier measure ended.</param>
    /// <param name="calendar">Working days.</param>
    /// <param name="basis">Preservation or enforcement.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">Field start.</exception>
    public static MeasureTerm Activate(
        MeasureKind kind,
        DateOnly activated,
        CourtCalendar calendar,
        MeasureBasis basis = MeasureBasis.Enforcement,
        Explanation? explain = null
    )
    {
        explain?.Add(MeasureWords.Activated, activated, Art.MeasureWaiting, activated, activated);
        return Term(kind, activated, calendar, null, basis, null, explain);
    }

    /// <summary>The warnings before the end of a measure (D-03, practice), each on a working day: 60 days before for immovables and other rights, 45 where the
    /// registry is out of town and somebody must travel there, then 30, 15, 7, 3, 1 and the day itself.</summary>
    /// <param name="kind">Kind of property.</param>
    /// <param name="start">Day the measure took effect; nothing is warned of before it.</param>
    /// <param name="end">Its last day.</param>
    /// <param name="calendar">Working days.</param>
    /// <param name="outOfTown">Whether the registry or bank is out of town.</param>
    /// <exception cref="LawError">Fields start, receipt-end (before the start).</exception>
    public static IReadOnlyList<Warning> Warnings(MeasureKind kind, DateOnly start, DateOnly end, CourtCalendar calendar, bool outOfTown = false)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        LawDates.Check("start", start);
        if (end < start)
            throw new LawError("receipt-end", LawReasons.EndBeforeStart, start, end);
        return MeasureWords.Warnings(kind, start, end, calendar, outOfTown);
    }

    /// <summary>Most security in yuan: in a suit 30 percent of the amount or of the disputed property, before a suit the full amount (保全规定 5).</summary>
    /// <param name="amount">Amount or value.</param>
    /// <param name="beforeSuit">Whether preservation is asked before a suit.</param>
    /// <exception cref="LawError">Field amount.</exception>
    public static decimal Security(decimal amount, bool beforeSuit) =>
        beforeSuit ? Yuan.Check("amount", amount) : Yuan.Floor(Yuan.Check("amount", amount) * 0.3m);
}
