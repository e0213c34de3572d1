using CourtOps.Law;

namespace CourtOps.Triage.Filings;

/// <summary>How long a filing may be looked at (E-01). Pure.</summary>
internal static class FilingClock
{
    /// <summary>Days the law gives: 7; 15 for a private prosecution and a suit of objection to enforcement; 30 for a third party's suit of revocation (登记立案规定
    /// 8, 民诉法 126).</summary>
    public static int Days(string kind, string cause, IReadOnlyCollection<string> facts) =>
        kind switch
        {
            "criminal" when facts.Contains("privateProsecution") => 15,
            "civil" when cause.Contains("第三人撤销之诉", StringComparison.Ordinal) => 30,
            "civil" when cause.Contains("执行异议之诉", StringComparison.Ordinal) => 15,
            _ => 7,
        };

    /// <summary>The last day to decide, counted from the day after the papers, or what corrects them, came in (民诉法解释 126).</summary>
    public static DateOnly DecideBy(
        string kind,
        string cause,
        IReadOnlyCollection<string> facts,
        DateOnly from,
        CourtCalendar calendar,
        Explanation? why = null
    ) =>
        Periods
            .Compute(from, Days(kind, cause, facts), PeriodUnit.Day, calendar, kind == "criminal" ? ProcedureKind.Criminal : ProcedureKind.Civil, false, why)
            .LegalLastDay;

    /// <summary>The last day to correct what is missing.</summary>
    public static DateOnly CorrectBy(DateOnly on, int days, CourtCalendar calendar) => Periods.Compute(on, days, PeriodUnit.Day, calendar).LegalLastDay;
}
