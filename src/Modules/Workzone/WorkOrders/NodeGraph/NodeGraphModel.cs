namespace CourtOps.Workzone.WorkOrders.NodeGraph;

/// <summary>What a node is, which decides its shape: disc, square, bar, diamond, hollow ochre, hollow grey, dashed, hollow blue.</summary>
internal enum GraphKind
{
    Step,
    Split,
    Join,
    Slip,
    Return,
    Resubmit,
    Pause,
    Resume,
    Expected,
    Comment,
}

/// <summary>A team or a child order. The first lane is the one that asked.</summary>
/// <param name="Due">A child's own limit. When any lane has one, the order's limit marks no lane.</param>
/// <param name="Overdue">Stands at this lane's due flag.</param>
internal sealed record GraphLane(string Key, string Title, string? Subtitle = null, DateTimeOffset? Due = null, string? Overdue = null);

/// <summary>One node of an order; every word comes translated.</summary>
/// <param name="State">What runs in this lane after the node: "work", "wait", "paused" or "done" (nothing).</param>
/// <param name="Note">Written over the line that follows, for a return over the hump: the reason, the party, the distance.</param>
/// <param name="FollowsNumber">The node that led to this one, when it stands in another lane: draws the hand-over.
/// A join names the split that it closes.</param>
/// <param name="Mark">Shown in the place of the number: a child counts its own nodes.</param>
/// <param name="Href">Where a node of a child leads; the order's own lead to its thread.</param>
internal sealed record GraphNode(
    int Number,
    string LaneKey,
    DateTimeOffset At,
    GraphKind Kind,
    string Verb,
    string Person,
    string State,
    string? Note = null,
    int? FollowsNumber = null,
    string? Mark = null,
    string? Href = null
);

/// <summary>An order with its nodes, by time. Expected nodes come last; their number and time are not shown.</summary>
internal sealed record NodeGraphModel(IReadOnlyList<GraphLane> Lanes, IReadOnlyList<GraphNode> Nodes, DateTimeOffset Now, DateTimeOffset? Due, bool Finished);

/// <summary>The words of the picture itself, translated by the caller.</summary>
internal sealed record GraphLabels
{
    /// <summary>Name of the picture for those who do not see it: how many nodes, lanes, what is overdue.</summary>
    public required string Title { get; init; }

    public string Description { get; init; } = "";

    public string Today { get; init; } = "今天";

    public string Expected { get; init; } = "预计";

    /// <summary>Stands at the due flag, for instance 超期 2 天.</summary>
    public string Overdue { get; init; } = "超期";

    /// <summary>From Sunday on.</summary>
    public IReadOnlyList<string> Weekdays { get; init; } = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

    /// <summary>Stands over a span in which the clock did not run and which carries no words of its own.</summary>
    public Func<TimeSpan, string> Paused { get; init; } = _ => "";
}
