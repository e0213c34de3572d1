namespace CourtOps.Workzone.Queues;

/// <summary>A column of a queue: its name in the URL, its Chinese heading.</summary>
internal sealed record QueueColumn(string Key, string Label, bool Shown);

/// <summary>The columns to choose from, in the order they stand.</summary>
internal static class QueueColumns
{
    public static readonly IReadOnlyList<QueueColumn> All =
    [
        new("due", "时限", true),
        new("order", "工单", true),
        new("type", "类型", false),
        new("centre", "中心", false),
        new("case", "案号　案由", true),
        new("subject", "对象", true),
        new("asker", "发起人", true),
        new("asked", "发起时间", false),
        new("assignee", "办理人", true),
        new("state", "状态", true),
        new("last", "最近一步", true),
        new("changed", "更新", true),
        new("closed", "办结时间", false),
    ];

    /// <summary>Those named, in their own order; the usual ones when none is named or known.</summary>
    public static IReadOnlyList<QueueColumn> Of(string? named)
    {
        var wanted = (named ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var shown = All.Where(c => wanted.Contains(c.Key)).ToList();
        return shown.Count == 0 ? [.. All.Where(c => c.Shown)]
            : shown.Exists(c => c.Key == "order") ? shown
            : [All[1], .. shown];
    }
}
