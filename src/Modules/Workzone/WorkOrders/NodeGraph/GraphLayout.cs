using System.Globalization;

namespace CourtOps.Workzone.WorkOrders.NodeGraph;

/// <summary>A node with its place. Left and Right are how far its label reaches to each side.</summary>
internal sealed record PlacedNode(GraphNode Node, int Lane, double X, double Left, double Right, string Verb, string Meta);

/// <summary>A day with nodes, a run of days without, today, or the time to come.</summary>
internal sealed record Band(double From, double To, string Label, bool Empty, bool Today, bool Future);

/// <summary>A line across lanes; it crosses the labels of the lanes From to To - 1 and the notes of From + 1 to To.</summary>
internal sealed record Riser(double X, int From, int To);

/// <summary>
/// Where everything stands. Time runs right in bands of one day that are as wide as their nodes need; days without nodes
/// share one narrow band. Nodes keep their order in time over all lanes, and stand far enough apart for their labels.
/// </summary>
internal sealed class GraphLayout
{
    public const double HeadHeight = 34,
        LaneHeight = 76,
        NodeRadius = 11,
        EmptyWidth = 40,
        MinimumGap = 66;
    private const double VerbSize = 12.5,
        MetaSize = 11.5,
        Clear = 8;
    private static readonly TimeSpan CourtTime = TimeSpan.FromHours(8); // Asia/Shanghai has had no other offset since 1991

    private readonly NodeGraphModel model;
    private readonly GraphLabels labels;
    private readonly double stretch;
    private readonly Dictionary<string, int> laneOf;
    private readonly List<(DateTimeOffset At, double X)> scale = [];

    private GraphLayout(NodeGraphModel model, GraphLabels labels, double stretch)
    {
        (this.model, this.labels, this.stretch) = (model, labels, stretch);
        laneOf = model.Lanes.Select((l, i) => (l.Key, i)).ToDictionary(l => l.Key, l => l.i, StringComparer.Ordinal);
        Gutter = Math.Clamp(
            28 + model.Lanes.Select(l => Math.Max(TextWidth.Of(l.Title, 13.5), TextWidth.Of(l.Subtitle ?? "", MetaSize))).DefaultIfEmpty().Max(),
            128,
            190
        );
        Place();
    }

    public double Gutter { get; }
    public double Width { get; private set; }
    public double Height => HeadHeight + LaneHeight * model.Lanes.Count + 2;
    public double? NowX { get; private set; }

    /// <summary>Where the expected join of an open split stands.</summary>
    public double? JoinX { get; private set; }

    public List<PlacedNode> Nodes { get; } = [];
    public List<PlacedNode> Expected { get; } = [];
    public List<Band> Bands { get; } = [];
    public List<Riser> Risers { get; } = [];

    public static double LaneTop(int lane) => HeadHeight + lane * LaneHeight;

    public static double LaneLine(int lane) => LaneTop(lane) + 31;

