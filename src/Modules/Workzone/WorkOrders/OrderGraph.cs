using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders.NodeGraph;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Makes the picture of an order from its nodes.</summary>
internal static class OrderGraph
{
    /// <summary>More lanes than this say nothing any more; the list of children has them all.</summary>
    public const int MostChildren = 8;

    /// <summary>The children that get a lane: open ones by their limit first, in the order they were opened.</summary>
    public static IReadOnlyList<OrderCard> Drawn(IReadOnlyList<OrderCard> children) =>
        children.Count <= MostChildren
            ? children
            : [.. children.OrderBy(c => !OrderState.IsOpen(c.State)).ThenBy(c => c.DueAt).ThenBy(c => c.Id).Take(MostChildren).OrderBy(c => c.Id)];

    public static string Render(ShowOrder.Result show, Texts t, DateTimeOffset now) => NodeGraphSvg.Render(Model(show, t, now), Labels(show, t, now));

    /// <summary>The order's own lanes and, where it was split, one for each child between fork and join.</summary>
    internal static NodeGraphModel Model(ShowOrder.Result show, Texts t, DateTimeOffset now)
    {
        var order = show.Order;
        var children = Drawn(show.Children);
        var splits = Splits(show);
        var lanes = new List<GraphLane>
        {
            new("asker", t["发起人"], order.AskedByName),
            new(
                order.Centre,
                t[Centres.Labels.GetValueOrDefault(order.Centre, order.Centre)],
                order.AssigneeName ?? t["未派"],
                children.Count > 0 && Runs(order) ? order.DueAt : null,
                Overdue(order, t, now)
            ),
        };
        lanes.AddRange(
            children.Select(c => new GraphLane(
                $"child-{c.Id}",
                t[c.Title],
                $"{c.Number[^4..]} {c.AssigneeName ?? t["未派"]}",
                Runs(c) ? c.DueAt : null,
                Overdue(c, t, now)
            ))
        );
        var nodes = new List<GraphNode>();
        string? lastLane = null;
        var last = 0;
        var finished = !OrderState.IsOpen(order.State);
        foreach (var n in show.Nodes.Where(n => !splits.Inside.Contains(n.N)))
        {
            var lane = LaneOf(n, order.Centre);
            var aside = n.Step is OrderStep.Comment;
            // the line goes on in this lane until the work is handed over to the other; a comment hands nothing over
            var next = show.Nodes.FirstOrDefault(m => m.N > n.N && m.Step is not OrderStep.Comment);
            var state =
                aside && lane != lastLane ? "done"
                : n.Step is OrderStep.Return ? "paused"
                : next is not null && LaneOf(next, order.Centre) != lane ? "done"
                : After(n.ToState);
            var follows = !aside && lastLane is not null && lane != lastLane && !(finished && n.Step is OrderStep.Fact) ? last : (int?)null;
            var split = splits.Of.GetValueOrDefault(n.N);
            if (split.Children > 0)
                nodes.Add(
                    new GraphNode(
                        n.N,
                        lane,
                        n.At,
                        GraphKind.Split,
                        t["分单 {0}", split.Children],
                        "",
                        "wait",
                        split.Join is null ? t["等全部子单办结"] : null,
                        follows
                    )
                );
            else if (splits.Joins.TryGetValue(n.N, out var closes))
                nodes.Add(new GraphNode(n.N, lane, n.At, GraphKind.Join, t["汇总"], "", state, null, closes));
            else
                nodes.Add(
                    new GraphNode(
                        n.N,
                        lane,
                        n.At,
                        Kind(n.Step),
                        OrderWords.Verb(t, n),
                        n.Step is OrderStep.Fact && n.ActorId == 0 ? "" : n.ActorName,
                        splits.Waits(n.N) && lane == order.Centre ? "wait" : state,
                        n.Step is OrderStep.Return or OrderStep.Pause ? Cut(n.Words) : null,
                        follows
                    )
                );
            if (aside)
                continue;
            last = n.N;
            lastLane = lane;
        }
        for (var i = 0; i < children.Count; i++)
            nodes.AddRange(OfChild(children[i], 1000 * (i + 1), splits, show, t));
        if (!finished)
            foreach (var (lane, step) in Expected(order.State))
                nodes.Add(
                    new GraphNode(nodes.Count + 1, lane == "asker" ? "asker" : order.Centre, now, GraphKind.Expected, t["step." + step], "", "wait", null, null)
                );
        return new NodeGraphModel(lanes, nodes, now, order.State is OrderState.Feedback ? null : order.DueAt, finished);
    }

    private static GraphLabels Labels(ShowOrder.Result show, Texts t, DateTimeOffset now) =>
        new()
        {
            Title =
                show.Children.Count == 0
                    ? t["节点记录图：{0} 个节点", show.Nodes.Count]
                    : t[
                        "节点记录图：{0} 个节点，{1} 张子单，其中 {2} 张在办",
                        show.Nodes.Count,
                        show.Children.Count,
                        show.Children.Count(c => OrderState.IsOpen(c.State))
                    ],
            Description = t["逐个节点的文字见“节点与留言”。"],
            Today = t["今天"],
            Expected = t["预计"],
            Overdue = Overdue(show.Order, t, now),
            Weekdays = [.. new[] { "周日", "周一", "周二", "周三", "周四", "周五", "周六" }.Select(d => t[d])],
            Paused = span =>
                span.TotalHours < 1 ? t["暂停 {0} 分钟", (int)Math.Ceiling(span.TotalMinutes)] : t["暂停 {0} 小时", Math.Round(span.TotalHours, 1)],
        };

