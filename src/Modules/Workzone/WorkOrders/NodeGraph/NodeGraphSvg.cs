using System.Globalization;
using System.Text;

namespace CourtOps.Workzone.WorkOrders.NodeGraph;

/// <summary>
/// Draws the node graph of an order as one SVG: lanes by team, time to the right, each node a link to its entry in the
/// thread (#node-7). Colours and line styles are classes of site.css; there is no style attribute, so it stands under
/// a content security policy without unsafe-inline. The thread is the same list in words for those who do not see it.
/// </summary>
internal static class NodeGraphSvg
{
    /// <summary>What a sheet holds at 1366 pixels with the narrow rail. Wider pictures scroll.</summary>
    public const double Sheet = 1266;

    public static string Render(NodeGraphModel model, GraphLabels labels)
    {
        var layout = GraphLayout.Of(model, labels, Sheet);
        return new Drawing(model, labels, layout).ToString();
    }

    private sealed class Drawing
    {
        private readonly NodeGraphModel model;
        private readonly GraphLabels labels;
        private readonly GraphLayout at;
        private readonly StringBuilder svg = new(16_000);
        private readonly List<(int Lane, double From, double To)> taken = [];
        private readonly Dictionary<int, List<PlacedNode>> lanes;

        public Drawing(NodeGraphModel model, GraphLabels labels, GraphLayout at)
        {
            (this.model, this.labels, this.at) = (model, labels, at);
            lanes = at.Nodes.GroupBy(n => n.Lane).ToDictionary(g => g.Key, g => g.ToList());
            foreach (var riser in at.Risers)
                for (var lane = riser.From + 1; lane <= riser.To; lane++)
                    taken.Add((lane, riser.X - 5, riser.X + 5));
            Head();
            Ground();
            Overdue();
            Links();
            Runs();
            ToCome();
            Notes();
            NowLine();
            foreach (var node in at.Nodes)
                Node(node);
            Tips();
            Gutter();
            svg.Append("</svg>");
        }

        public override string ToString() => svg.ToString();

        // ---- the ground -----------------------------------------------------------------------------------------

        private void Head()
        {
            var fits = at.Width <= Sheet * 1.04; // shrinks the smallest text to 11 px at most
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"graph{(fits ? " fit" : "")}\" viewBox=\"0 0 {N(at.Width)} {N(at.Height)}\" "
                    + $"width=\"{N(at.Width)}\" height=\"{N(at.Height)}\" role=\"group\" aria-label=\"{X(labels.Title)}\">"
            );
            if (labels.Description.Length > 0)
                svg.Append("<desc>").Append(X(labels.Description)).Append("</desc>");
            svg.Append(
                "<defs>"
                    + "<marker id=\"aw\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
                    + "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"awp\" d=\"M1 1l6 3-6 3\"/></marker>"
                    + "<marker id=\"ar\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" "
                    + "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"arp\" d=\"M1 1l6 3-6 3z\"/></marker>"
                    + "<pattern id=\"rest\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path "
                    + "class=\"restl\" d=\"M0 0V6\"/></pattern></defs>"
            );
        }

