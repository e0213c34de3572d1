using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders.NodeGraph;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Makes the picture of an order from its nodes.</summary>
internal static class OrderGraph
{
    public static string Render(ShowOrder.Result show, Texts t, DateTimeOffset now)
    {
        var order = show.Order;
        var lanes = new List<GraphLane>
        {
            new("asker", t["发起人"], order.AskedByName),
            new(order.Centre, t[Centres.Labels.GetValueOrDefault(order.Centre, order.Centre)], order.AssigneeName ?? t["未派"]),
        };
        var nodes = new List<GraphNode>();
        string? lastLane = null;
        var last = 0;
        var finished = !OrderState.IsOpen(order.State);
        foreach (var n in show.Nodes)
        {
            var lane = LaneOf(n, order.Centre);
            var aside = n.Step is OrderStep.Comment;
            // the line goes on in this lane until the work is handed over to the other; a comment hands nothing over
            var next = show.Nodes.FirstOrDefault(m => m.N > n.N && m.Step is not OrderStep.Comment);
            var state = aside && lane != lastLane ? "done" : n.Step is OrderStep.Return ? "paused" : next is not null && LaneOf(next, order.Centre) != lane ? "done" : After(n.ToState);
            var follows = !aside && lastLane is not null && lane != lastLane && !(finished && n.Step is OrderStep.Fact) ? last : (int?)null;
            nodes.Add(new GraphNode(n.N, lane, n.At, Kind(n.Step), OrderWords.Verb(t, n), n.Step is OrderStep.Fact && n.ActorId == 0 ? "" : n.ActorName, state, n.Step is OrderStep.Return or OrderStep.Pause ? Cut(n.Words) : null, follows));
            if (aside)
                continue;
            last = n.N;
            lastLane = lane;
        }
        if (!finished)
            foreach (var (lane, step) in Expected(order.State))
                nodes.Add(new GraphNode(nodes.Count + 1, lane == "asker" ? "asker" : order.Centre, now, GraphKind.Expected, t["step." + step], "", "wait", null, null));
        var overdue = order.DueAt is { } due && due < now && !finished && order.State is not (OrderState.Feedback or OrderState.Paused) ? now - due : TimeSpan.Zero;
        var labels = new GraphLabels
        {
            Title = t["节点记录图：{0} 个节点", show.Nodes.Count],
            Description = t["逐个节点的文字见“节点与留言”。"],
            Today = t["今天"],
            Expected = t["预计"],
            Overdue = overdue.TotalHours < 24 ? t["超期 {0} 小时", Math.Max(1, (int)overdue.TotalHours)] : t["超期 {0} 天", (int)overdue.TotalDays],
            Weekdays = [.. new[] { "周日", "周一", "周二", "周三", "周四", "周五", "周六" }.Select(d => t[d])],
            Paused = span => t["暂停 {0} 小时", Math.Round(span.TotalHours, 1)],
        };
        return NodeGraphSvg.Render(new NodeGraphModel(lanes, nodes, now, order.State is OrderState.Feedback ? null : order.DueAt, finished), labels);
    }

    // a confirmation is the asker's, also where the system gives it because everything was served and proved
    private static string LaneOf(Node n, string centre) => n.Lane == "asker" || n.Step is OrderStep.Close ? "asker" : centre;

    private static GraphKind Kind(string step) => step switch
    {
        OrderStep.Return or OrderStep.Refuse or OrderStep.SendBack => GraphKind.Return,
        OrderStep.Resubmit => GraphKind.Resubmit,
        OrderStep.Pause => GraphKind.Pause,
        OrderStep.Resume => GraphKind.Resume,
        OrderStep.Comment => GraphKind.Comment,
        OrderStep.Escalate => GraphKind.Slip,
        _ => GraphKind.Step,
    };

    private static string After(string state) => state switch
    {
        OrderState.Accepted => "work",
        OrderState.Paused => "paused",
        OrderState.Closed or OrderState.Cancelled => "done",
        _ => "wait",
    };

    private static IEnumerable<(string Lane, string Step)> Expected(string state) => state switch
    {
        OrderState.Queued => [("centre", OrderStep.Accept), ("centre", OrderStep.Feedback), ("asker", OrderStep.Close)],
        OrderState.Assigned => [("centre", OrderStep.Accept), ("centre", OrderStep.Feedback), ("asker", OrderStep.Close)],
        OrderState.Accepted or OrderState.Paused => [("centre", OrderStep.Feedback), ("asker", OrderStep.Close)],
        OrderState.Feedback => [("asker", OrderStep.Close)],
        OrderState.Returned => [("asker", OrderStep.Resubmit)],
        _ => [],
    };

    private static string? Cut(string words) => words.Length == 0 ? null : words.Length <= 24 ? words : words[..(char.IsHighSurrogate(words[22]) ? 22 : 23)] + "…";
}
