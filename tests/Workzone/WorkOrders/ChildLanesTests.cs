using System.Globalization;
using System.Xml.Linq;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders.NodeGraph;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>An order that was split: a lane for each child between fork and join.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ChildLanesTests(Engine engine) : AppTests(engine)
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private int opened;
    private long caseId;

    protected override void Prepare(TestAppOptions options) => OrderCrew.Declare(options);

    [Test]
    public async Task Children_run_side_by_side_from_the_fork_to_the_join()
    {
        var (parent, children) = await Split(2);
        var open = await Draw(parent);
        Assert.That(
            Links(open),
            Is.EqualTo(new[] { "#node-1", "#node-2", "#node-3", $"/orders/{children[0].Id}#node-1", $"/orders/{children[1].Id}#node-1" }),
            "the second opening is told by its lane"
        );
        Assert.That((Rects(open, "nd"), Rects(open, "joinbar"), Lanes(open)), Is.EqualTo((1, 1, 4)), "the join is expected");
        Assert.That(open.Attribute("aria-label")!.Value, Does.Contain("2 张子单，其中 2 张在办"));
        await Step(children[0], "clerk2", OrderStep.Accept);
        await Step(children[0], "clerk2", OrderStep.Feedback);
        await Step(children[0], "judge", OrderStep.Close);
        var half = await Draw(parent);
        Assert.That(
            (Links(half).Count(l => l.StartsWith($"/orders/{children[0].Id}#", StringComparison.Ordinal)), Links(half).Contains("#node-5")),
            Is.EqualTo((4, false)),
            "no join before the last has ended"
        );
        await Step(children[1], "judge", OrderStep.Cancel, "不用了");
        var joined = await Model(parent);
        var join = joined.Nodes.Single(n => n.Kind == GraphKind.Join);
        var split = joined.Nodes.Single(n => n.Kind == GraphKind.Split);
        Assert.That((split.Number, split.Verb, join.Number, join.FollowsNumber), Is.EqualTo((3, "分单 2", 6, (int?)3)));
        var layout = GraphLayout.Of(joined, new GraphLabels { Title = "x" }, NodeGraphSvg.Sheet);
        Assert.That(
            layout.Find(6)!.X,
            Is.GreaterThan(layout.Nodes.Where(n => n.Lane > 1).Max(n => n.X + n.Right) + 20),
            "the lines rise to the join clear of every child's label"
        );
        Assert.That(Rects(await Draw(parent), "joinbar"), Is.EqualTo(1));
        await Step(parent, "clerk", OrderStep.Feedback);
        await Step(parent, "judge", OrderStep.Close);
        Assert.That((await Model(parent)).Nodes.Count(n => n.Kind == GraphKind.Expected), Is.Zero);
    }

    [Test]
    public async Task A_second_fork_has_a_join_of_its_own()
    {
        var (parent, first) = await Split(1);
        await Step(first[0], "judge", OrderStep.Cancel, "不用了");
        var later = await Open(parent);
        await Step(later, "judge", OrderStep.Cancel, "不用了");
        var model = await Model(parent);
        Assert.That(
            model.Nodes.Where(n => n.Kind == GraphKind.Join).Select(n => (n.Number, n.FollowsNumber)),
            Is.EqualTo(new[] { (4, (int?)3), (6, (int?)5) })
        );
        Assert.That(model.Nodes.Single(n => n.LaneKey == $"child-{later.Id}" && n.FollowsNumber is not null).FollowsNumber, Is.EqualTo(5));
    }

    [Test]
    public async Task Every_node_is_reached_and_read_with_its_lane()
    {
        var (parent, children) = await Split(1);
        await Step(children[0], "clerk2", OrderStep.Accept);
        var svg = await Draw(parent);
        var last = svg.Descendants(Svg + "a").Last();
        Assert.That(last.Element(Svg + "title")!.Value, Does.StartWith("子项 1 2 接受 孙范例"));
        Assert.That(svg.Descendants(Svg + "a").Select(a => a.Attribute("data-node")), Has.None.Null, "arrow keys go through all");
    }

    [Test]
    public async Task Eighty_nodes_in_eight_lanes_overlap_nowhere()
    {
        var (parent, children) = await Split(8);
        foreach (
            var step in new[]
            {
                OrderStep.Accept,
                OrderStep.Pause,
                OrderStep.Resume,
                OrderStep.Escalate,
                OrderStep.Feedback,
                OrderStep.SendBack,
                OrderStep.Feedback,
                OrderStep.Close,
            }
        )
        foreach (var child in children)
        {
            App.Advance(TimeSpan.FromMinutes(23));
            await Step(child, step is OrderStep.SendBack or OrderStep.Close ? "judge" : "clerk2", step, "因为");
        }
        await Step(parent, "clerk", OrderStep.Feedback);
        var svg = await Draw(parent);
        Assert.That((Links(svg).Count, Lanes(svg), Rects(svg, "joinbar")), Is.EqualTo((77, 10, 1)));
        var labels = svg.Descendants(Svg + "text")
            .Where(t => ((string)t.Attribute("class")!).StartsWith("vb", StringComparison.Ordinal) && (string?)t.Attribute("text-anchor") == "middle")
            .Select(t =>
                (Y: (string)t.Attribute("y")!, X: double.Parse((string)t.Attribute("x")!, CultureInfo.InvariantCulture), Half: TextWidth.Of(t.Value, 12.5) / 2)
            )
            .ToList();
        Assert.That(labels, Has.Count.GreaterThan(70));
        Assert.That(
            labels
                .GroupBy(l => l.Y)
                .SelectMany(row => row.OrderBy(l => l.X).Zip(row.OrderBy(l => l.X).Skip(1)))
                .Where(p => p.First.X + p.First.Half > p.Second.X - p.Second.Half + .5),
            Is.Empty
        );
    }

    [Test]
    public async Task Of_many_children_the_open_ones_have_lanes_and_the_page_says_how_many_have_none()
    {
        var (parent, children) = await Split(11);
        foreach (var child in children.Take(5))
            await Step(child, "judge", OrderStep.Cancel, "不用了");
        var drawn = (await Model(parent)).Lanes.Skip(2).Select(l => l.Key).ToList();
        Assert.That(drawn, Has.Count.EqualTo(OrderGraph.MostChildren));
        Assert.That(drawn, Is.SupersetOf(children.Skip(5).Select(c => $"child-{c.Id}")));
        Assert.That(
            await (await App.SignedIn("judge")).GetStringAsync(new Uri($"/orders/{parent.Id}", UriKind.Relative)),
            Does.Contain("另有 3 张子单没有画出")
        );
    }

    [Test]
    public async Task Who_may_not_see_a_child_sees_only_that_it_began_and_ended()
    {
        var (parent, children) = await Split(1, "trial.schedule");
        await Step(children[0], "scheduler", OrderStep.Accept);
        var mine = (await Model(parent, "lead")).Nodes.Where(n => n.LaneKey == $"child-{children[0].Id}").ToList();
        Assert.That((mine.Count, mine[0].Person, mine[0].Href), Is.EqualTo((1, "", "#node-3")));
        Assert.That((await Model(parent)).Nodes.Count(n => n.LaneKey == $"child-{children[0].Id}"), Is.EqualTo(2));
    }

    private async Task<(OrderCard Parent, IReadOnlyList<OrderCard> Children)> Split(int count, string type = OrderCrew.Plain)
    {
        caseId = await App.Case(1, SampleParty.Provided);
        var parent = await Open(null);
        await Step(parent, "clerk", OrderStep.Accept);
        var children = new List<OrderCard>();
        for (var i = 0; i < count; i++)
            children.Add(await Open(parent, type));
        return (parent, children);
    }

    private async Task<OrderCard> Open(OrderCard? parent, string type = OrderCrew.Plain)
    {
        App.Advance(TimeSpan.FromMinutes(1));
        return await App.As("judge")
            .In(async s =>
            {
                var db = s.GetRequiredService<Kernel.Data.Db>();
                await db.BeginAsync();
                var order = await s.GetRequiredService<IWorkOrders>()
                    .OpenAsync(
                        new NewOrder
                        {
                            Type = type,
                            CaseId = caseId,
                            Title = $"子项 {opened}",
                            Subject = "x",
                            CauseSubject = $"{++opened}",
                            ParentId = parent?.Id,
                        }
                    );
                await db.CommitAsync();
                return order;
            });
    }

    private async Task Step(OrderCard order, string person, string step, string words = "")
    {
        App.Advance(TimeSpan.FromMinutes(1));
        await App.As(person)
            .Send(
                new TakeStep
                {
                    Id = order.Id,
                    Step = step,
                    Words = words,
                    WakeAt = step == OrderStep.Pause ? App.Clock.GetUtcNow().AddDays(1) : null,
                }
            );
    }

    private async Task<NodeGraphModel> Model(OrderCard order, string person = "judge")
    {
        var show = await App.As(person).Send(new ShowOrder { Id = order.Id });
        return await App.In(s => Task.FromResult(OrderGraph.Model(show, s.GetRequiredService<Texts>(), App.Clock.GetUtcNow())));
    }

    private async Task<XElement> Draw(OrderCard order)
    {
        var show = await App.As("judge").Send(new ShowOrder { Id = order.Id });
        return XElement.Parse(await App.In(s => Task.FromResult(OrderGraph.Render(show, s.GetRequiredService<Texts>(), App.Clock.GetUtcNow()))));
    }

    private static List<string> Links(XElement svg) => [.. svg.Descendants(Svg + "a").Select(a => (string)a.Attribute("href")!)];

    private static int Rects(XElement svg, string kind) => svg.Descendants(Svg + "rect").Count(r => (string?)r.Attribute("class") == kind);

    private static int Lanes(XElement svg) =>
        svg.Elements(Svg + "rect").Count(r => ((string?)r.Attribute("class"))?.StartsWith("lane", StringComparison.Ordinal) == true);
}