    private static bool Runs(OrderCard order) => OrderState.IsOpen(order.State) && order.State is not (OrderState.Feedback or OrderState.Paused);

    private static string Overdue(OrderCard order, Texts t, DateTimeOffset now)
    {
        var by = Runs(order) && order.DueAt is { } due && due < now ? now - due : TimeSpan.Zero;
        return by.TotalHours < 24 ? t["超期 {0} 小时", Math.Max(1, (int)by.TotalHours)] : t["超期 {0} 天", (int)by.TotalDays];
    }

    // A run of children from the first that is opened to the end of the last is one fork with its join. Children that come while it is open hang on the same
    // fork.
    private static Forks Splits(ShowOrder.Result show)
    {
        var forks = new Forks();
        var (split, open) = (0, 0);
        foreach (var n in show.Nodes)
        {
            var (fact, child) = OrderWords.FactOf(n);
            switch (fact)
            {
                case "child-opened":
                    if (open++ == 0)
                        split = n.N;
                    else
                        forks.Inside.Add(n.N);
                    forks.Of[split] = (forks.Of.GetValueOrDefault(split).Children + 1, null);
                    forks.Child[child] = (split, n, null);
                    break;
                case "child-closed" or "child-cancelled" when open > 0:
                    forks.Child[child] = forks.Child.GetValueOrDefault(child) with { Ended = n };
                    if (--open > 0)
                    {
                        forks.Inside.Add(n.N);
                        break;
                    }
                    forks.Joins[n.N] = split;
                    forks.Of[split] = forks.Of[split] with { Join = n.N };
                    break;
            }
        }
        return forks;
    }

    private static IEnumerable<GraphNode> OfChild(OrderCard child, int number, Forks forks, ShowOrder.Result show, Texts t)
    {
        if (!forks.Child.TryGetValue(child.Number, out var place) || place.Opened is null)
            yield break;
        var lane = $"child-{child.Id}";
        var own = show.ChildNodes[child.Id].Where(n => n.Step is not (OrderStep.Fact or OrderStep.Comment)).ToList();
        // who may not see the child sees that it began and ended
        var nodes = own.Count > 0 ? own : [.. new[] { place.Opened, place.Ended }.OfType<Node>()];
        foreach (var n in nodes)
        {
            var mine = own.Count > 0;
            yield return new GraphNode(
                number + n.N,
                lane,
                n.At < place.Opened.At ? place.Opened.At : n.At,
                mine && n.Step is OrderStep.Return or OrderStep.Refuse or OrderStep.SendBack ? GraphKind.Pause
                    : mine ? Kind(n.Step)
                    : GraphKind.Step,
                OrderWords.Verb(t, n),
                mine ? n.ActorName : "",
                n == nodes[^1] ? After(child.State)
                    : n.Step is OrderStep.Return ? "paused"
                    : After(n.ToState),
                mine && n.Step is OrderStep.Return or OrderStep.Pause ? Cut(n.Words) : null,
                n == nodes[0] ? place.Split : null,
                n.N.ToString(System.Globalization.CultureInfo.InvariantCulture),
                mine ? $"/orders/{child.Id}#node-{n.N}" : $"#node-{n.N}"
            );
        }
    }

    /// <summary>Where an order was split: forks and joins by the numbers of their nodes, and the place of each child.</summary>
    private sealed class Forks
    {
        public Dictionary<int, (int Children, int? Join)> Of { get; } = [];
        public Dictionary<int, int> Joins { get; } = [];
        public Dictionary<string, (int Split, Node? Opened, Node? Ended)> Child { get; } = [];

        /// <summary>Told by the children's lanes.</summary>
        public HashSet<int> Inside { get; } = [];

        /// <summary>Between a fork and its join the order itself waits.</summary>
        public bool Waits(int n) => Of.Any(f => n > f.Key && (f.Value.Join is null || n < f.Value.Join));
    }

    // a confirmation is the asker's, also where the system gives it because everything was served and proved
    private static string LaneOf(Node n, string centre) => n.Lane == "asker" || n.Step is OrderStep.Close ? "asker" : centre;

    private static GraphKind Kind(string step) =>
        step switch
        {
            OrderStep.Return or OrderStep.Refuse or OrderStep.SendBack => GraphKind.Return,
            OrderStep.Resubmit => GraphKind.Resubmit,
            OrderStep.Pause => GraphKind.Pause,
            OrderStep.Resume => GraphKind.Resume,
            OrderStep.Comment => GraphKind.Comment,
            OrderStep.Escalate => GraphKind.Slip,
            _ => GraphKind.Step,
        };

    private static string After(string state) =>
        state switch
        {
            OrderState.Accepted => "work",
            OrderState.Paused => "paused",
            OrderState.Closed or OrderState.Cancelled => "done",
            _ => "wait",
        };

    private static IEnumerable<(string Lane, string Step)> Expected(string state) =>
        state switch
        {
            OrderState.Queued => [("centre", OrderStep.Accept), ("centre", OrderStep.Feedback), ("asker", OrderStep.Close)],
            OrderState.Assigned => [("centre", OrderStep.Accept), ("centre", OrderStep.Feedback), ("asker", OrderStep.Close)],
            OrderState.Accepted or OrderState.Paused => [("centre", OrderStep.Feedback), ("asker", OrderStep.Close)],
            OrderState.Feedback => [("asker", OrderStep.Close)],
            OrderState.Returned => [("asker", OrderStep.Resubmit)],
            _ => [],
        };

    private static string? Cut(string words) =>
        words.Length == 0 ? null
        : words.Length <= 24 ? words
        : words[..(char.IsHighSurrogate(words[22]) ? 22 : 23)] + "…";
}