        private void Ground()
        {
            var bottom = at.Height - 2;
            for (var i = 0; i < model.Lanes.Count; i++)
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"lane{(i % 2 == 1 ? " e" : "")}\" x=\"0\" y=\"{N(GraphLayout.LaneTop(i))}\" width=\"{N(at.Width)}\" "
                        + $"height=\"{N(GraphLayout.LaneHeight)}\"/>"
                );
            foreach (var band in at.Bands)
            {
                if (band.Empty)
                    svg.Append(
                        CultureInfo.InvariantCulture,
                        $"<rect x=\"{N(band.From)}\" y=\"{N(GraphLayout.HeadHeight)}\" width=\"{N(band.To - band.From)}\" "
                            + $"height=\"{N(bottom - GraphLayout.HeadHeight)}\" fill=\"url(#rest)\"/>"
                    );
                if (band.Future)
                    svg.Append(
                        CultureInfo.InvariantCulture,
                        $"<rect class=\"veil\" x=\"{N(band.From)}\" y=\"{N(GraphLayout.HeadHeight)}\" width=\"{N(band.To - band.From)}\" "
                            + $"height=\"{N(bottom - GraphLayout.HeadHeight)}\"/>"
                    );
                if (band != at.Bands[0])
                    Line("rule", $"M{N(band.From)} 8V{N(bottom)}");
                var kind =
                    band.Today ? "dt now"
                    : band.Empty || band.Future ? "dt q"
                    : "dt";
                if (band.Empty)
                    Text(kind, (band.From + band.To) / 2, 22, band.Label, "middle");
                else
                    Text(kind, band.From + 8, 22, band.Label);
            }
            Line("rule0", $"M0 {N(GraphLayout.HeadHeight)}H{N(at.Width)}");
            for (var i = 1; i < model.Lanes.Count; i++)
                Line("rule", $"M0 {N(GraphLayout.LaneTop(i))}H{N(at.Width)}");
        }

        /// <summary>The names of the lanes, drawn last and in a group of their own: a script may hold it still while the rest scrolls.</summary>
        private void Gutter()
        {
            svg.Append("<g data-gutter=\"\">");
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"lane e\" x=\"0\" y=\"0\" width=\"{N(at.Gutter)}\" height=\"{N(GraphLayout.HeadHeight - .5)}\"/>"
            );
            for (var i = 0; i < model.Lanes.Count; i++)
            {
                var (lane, top) = (model.Lanes[i], GraphLayout.LaneTop(i));
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"lane{(i % 2 == 1 ? " e" : "")}\" x=\"0\" y=\"{N(top + .5)}\" width=\"{N(at.Gutter)}\" "
                        + $"height=\"{N(GraphLayout.LaneHeight - 1)}\"/>"
                );
                svg.Append("<g>");
                if (TextWidth.Of(lane.Title, 13.5) > at.Gutter - 22 || TextWidth.Of(lane.Subtitle ?? "", 11.5) > at.Gutter - 22)
                    svg.Append("<title>").Append(X($"{lane.Title} {lane.Subtitle}")).Append("</title>");
                Text("ln", 14, top + 30, TextWidth.Fit(lane.Title, 13.5, at.Gutter - 22));
                if (!string.IsNullOrEmpty(lane.Subtitle))
                    Text("lm", 14, top + 49, TextWidth.Fit(lane.Subtitle, 11.5, at.Gutter - 22));
                svg.Append("</g>");
            }
            Line("rule0", $"M{N(at.Gutter)} 0V{N(at.Height)}");
            svg.Append("</g>");
        }

        private void NowLine()
        {
            if (at.NowX is { } x)
                Line("nowl", $"M{N(x)} {N(GraphLayout.HeadHeight)}V{N(at.Height - 2)}");
        }

        // ---- what runs in a lane -----------------------------------------------------------------------------------

        private void Runs()
        {
            foreach (var (lane, nodes) in lanes)
                for (var i = 0; i < nodes.Count; i++)
                {
                    var node = nodes[i];
                    var next = i + 1 < nodes.Count ? nodes[i + 1] : null;
                    if (End(node, next) is { } to)
                        Run(node, lane, node.X, to);
                }
        }

        /// <summary>Where the line after a node ends: at the lane's next node, at a join, at now, or there is none.</summary>
        private double? End(PlacedNode node, PlacedNode? next)
        {
            if (node.Node.State is not ("work" or "wait" or "paused"))
                return null;
            if (next is not null)
                return next.X;
            if (IsSplitLane(node))
                return at.JoinX ?? at.NowX;
            return at.NowX;
        }

        private bool IsSplitLane(PlacedNode node) => at.OpenSplit() is { } split && split.Lane == node.Lane && node.X >= split.X && node.Node.State == "wait";

        private void Run(PlacedNode node, int lane, double from, double to)
        {
            var y = N(GraphLayout.LaneLine(lane));
            switch (node.Node.State)
            {
                case "paused":
                    // Short bars stop before the discs, or they would read as one with the ring.
                    Line("hold", $"M{N(from + 13)} {y}H{N(Math.Max(from + 14, to - 13))}");
                    break;
                case var state:
                    var late = LateFrom(node);
                    if (late is { } x && x < to)
                    {
                        if (x > from)
                            Line(state, $"M{N(from)} {y}H{N(x)}");
                        Line("over", $"M{N(Math.Max(from, x))} {y}H{N(to)}");
                    }
                    else
                    {
                        Line(state, $"M{N(from)} {y}H{N(to)}");
                    }
                    break;
            }
        }

        // ---- overdue -----------------------------------------------------------------------------------------------

        private readonly Dictionary<int, double> due = [];

        /// <summary>Red runs from a lane's due flag on: over handling, or over waiting when nobody was handling then.</summary>
        private void Overdue()
        {
            if (at.Nodes.Count == 0)
                return;
            if (model.Lanes.Any(l => l.Due is not null))
            {
                for (var i = 0; i < model.Lanes.Count; i++)
                    if (model.Lanes[i].Due is { } limit && limit < model.Now && Late(["work", "wait"], at.XOf(limit)).Contains(i))
                        due[i] = at.XOf(limit);
            }
            else if (model.Due is { } limit && limit < model.Now)
            {
                var late = Late(["work"], at.XOf(limit));
                if (late.Count == 0)
                    late = Late(["wait"], at.XOf(limit));
                foreach (var lane in late)
                    due[lane] = at.XOf(limit);
            }
            var shared = model.Lanes.All(l => l.Due is null);
            foreach (var lane in due.Keys.Order().Take(shared ? 1 : int.MaxValue))
            {
                var (x, y) = (due[lane], GraphLayout.LaneLine(lane));
                svg.Append(CultureInfo.InvariantCulture, $"<path class=\"flag\" d=\"M{N(x)} {N(y + 9)}V{N(y - 22)}h9l-2.5 3.5 2.5 3.5h-9\"/>");
                var words = model.Lanes[lane].Overdue ?? labels.Overdue;
                taken.Add((lane, x - 3, x + 17 + TextWidth.Of(words, 12)));
                Text("lb r", x + 13, y - 14, words);
            }
        }

        private HashSet<int> Late(string[] states, double x)
        {
            var found = new HashSet<int>();
            foreach (var (lane, nodes) in lanes)
                for (var i = 0; i < nodes.Count; i++)
                    if (
                        states.Contains(nodes[i].Node.State)
                        && !IsSplitLane(nodes[i])
                        && End(nodes[i], i + 1 < nodes.Count ? nodes[i + 1] : null) is { } to
                        && to > x + .5
                    )
                        found.Add(lane);
            return found;
        }

        private double? LateFrom(PlacedNode node)
        {
            if (!due.TryGetValue(node.Lane, out var x) || IsSplitLane(node))
                return null;
            var handling = lanes[node.Lane].Exists(n => n.Node.State == "work" && n.X + .5 >= x);
            return node.Node.State == "work" || !handling ? x : null;
        }

        // ---- from lane to lane -----------------------------------------------------------------------------------------

        private void Links()
        {
            foreach (var node in at.Nodes)
            {
                if (node.Node.Kind == GraphKind.Join)
                {
                    Join(node.Node.FollowsNumber, node.X - 18, node.Lane, "wait");
                    Line("wait", $"M{N(node.X - 18)} {N(GraphLayout.LaneLine(node.Lane))}H{N(node.X - 11)}");
                    continue;
                }
                if (at.Find(node.Node.FollowsNumber) is not { } source || source.Lane == node.Lane)
                    continue;
                var (x1, y1, x2, y2) = (source.X, GraphLayout.LaneLine(source.Lane), node.X, GraphLayout.LaneLine(node.Lane));
                var (line, arrow) = source.Node.Kind is GraphKind.Return or GraphKind.Resubmit ? ("ret", "ar") : ("wait", "aw");
                var down = y2 > y1;
                var turn = down ? 14 : -14;
                if (source.Node.Kind == GraphKind.Split)
                    Arrow(line, arrow, $"M{N(x1)} {N(y1)}V{N(y2 - turn)}Q{N(x1)} {N(y2)} {N(x1 + 14)} {N(y2)}H{N(x2 - 12)}");
                else if (source.Node.Kind == GraphKind.Return && !down)
                    Arrow(line, arrow, $"M{N(x1)} {N(y1 - 11)}V{N(y2 + 16)}Q{N(x1)} {N(y2)} {N(x1 + 16)} {N(y2)}H{N(x2 - 12)}");
                else if (down)
                    Arrow(line, arrow, $"M{N(x1)} {N(y1)}H{N(x2 - 16)}Q{N(x2)} {N(y1)} {N(x2)} {N(y1 + 16)}V{N(y2 - 12)}");
                else
                {
                    var rise = x2 - node.Left - 8;
                    Arrow(
                        line,
                        arrow,
                        $"M{N(x1)} {N(y1)}H{N(rise - 12)}Q{N(rise)} {N(y1)} {N(rise)} {N(y1 - 12)}V{N(y2 + 12)}Q{N(rise)} {N(y2)} "
                            + $"{N(Math.Min(rise + 12, x2 - 12))} {N(y2)}H{N(x2 - 12)}"
                    );
                }
            }
            // A return that nobody has answered yet: the hump is open to now.
            foreach (
                var node in at.Nodes.Where(n =>
                    n.Node.Kind == GraphKind.Return
                    && n.Lane > 0
                    && at.NowX is not null
                    && !at.Nodes.Exists(o => o.Node.FollowsNumber == n.Node.Number && o.Lane < n.Lane)
                )
            )
                Line(
                    "ret",
                    $"M{N(node.X)} {N(GraphLayout.LaneLine(node.Lane) - 11)}V{N(GraphLayout.LaneLine(0) + 16)}Q{N(node.X)} "
                        + $"{N(GraphLayout.LaneLine(0))} {N(node.X + 16)} {N(GraphLayout.LaneLine(0))}H{N(at.NowX!.Value)}"
                );
        }

        /// <summary>The bar that the lines of all children reach.</summary>
        private void Join(int? split, double x, int lane, string style)
        {
            var y = GraphLayout.LaneLine(lane);
            foreach (var (child, nodes) in lanes.Where(l => l.Key != lane && l.Value.Exists(n => n.Node.FollowsNumber == split)))
            {
                var last = nodes.FindLast(n => n.X < x);
                if (last is null)
                    continue;
                var open = last.Node.State != "done" && at.NowX is not null && style == "fut";
                var from = open ? at.NowX!.Value : last.X;
                var cy = GraphLayout.LaneLine(child);
                var turn = cy > y ? -14 : 14;
                Line(open ? "fut" : "wait", $"M{N(from)} {N(cy)}H{N(Math.Max(from, x - 14))}Q{N(x)} {N(cy)} {N(x)} {N(cy + turn)}V{N(y + (cy > y ? 2 : -2))}");
            }
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"joinbar\" x=\"{N(x - 2.5)}\" y=\"{N(y - 13)}\" width=\"5\" height=\"26\" rx=\"1\"/>");
        }

        // ---- what is expected ----------------------------------------------------------------------------------------

        private void ToCome()
        {
            if (at.NowX is not { } now)
                return;
            double x;
            int lane;
            if (at.OpenSplit() is { } split && at.JoinX is { } join)
            {
                Join(split.Node.Number, join, split.Lane, "fut");
                (x, lane) = (join, split.Lane);
            }
            else
            {
                var last = at.Nodes.Count > 0 ? at.Nodes[^1] : null;
                // The node that time reaches last need not be the one that runs: a comment does not move the order.
                last = at.Nodes.FindLast(n => n.Node.State is "work" or "wait" or "paused") ?? last;
                if (last is null)
                    return;
                (x, lane) = (last.Node.State == "done" ? last.X : now, last.Lane);
            }
            foreach (var node in at.Expected)
            {
                var (y1, y2) = (GraphLayout.LaneLine(lane), GraphLayout.LaneLine(node.Lane));
                if (node.Lane == lane)
                    Line("fut", $"M{N(x)} {N(y1)}H{N(node.X - 12)}");
                else
                {
                    var rise = node.X - node.Left - 8;
                    var turn = y2 < y1 ? -10 : 10;
                    Line(
                        "fut",
                        $"M{N(x)} {N(y1)}H{N(Math.Max(x, rise - 10))}Q{N(rise)} {N(y1)} {N(rise)} {N(y1 + turn)}V{N(y2 - turn)}Q{N(rise)} {N(y2)} "
                            + $"{N(rise + 8)} {N(y2)}H{N(node.X - 12)}"
                    );
                }
                svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"nf\" cx=\"{N(node.X)}\" cy=\"{N(y2)}\" r=\"11\"/>");
                Text("vb q", node.X, y2 + 26, node.Verb, "middle");
                if (node.Meta.Length > 0)
                    Text("tm", node.X, y2 + 40, node.Meta, "middle");
                (x, lane) = (node.X + 11, node.Lane);
            }
        }

        /// <summary>Where the order stands at this moment.</summary>
        private void Tips()
        {
            if (at.NowX is not { } now)
                return;
            foreach (var (lane, nodes) in lanes)
            {
                var last = nodes[^1];
                if (last.Node.State is "work" or "wait" or "paused" && !IsSplitLane(last))
                    svg.Append(
                        CultureInfo.InvariantCulture,
                        $"<circle class=\"tip{(due.ContainsKey(lane) ? " over" : "")}\" cx=\"{N(now)}\" cy=\"{N(GraphLayout.LaneLine(lane))}\" r=\"5\"/>"
                    );
            }
        }

        // ---- words over the lines ----------------------------------------------------------------------------------

        private void Notes()
        {
            foreach (var (lane, nodes) in lanes.OrderBy(l => l.Key))
                for (var i = 0; i < nodes.Count; i++)
                {
                    var node = nodes[i];
                    var next = i + 1 < nodes.Count ? nodes[i + 1] : null;
                    var until = End(node, next) ?? node.X + 200;
                    if (node.Node is { Kind: GraphKind.Return, Note.Length: > 0 })
                        Hump(node, node.Node.Note);
                    else if (at.Find(node.Node.FollowsNumber) is { Node.Kind: GraphKind.Split } split && split.Lane != lane)
                        Note("lb", lane, split.X, until, node.Node.Note ?? "", false); // a child's words stand over the line that leads to it
                    Note(node.Node.Kind == GraphKind.Return ? "lb o" : "lb", lane, node.X, until, at.Over(node.Node, next?.Node.At ?? model.Now) ?? "", true);
                }
        }

        private void Hump(PlacedNode node, string reason)
        {
            const double size = 12;
            var top = node.Lane > 0 ? 0 : node.Lane;
            var width = TextWidth.Of(reason, size);
            var left = lanes.TryGetValue(top, out var upper) && upper.FindLast(n => n.X < node.X) is { } before ? before.X + 16 : at.Gutter + 8;
            var end = upper?.Find(n => n.X > node.X)?.X - 16 ?? at.NowX ?? at.Width;
            var y = GraphLayout.LaneLine(top) - 10;
            if (top != node.Lane && node.X - 12 - left >= width && Free(top, node.X - 14 - width, node.X - 10))
            {
                taken.Add((top, node.X - 14 - width, node.X - 10));
                Text("lb o", node.X - 12, y, reason, "end");
                return;
            }
            Note("lb o", top, node.X + 8, Math.Max(end, node.X + 60), reason, false);
        }

        /// <summary>Words over a line from one x to another: in its middle where there is room, else from its beginning; cut, never over other words.</summary>
        private void Note(string kind, int lane, double from, double until, string text, bool middle)
        {
            if (text.Length == 0)
                return;
            const double size = 12;
            var width = TextWidth.Of(text, size);
            // 15 above the line is clear of the discs.
            var y = GraphLayout.LaneLine(lane) - 15;
            if (middle && until - from >= width + 14)
            {
                var start = (from + until - width) / 2;
                if (Free(lane, start, start + width))
                {
                    taken.Add((lane, start - 4, start + width + 4));
                    Text(kind, (from + until) / 2, GraphLayout.LaneLine(lane) - 10, text, "middle");
                    return;
                }
            }
            for (var start = from + 13; start <= from + 60; start += 8)
            {
                var stop = taken.Where(t => t.Lane == lane && t.To > start).Select(t => t.From).DefaultIfEmpty(at.Width - 6).Min();
                if (stop <= start)
                    continue;
                var shown = TextWidth.Fit(text, size, Math.Min(stop - start - 6, 190));
                if (shown.Length < Math.Min(4, text.Length))
                    continue;
                taken.Add((lane, start - 4, start + TextWidth.Of(shown, size) + 4));
                Text(kind, start, y, shown);
                return;
            }
        }

        private bool Free(int lane, double from, double to) => !taken.Exists(t => t.Lane == lane && t.From < to && t.To > from);

        // ---- nodes -------------------------------------------------------------------------------------------------

        private void Node(PlacedNode placed)
        {
            var (node, x, y) = (placed.Node, placed.X, GraphLayout.LaneLine(placed.Lane));
            var number = node.Mark ?? node.Number.ToString(CultureInfo.InvariantCulture);
            var when = GraphLayout.Day(node.At).ToString("MM-dd", CultureInfo.InvariantCulture) + " " + GraphLayout.Clock(node.At);
            var spoken = string.Join(
                ' ',
                new[] { node.Mark is null ? "" : model.Lanes[placed.Lane].Title, number, node.Verb, node.Person, when }.Where(s => s.Length > 0)
            );
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<a href=\"{X(node.Href ?? $"#node-{number}")}\" "
                    + $"data-node=\"{(node.Href is null ? number : "")}\"><title>{X(node.Note is { Length: > 0 } ? $"{spoken}\n{node.Note}" : spoken)}</title>"
            );
            var look = node.Kind switch
            {
                GraphKind.Return or GraphKind.Resubmit => " ret",
                GraphKind.Pause => " pause",
                GraphKind.Slip => " slip",
                GraphKind.Comment => " comment",
                _ => "",
            };
            switch (node.Kind)
            {
                case GraphKind.Split:
                    svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"nd\" x=\"{N(x - 11)}\" y=\"{N(y - 11)}\" width=\"22\" height=\"22\" rx=\"2\"/>");
                    break;
                case GraphKind.Slip:
                    svg.Append(CultureInfo.InvariantCulture, $"<path class=\"nd slip\" d=\"M{N(x)} {N(y - 13)}l13 13-13 13-13-13z\"/>");
                    break;
                default:
                    svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"nd{look}\" cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"11\"/>");
                    break;
            }
            Text("nn" + look, x, y + 4, number, "middle");
            var verb = node.Kind is GraphKind.Return or GraphKind.Resubmit ? "vb o" : "vb";
            if (node.Kind == GraphKind.Split)
            {
                Text(verb, x + 9, y + 26, placed.Verb);
                Text("tm", x + 9, y + 40, placed.Meta);
            }
            else
            {
                Text(verb, x, y + 26, placed.Verb, "middle");
                Text("tm", x, y + 40, placed.Meta, "middle");
            }
            svg.Append("</a>");
        }

        // ---- ink -----------------------------------------------------------------------------------------------------

        private void Line(string kind, string path) => svg.Append("<path class=\"").Append(kind).Append("\" d=\"").Append(path).Append("\"/>");

        private void Arrow(string kind, string marker, string path) =>
            svg.Append("<path class=\"").Append(kind).Append("\" d=\"").Append(path).Append("\" marker-end=\"url(#").Append(marker).Append(")\"/>");

        private void Text(string kind, double x, double y, string text, string? anchor = null)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"{kind}\" x=\"{N(x)}\" y=\"{N(y)}\"");
            if (anchor is not null)
                svg.Append(" text-anchor=\"").Append(anchor).Append('"');
            svg.Append('>').Append(X(text)).Append("</text>");
        }

        private static string N(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);

        private static string X(string text) => SvgText.Escape(text);
    }
}