    public static string Clock(DateTimeOffset at) => at.ToOffset(CourtTime).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(CourtTime).DateTime);

    /// <summary>Lays out; a picture that would be narrower than the sheet is spread over it.</summary>
    public static GraphLayout Of(NodeGraphModel model, GraphLabels labels, double sheet)
    {
        var layout = new GraphLayout(model, labels, 1);
        double low = 1,
            high = 2.4;
        for (var i = 0; layout.Width < sheet - 20 && i < 7; i++)
        {
            var middle = (low + high) / 2;
            var wider = new GraphLayout(model, labels, middle);
            if (wider.Width > sheet)
                high = middle;
            else
                (low, layout) = (middle, wider);
        }
        layout.FillUp(sheet);
        return layout;
    }

    /// <summary>Where a moment lies between the nodes around it.</summary>
    public double XOf(DateTimeOffset at)
    {
        var after = scale.FindIndex(s => s.At >= at);
        if (after < 0)
            return scale[^1].X;
        if (after == 0)
            return scale[0].X;
        var (a, b) = (scale[after - 1], scale[after]);
        var span = (b.At - a.At).TotalSeconds;
        return span <= 0 ? b.X : a.X + (b.X - a.X) * ((at - a.At).TotalSeconds / span);
    }

    public PlacedNode? Find(int? number) => number is null ? null : Nodes.Find(n => n.Node.Number == number);

    public int LaneOf(string key) => laneOf.GetValueOrDefault(key);

    private void Place()
    {
        var past = model.Nodes.Where(n => n.Kind != GraphKind.Expected).OrderBy(n => n.At).ThenBy(n => n.Kind == GraphKind.Join).ThenBy(n => n.Number).ToList();
        var first = past.Count > 0 ? Day(past[0].At) : Day(model.Now);
        var last = model.Finished && past.Count > 0 ? Day(past[^1].At) : Max(Day(model.Now), past.Count > 0 ? Day(past[^1].At) : first);
        var byDay = past.GroupBy(n => Day(n.At)).ToDictionary(g => g.Key, g => g.ToList());
        var x = Gutter;
        for (var day = first; day <= last; )
        {
            var today = !model.Finished && day == last;
            if (!byDay.TryGetValue(day, out var nodes) && !today)
            {
                var until = day;
                while (until.AddDays(1) < last && !byDay.ContainsKey(until.AddDays(1)))
                    until = until.AddDays(1);
                var text = day == until ? Number(day) : $"{Number(day)}–{Number(until)}";
                var to = x + Math.Max(EmptyWidth, TextWidth.Of(text, 12) + 10);
                scale.Add((Start(day), x));
                Bands.Add(new Band(x, to, text, true, false, false));
                (x, day) = (to, until.AddDays(1));
                continue;
            }
            var from = x;
            scale.Add((Start(day), from));
            foreach (var node in nodes ?? [])
                Add(node, from);
            var label = day.ToString("MM-dd ", CultureInfo.InvariantCulture) + labels.Weekdays[(int)day.DayOfWeek];
            var end = nodes is null ? from : Nodes[^1].X + 24 * stretch;
            if (today)
            {
                // Labels stay left of the line of now.
                var now = Math.Max(nodes is null ? from + 18 : end + 8, Nodes.Select(n => Math.Max(n.X + n.Right + 10, n.X + 34)).DefaultIfEmpty(0).Max());
                NowX = now;
                label = nodes is null ? labels.Today : $"{labels.Today} {day.ToString("MM-dd", CultureInfo.InvariantCulture)}";
                end = Math.Max(now + 15, from + TextWidth.Of(label, 12) + 14);
                scale.Add((model.Now, now));
            }
            else
            {
                end = Math.Max(end, from + TextWidth.Of(label, 12) + 14);
            }
            Bands.Add(new Band(from, end, label, false, today, false));
            (x, day) = (end, day.AddDays(1));
        }
        scale.Sort((a, b) => a.X.CompareTo(b.X));
        if (model.Finished)
            Width = Math.Max(x, Nodes.Count > 0 ? Nodes.Max(n => n.X + n.Right) + 14 : x);
        else
            PlaceExpected(x);
    }

    private void PlaceExpected(double from)
    {
        var expected = model.Nodes.Where(n => n.Kind == GraphKind.Expected).ToList();
        var x = from + 10;
        if (OpenSplit() is not null)
        {
            JoinX = from + 20;
            x = JoinX.Value;
        }
        foreach (var node in expected)
        {
            var half = Math.Max(TextWidth.Of(Cut(node.Verb), VerbSize), TextWidth.Of(node.Person, MetaSize)) / 2 + 2;
            var at = x + Math.Max(30, half + 18);
            Expected.Add(new PlacedNode(node, LaneOf(node.LaneKey), at, half, half, Cut(node.Verb), node.Person));
            x = at + Math.Max(14, half);
        }
        var to = Math.Max(x + 14, from + TextWidth.Of(labels.Expected, 12) + 18);
        Bands.Add(new Band(from, to, labels.Expected, false, false, true));
        Width = to;
    }

    /// <summary>The split that no join has closed.</summary>
    public PlacedNode? OpenSplit() =>
        model.Finished
            ? null
            : Nodes.FindLast(n => n.Node.Kind == GraphKind.Split && !Nodes.Exists(j => j.Node.Kind == GraphKind.Join && j.Node.FollowsNumber == n.Node.Number));

    private void FillUp(double sheet)
    {
        if (Width >= sheet || Bands.Count == 0)
            return;
        Bands[^1] = Bands[^1] with { To = sheet };
        Width = sheet;
    }

    private void Add(GraphNode node, double bandStart)
    {
        var lane = LaneOf(node.LaneKey);
        var verb = Cut(node.Verb);
        var clock = Clock(node.At);
        var person = TextWidth.Fit(node.Person, MetaSize, 86);
        var meta = person.Length == 0 ? clock : $"{person} {clock}";
        var text = Math.Max(TextWidth.Of(verb, VerbSize), TextWidth.Of(meta, MetaSize)) + 2;
        // The lines to the children run down from a split, so its label stands to the right of them.
        var (left, right) =
            node.Kind == GraphKind.Split ? (NodeRadius + 2, text + 9) : (Math.Max(NodeRadius + 2, text / 2), Math.Max(NodeRadius + 2, text / 2));

        var x = bandStart + Math.Max(22, left + 6);
        if (Nodes.Count > 0)
            x = Math.Max(x, Nodes[^1].X + 26 * stretch);
        if (Nodes.FindLast(n => n.Lane == lane) is { } before)
        {
            x = Math.Max(x, before.X + Math.Max(MinimumGap, before.Right + left + Clear) * stretch);
            // The words over the line between get room too, unless they are long.
            if (before.Node.State is "work" or "wait" or "paused" && Over(before.Node, node.At) is { Length: > 0 } words)
                x = Math.Max(x, before.X + Math.Min(160, TextWidth.Of(words, 12) + 26));
        }
        foreach (var riser in Risers.Where(r => lane >= r.From && lane < r.To))
            x = Math.Max(x, riser.X + left + 6);

        var source = Find(node.FollowsNumber) is { } followed && followed.Lane != lane && node.Kind != GraphKind.Join ? followed : null;
        var (from, to) = source is null ? (lane, lane) : (Math.Min(lane, source.Lane), Math.Max(lane, source.Lane));
        var ownRiser = source?.Node.Kind == GraphKind.Split || (source?.Node.Kind == GraphKind.Return && lane < source.Lane);
        if (source is not null && ownRiser)
            x = Math.Max(x, source.Node.Kind == GraphKind.Split ? source.X + 54 * stretch : source.X + left + 20);
        else if (source is not null && lane > source.Lane)
            x = Math.Max(x, Math.Max(source.X + 50, Passed(from, to) + 8)); // the line falls on the node, right of every label on its way
        else if (source is not null)
            x = Math.Max(x, Math.Max(source.X + 18, Passed(from, to) + 8) + left + 8); // the line rises before the node's own label

        // From a return a line rises to the asker, from a split lines run to every child: their way is kept free from now on.
        Riser? here = null;
        if (node.Kind == GraphKind.Return && lane > 0)
            here = new Riser(0, 0, lane);
        else if (node.Kind == GraphKind.Split)
        {
            var children = model
                .Nodes.Where(n => n.FollowsNumber == node.Number && n.Kind is not (GraphKind.Join or GraphKind.Expected))
                .Select(n => LaneOf(n.LaneKey))
                .Append(lane)
                .ToList();
            here = new Riser(0, children.Min(), children.Max());
        }
        if (here is not null)
            x = Math.Max(x, Passed(here.From, here.To) + 8);
        // the lines of all children rise left of a join, clear of their labels
        if (node.Kind == GraphKind.Join)
            x = Math.Max(x, Passed(lane + 1, int.MaxValue) + 26);

        if (here is not null)
            Risers.Add(here with { X = x });
        if (source is not null && !ownRiser)
            Risers.Add(new Riser(lane > source.Lane ? x : x - left - 8, from, to));
        Nodes.Add(new PlacedNode(node, lane, x, left, right, verb, meta));
        scale.Add((node.At, x));
    }

    /// <summary>What is written over the line after a node.</summary>
    public string? Over(GraphNode node, DateTimeOffset until) =>
        node.State == "paused" && (node.Kind == GraphKind.Return || string.IsNullOrEmpty(node.Note)) ? labels.Paused(until - node.At)
        : node.Kind == GraphKind.Return || (Find(node.FollowsNumber) is { Node.Kind: GraphKind.Split } split && split.Lane != LaneOf(node.LaneKey)) ? null
        : node.Note;

    /// <summary>How far labels reach in the lanes that a line would cross.</summary>
    private double Passed(int from, int to) => Nodes.Where(n => n.Lane >= from && n.Lane < to).Select(n => n.X + n.Right).DefaultIfEmpty(0).Max();

    private static string Cut(string verb) => TextWidth.Fit(verb, VerbSize, 104);

    private static string Number(DateOnly day) => day.Day.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), CourtTime);

    private static DateOnly Max(DateOnly a, DateOnly b) => a > b ? a : b;
}
