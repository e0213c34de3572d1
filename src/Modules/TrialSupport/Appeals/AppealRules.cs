namespace CourtOps.TrialSupport.Appeals;

/// <summary>A step of an appeal's way to the court above.</summary>
/// <param name="Days">Calendar days after the step it counts from; null for one without a period of its own.</param>
/// <param name="After">The step it counts from; blank: receipt of the appeal.</param>
internal sealed record AppealStep(string Code, string Label, int? Days, string After, string Source);

/// <summary>The way of an appeal (G-10). Pure.</summary>
internal static class AppealRules
{
    public static IReadOnlyList<AppealStep> Steps { get; } =
    [
        new("copies", "送达上诉状副本", 5, "", "民诉法174"),
        new("fee", "通知交纳上诉费", 7, "", "费用办法22"),
        new("reply", "收到答辩状，或者答辩期满", 15, "copies", "民诉法174"),
        new("reply-copy", "送达答辩状副本", 5, "reply", "民诉法174"),
        new("file", "移送案卷", 5, "reply", "民诉法174"),
    ];

    /// <summary>What must be in the parcel.</summary>
    public static IReadOnlyDictionary<string, string> Items { get; } =
        new Dictionary<string, string>
        {
            ["volumes"] = "一审卷宗（正卷、副卷）",
            ["appeal"] = "上诉状",
            ["reply"] = "答辩状或者未提交答辩状的说明",
            ["judgment"] = "一审裁判文书若干份",
            ["proofs"] = "各方送达回证",
            ["fee"] = "上诉费交纳凭证或者缓减免决定",
            ["evidence"] = "证据原件和证物清单",
            ["letter"] = "移送函",
        };

    /// <summary>When each step is due: from the day its own beginning was done; null while that is open.</summary>
    public static IReadOnlyList<(AppealStep Step, DateOnly? Due, DateOnly? Done)> Run(DateOnly received, IReadOnlyDictionary<string, DateOnly> done) =>
        [
            .. Steps.Select(s =>
            {
                DateOnly? from =
                    s.After.Length == 0 ? received
                    : done.TryGetValue(s.After, out var d) ? d
                    : null;
                return (s, s.Days is { } days ? from?.AddDays(days) : null, done.TryGetValue(s.Code, out var on) ? (DateOnly?)on : null);
            }),
        ];

    /// <summary>Items that are not in the parcel yet.</summary>
    public static IReadOnlyList<string> Missing(IEnumerable<string> items) => [.. Items.Keys.Except(items).Select(i => Items[i])];

    /// <summary>What can be asked for, and the calendar days it is given: the fee seven (费用办法22), papers and addresses five (G-10).</summary>
    public static IReadOnlyDictionary<string, (string Label, int Days)> Needs { get; } =
        new Dictionary<string, (string, int)>
        {
            ["papers"] = ("补齐上诉材料", 5),
            ["fee"] = ("交纳上诉费", 7),
            ["service"] = ("补送达上诉状副本所需的材料、地址", 5),
        };

    /// <summary>The longest a person may be given, in calendar days.</summary>
    public const int MostDays = 30;

    /// <summary>What became of the case in the court above.</summary>
    public static IReadOnlyDictionary<string, string> Results { get; } =
        new Dictionary<string, string>
        {
            ["upheld"] = "维持原判",
            ["changed"] = "改判、撤销或者变更",
            ["remanded"] = "发回重审",
            ["mediated"] = "二审调解",
            ["withdrawn"] = "准许撤回上诉",
            ["abandoned"] = "按撤回上诉处理",
            ["dismissed"] = "撤销原判，驳回起诉或者移送管辖",
        };

    /// <summary>What must be so before an appeal goes up, each with whether it is: served, answered, asked for and received, in the parcel.</summary>
    /// <param name="open">What was asked for and has not come.</param>
    public static IReadOnlyList<(string Label, bool Done)> Checklist(
        IReadOnlyDictionary<string, DateOnly> done,
        IReadOnlyList<string> items,
        IReadOnlyList<AppealNeed> open
    ) =>
        [
            .. Steps.Where(s => s.Code is "copies" or "reply").Select(s => (s.Label, done.ContainsKey(s.Code))),
            .. open.Select(n => (Needs[n.Kind].Label, false)),
            .. Items.Select(i => (i.Value, items.Contains(i.Key))),
        ];
}
