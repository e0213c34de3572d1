namespace CourtOps.Law;

/// <summary>The branch of a limit; it chooses gates and which deductions apply.</summary>
public enum CaseKind
{
    Civil,
    Admin,
    Criminal,
    Enforcement,
    Compensation,
}

/// <summary>Who approves an extension, by the code that the answers carry.</summary>
public static class Approver
{
    public const string President = "president";
    public const string SuperiorCourt = "superior-court";
    public const string HighCourt = "high-court";
    public const string SupremeCourt = "supreme-court";

    /// <summary>The name of an approver.</summary>
    public static LawText Name(string code) =>
        code switch
        {
            President => new LawText("本院院长", "the president of the court"),
            SuperiorCourt => new LawText("上一级人民法院", "the next higher court"),
            HighCourt => new LawText("高级人民法院", "the high court"),
            SupremeCourt => new LawText("最高人民法院", "the Supreme People's Court"),
            _ => throw new LawError("approver", LawReasons.UnknownCode, code, string.Join(", ", President, SuperiorCourt, HighCourt, SupremeCourt)),
        };
}

/// <summary>One step of the ladder of extensions.</summary>
/// <param name="Approver">Code of <see cref="CourtOps.Law.Approver"/>.</param>
/// <param name="Months">Most months; 0 when the law gives no number of months.</param>
/// <param name="Days">Most days; 0 when the law gives no number of days.</param>
/// <param name="UsualMonths">Months named by a rule below the law.</param>
/// <param name="UsualDays">Days named by a rule below the law.</param>
/// <param name="UsualArticle">That rule.</param>
/// <param name="Own">Within the court's own power: no gate towards another court.</param>
/// <param name="Repeat">May be granted again.</param>
/// <param name="Article">Source.</param>
public sealed record ExtensionStep(
    string Approver,
    int Months,
    int Days,
    int UsualMonths,
    int UsualDays,
    string? UsualArticle,
    bool Own,
    bool Repeat,
    string Article
)
{
    /// <summary>Whether the law itself gives a most.</summary>
    public bool Limited => Months > 0 || Days > 0;
}

/// <summary>One limit of table B-01.</summary>
/// <param name="Code">Code such as MC-ORD.</param>
/// <param name="Kind">Branch.</param>
/// <param name="Name">Name of the procedure.</param>
/// <param name="Months">Months of the base.</param>
/// <param name="Days">Days of the base, after the months.</param>
/// <param name="None">No limit at all (MC-FOR).</param>
/// <param name="Final">Judgments in it are final: no appeal.</param>
/// <param name="Article">Source.</param>
/// <param name="Extensions">Ladder of extensions; empty where there is none.</param>
public sealed record TrialLimit(
    string Code,
    CaseKind Kind,
    LawText Name,
    int Months,
    int Days,
    bool None,
    bool Final,
    string Article,
    IReadOnlyList<ExtensionStep> Extensions
)
{
    /// <summary>Whether the short warning tiers apply (B-08): under three months, and everything in days.</summary>
    public bool UsesShortTiers => Months < 3;

    /// <summary>Whether months run from month end to month end (刑诉解释 202).</summary>
    public bool Criminal => Kind == CaseKind.Criminal;

    /// <summary>The end of the base counted from a day: months first, then days.</summary>
    internal DateOnly End(DateOnly from) => Periods.Raw(Periods.Raw(from, Months, PeriodUnit.Month, Counting), Days, PeriodUnit.Day);

    internal ProcedureKind Counting => Criminal ? ProcedureKind.Criminal : ProcedureKind.Civil;
}

/// <summary>A reason for not counting time (B-03).</summary>
/// <param name="Code">Code such as D-JD.</param>
/// <param name="Name">The reason in words.</param>
/// <param name="Kinds">Branches it applies to.</param>
/// <param name="Article">Source.</param>
public sealed record DeductionReason(string Code, LawText Name, IReadOnlyList<CaseKind> Kinds, string Article);

/// <summary>A lawful change of procedure (B-02).</summary>
/// <param name="From">Code left.</param>
/// <param name="To">Codes it may become.</param>
/// <param name="Restarts">Whether the limit restarts on the day of the decision; otherwise it counts from filing.</param>
/// <param name="Article">Source.</param>
public sealed record ConversionRule(string From, IReadOnlyList<string> To, bool Restarts, string Article);
