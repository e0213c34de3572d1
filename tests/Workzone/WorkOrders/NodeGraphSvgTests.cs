using System.Globalization;
using System.Xml.Linq;
using CourtOps.Workzone.WorkOrders.NodeGraph;

namespace CourtOps.Workzone.Tests.WorkOrders;

internal sealed class NodeGraphSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static XElement Draw(NodeGraphModel model, GraphLabels? labels = null) => XElement.Parse(NodeGraphSvg.Render(model, labels ?? GraphSamples.Labels));

    private static IEnumerable<XElement> Of(XElement svg, string element, string kind) =>
        svg.Descendants(Svg + element).Where(e => ((string?)e.Attribute("class") ?? "").Split(' ').Contains(kind));

    private static double Number(XElement e, string name) => double.Parse((string)e.Attribute(name)!, CultureInfo.InvariantCulture);

    private sealed record Box(string Text, double Left, double Right, double Y);

    private static Box BoxOf(XElement text, double size)
    {
        var width = TextWidth.Of(text.Value, size);
        var x = Number(text, "x");
        var left = (string?)text.Attribute("text-anchor") switch
        {
            "middle" => x - width / 2,
            "end" => x - width,
            _ => x,
        };
        return new Box(text.Value, left, left + width, Number(text, "y"));
    }

    private static IEnumerable<string> Overlaps(IEnumerable<Box> boxes) =>
        from row in boxes.GroupBy(b => b.Y)
        from pair in row.OrderBy(b => b.Left).Zip(row.OrderBy(b => b.Left).Skip(1))
        where pair.First.Right > pair.Second.Left + .5
        select $"{pair.First.Text} / {pair.Second.Text} at {row.Key}";

    [Test]
    public void Every_node_is_a_link_to_its_entry_in_the_thread()
    {
        var links = Draw(GraphSamples.Served()).Descendants(Svg + "a").ToList();

        Assert.That(links.Select(a => (string)a.Attribute("href")!), Is.EqualTo(Enumerable.Range(1, 16).Select(n => $"#node-{n}")));
        Assert.That(links[3].Element(Svg + "title")!.Value, Is.EqualTo("4 退回补正 钱演示 11-09 15:20\n第 1 次退回：缺第三人门牌号"));
    }

    [Test]
    public void Carries_no_style_and_no_script_of_its_own()
    {
        var svg = NodeGraphSvg.Render(GraphSamples.Served(), GraphSamples.Labels);

        Assert.That(svg, Does.Not.Contain("style"));
        Assert.That(svg, Does.Not.Contain("<script"));
        Assert.That((string)XElement.Parse(svg).Attribute("aria-label")!, Is.EqualTo("节点记录图"));
    }

    [Test]
    public void Words_of_people_stay_words()
    {
        var model = GraphSamples.Short(false);
        var hostile = model.Nodes[2] with { Person = "<b>&\"'", Verb = "接\u0001受", Note = "</svg><script>" };

        var svg = Draw(model with { Nodes = [.. model.Nodes.Take(2), hostile, .. model.Nodes.Skip(3)] });

        Assert.That(svg.Descendants().Select(e => e.Name.LocalName), Does.Not.Contain("script").And.Not.Contain("b"));
        Assert.That(Of(svg, "text", "tm").Select(t => t.Value), Has.Some.StartsWith("<b>&\"'"));
        Assert.That(Of(svg, "text", "vb").Select(t => t.Value), Has.Member("接受"));
    }

    [Test]
    public void Labels_never_overlap([Values(5, 20, 80)] int nodes, [Range(1, 40)] int seed)
    {
        var svg = Draw(GraphSamples.Random(seed, nodes));
        var labels = Of(svg, "text", "vb").Select(t => BoxOf(t, 12.5)).Concat(Of(svg, "text", "tm").Select(t => BoxOf(t, 11.5))).ToList();
        var notes = Of(svg, "text", "lb")
            .Select(t => BoxOf(t, 12) with { Y = Math.Floor((Number(t, "y") - GraphLayout.HeadHeight) / GraphLayout.LaneHeight) })
            .ToList();
        var days = Of(svg, "text", "dt").Select(t => BoxOf(t, 12)).ToList();

        Assert.That(labels, Has.Count.EqualTo(2 * nodes + 2));
        Assert.That(Overlaps(labels), Is.Empty);
        Assert.That(Overlaps(notes), Is.Empty);
        Assert.That(Overlaps(days), Is.Empty);
    }

    [Test]
    public void Nodes_keep_the_order_of_time_and_their_distance([Range(1, 30)] int seed)
    {
        var layout = GraphLayout.Of(GraphSamples.Random(seed, 60), GraphSamples.Labels, NodeGraphSvg.Sheet);

        Assert.That(layout.Nodes.Select(n => n.X), Is.Ordered.Ascending);
        Assert.That(layout.Nodes.Select(n => n.Node.At), Is.Ordered.Ascending);
        foreach (var lane in layout.Nodes.GroupBy(n => n.Lane))
            Assert.That(lane.Zip(lane.Skip(1), (a, b) => b.X - a.X), Is.All.GreaterThan(GraphLayout.MinimumGap - .01));
        Assert.That(layout.NowX, Is.GreaterThan(layout.Nodes.Max(n => n.X + n.Right)));
    }

    [Test]
    public void Lines_between_lanes_do_not_run_through_labels([Range(1, 40)] int seed)
    {
        var layout = GraphLayout.Of(GraphSamples.Random(seed, 40), GraphSamples.Labels, NodeGraphSvg.Sheet);

        var hit =
            from r in layout.Risers
            from n in layout.Nodes
            where n.Lane >= r.From && n.Lane < r.To && r.X > n.X - n.Left && r.X < n.X + n.Right && Math.Abs(r.X - n.X) > 12
            select $"{r} {n.Node.Number}";
        Assert.That(hit, Is.Empty);
    }

    [Test]
    public void Days_without_nodes_share_one_narrow_hatched_band()
    {
        var layout = GraphLayout.Of(GraphSamples.Served(), GraphSamples.Labels, NodeGraphSvg.Sheet);

        var empty = layout.Bands.Single(b => b.Empty);
        Assert.That(empty.Label, Is.EqualTo("13–15"));
        Assert.That(empty.To - empty.From, Is.LessThanOrEqualTo(50));
        Assert.That(
            layout.Bands.Select(b => b.Label),
            Is.EqualTo(new[] { "11-09 周一", "11-10 周二", "11-11 周三", "11-12 周四", "13–15", "11-16 周一", "11-17 周二", "今天", "预计" })
        );
    }

    [Test]
    public void Days_and_hours_are_those_of_the_court()
    {
        var model = GraphSamples.Short(true);
        var late = model with { Nodes = [model.Nodes[0] with { At = new DateTimeOffset(2026, 11, 16, 16, 30, 0, TimeSpan.Zero) }, .. model.Nodes.Skip(1)] };

        var svg = Draw(late);

        Assert.That(Of(svg, "text", "dt").First().Value, Is.EqualTo("11-17 周二"));
        Assert.That(Of(svg, "text", "tm").First().Value, Is.EqualTo("李测试 00:30"));
    }

    [Test]
    public void A_lane_is_red_only_from_its_own_due_flag_on()
    {
        var served = GraphSamples.Served();

        var svg = Draw(served);
        var flag = Of(svg, "path", "flag").Single();
        var red = Of(svg, "path", "over").ToList();

        Assert.That((string)flag.Attribute("d")!, Does.Contain($"V{GraphLayout.LaneLine(3) - 22:0}"));
        Assert.That(red, Has.Count.EqualTo(2)); // to the slip and from it to now
        Assert.That(red.Select(p => (string)p.Attribute("d")!), Is.All.Contains($" {GraphLayout.LaneLine(3):0}H"));
        Assert.That(Of(svg, "text", "lb").Select(t => t.Value), Has.Member("超期 2 天"));

        var ahead = served with
        {
            Now = GraphSamples.T("2026-11-18T09:42"),
            Lanes = [.. served.Lanes.Select(l => l with { Due = null })],
            Due = GraphSamples.T("2026-11-27T17:30"),
        };
        Assert.That(Of(Draw(ahead), "path", "over"), Is.Empty);
        Assert.That(Of(Draw(ahead), "path", "flag"), Is.Empty);
    }

    [Test]
    public void An_order_that_waits_past_its_limit_is_red_too()
    {
        var model = new NodeGraphModel(
            [new("asker", "民事审判庭"), new("centre", "智能送达中心")],
            [
                new(1, "asker", GraphSamples.T("2026-11-09T09:12"), GraphKind.Step, "发起", "李测试", "done"),
                new(2, "centre", GraphSamples.T("2026-11-09T09:12"), GraphKind.Step, "入队", "", "wait", null, 1),
            ],
            GraphSamples.T("2026-11-12T09:00"),
            GraphSamples.T("2026-11-11T17:30"),
            false
        );

        Assert.That(Of(Draw(model), "path", "over"), Has.Exactly(1).Items);
        Assert.That(Of(Draw(model), "circle", "tip").Select(c => (string)c.Attribute("class")!), Is.EqualTo(new[] { "tip over" }));
    }

    [Test]
    public void A_return_goes_up_to_the_asker_and_comes_back()
    {
        var svg = Draw(GraphSamples.Served());

        var hump = Of(svg, "path", "ret").Select(p => (string)p.Attribute("d")!).ToList();
        Assert.That(hump, Has.Count.EqualTo(2));
        Assert.That(hump[0], Does.Contain($"V{GraphLayout.LaneLine(0) + 16:0}"));
        Assert.That(hump[1], Does.EndWith($"V{GraphLayout.LaneLine(1) - 12:0}"));
        Assert.That(Of(svg, "text", "lb").Select(t => t.Value), Has.Member("第 1 次退回：缺第三人门牌号").And.Member("计时暂停 19.5 小时"));
    }

    [Test]
    public void All_children_reach_the_bar()
    {
        var model = GraphSamples.Served();
        var open = Draw(model);
        var bar = Of(open, "rect", "joinbar").Single();
        var x = (Number(bar, "x") + 2.5).ToString("0.#", CultureInfo.InvariantCulture);
        Assert.That(open.Descendants(Svg + "path").Count(p => ((string)p.Attribute("d")!).Contains($"Q{x} ", StringComparison.Ordinal)), Is.EqualTo(3));

        var joined = model with
        {
            Nodes =
            [
                .. model.Nodes.Take(13).Where(n => n.Number != 13).Append(model.Nodes[13] with { State = "done" }),
                new GraphNode(17, "centre", GraphSamples.T("2026-11-17T18:00"), GraphKind.Join, "汇总", "钱演示", "work", null, 7),
            ],
        };
        Assert.That(Of(Draw(joined), "rect", "joinbar"), Has.Exactly(1).Items);
        Assert.That(GraphLayout.Of(joined, GraphSamples.Labels, NodeGraphSvg.Sheet).OpenSplit(), Is.Null);
    }

    [Test]
    public void A_finished_order_has_no_now_and_nothing_to_come()
    {
        var done = Draw(GraphSamples.Short(true));
        var open = Draw(GraphSamples.Short(false));

        Assert.That(Of(open, "path", "nowl"), Has.Exactly(1).Items);
        Assert.That(Of(open, "circle", "nf"), Has.Exactly(1).Items);
        Assert.That(Of(done, "path", "nowl"), Is.Empty);
        Assert.That(Of(done, "circle", "nf"), Is.Empty);
        Assert.That(Of(done, "circle", "tip"), Is.Empty);
        Assert.That(Of(done, "text", "dt").Select(t => t.Value), Does.Not.Contain("今天").And.Not.Contain("预计"));
    }

    [Test]
    public void An_order_without_nodes_still_draws()
    {
        var svg = Draw(new NodeGraphModel([new("asker", "民事审判庭")], [], GraphSamples.T("2026-11-18T09:42"), null, false));

        Assert.That(svg.Descendants(Svg + "a"), Is.Empty);
        Assert.That(Of(svg, "path", "nowl"), Has.Exactly(1).Items);
    }

    [Test]
    public void Long_words_are_cut_between_characters()
    {
        Assert.That(TextWidth.Fit("邮件退回待核实新址", 10, 50), Is.EqualTo("邮件退回…"));
        Assert.That(TextWidth.Fit("𠀀𠀁𠀂𠀃", 10, 30), Is.EqualTo("𠀀𠀁…"));
        Assert.That(TextWidth.Fit("短", 10, 30), Is.EqualTo("短"));
    }
}
