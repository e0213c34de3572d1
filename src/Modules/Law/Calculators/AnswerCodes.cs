using System.Collections.Frozen;

namespace CourtOps.Law;

/// <summary>Names of the codes that answers carry: people, approvers, next methods, procedures, limits, tiers.</summary>
public static class AnswerCodes
{
    private static readonly FrozenDictionary<string, LawText> Names = new Dictionary<string, LawText>(StringComparer.Ordinal)
    {
        ["handler"] = new("承办人", "handler"),
        ["division-head"] = new("庭长", "head of division"),
        ["management"] = new("审判管理办公室", "trial management office"),
        ["vice-president"] = new("分管院长", "vice-president"),
        ["president"] = new("院长", "president"),
        ["director"] = new("执行局局长", "director of enforcement"),
        ["applicant"] = new("申请人", "applicant"),
        [Approver.SuperiorCourt] = Approver.Name(Approver.SuperiorCourt),
        [Approver.HighCourt] = Approver.Name(Approver.HighCourt),
        [Approver.SupremeCourt] = Approver.Name(Approver.SupremeCourt),
        ["direct"] = ServiceWords.Method("direct"),
        ["leave"] = ServiceWords.Method("leave"),
        ["phone"] = ServiceWords.Method("phone"),
        ["postal"] = ServiceWords.Method("postal"),
        ["other-address"] = ServiceWords.Method("other-address"),
        ["convert-to-ordinary"] = ServiceWords.Method("convert-to-ordinary"),
        ["SMALL"] = new("小额诉讼", "small claims"),
        ["SIMPLE"] = new("简易程序", "simple procedure"),
        ["ORDINARY"] = new("普通程序", "ordinary procedure"),
        ["SPECIAL"] = new("特别程序", "special procedure"),
        ["FAST-TRACK"] = new("速裁程序", "fast track"),
        ["due"] = new("届满", "due"),
        ["overdue"] = new("超期", "overdue"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The name of a code; codes of limits and deductions included. A code without name (D-30) stands for itself.</summary>
    /// <param name="code">Code as it stands in an answer.</param>
    public static LawText Name(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (Names.TryGetValue(code, out var name))
            return name;
        if (TrialLimitTable.Has(code))
            return TrialLimitTable.Get(code).Name;
        return TrialLimitTable.Deductions.FirstOrDefault(d => d.Code == code)?.Name ?? new LawText(code, code);
    }
}
