using System.Globalization;
using System.Xml.Linq;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders.NodeGraph;

namespace CourtOps.Workzone.Tests.Cases;

internal sealed class CaseTimelineSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly TimelineLabels Labels = new() { Title = "案件时间轴" };

    internal static CaseTimelineModel Sample() =>
        new(
            new(2026, 5, 11),
            new(2026, 12, 11),
            new(2026, 11, 18),
            null,
            [
                new(new(2026, 5, 11), "立案"),
                new(new(2026, 6, 5), "送达完成"),
                new(new(2026, 7, 22), "证据交换"),
                new(new(2026, 9, 16), "第一次开庭"),
                new(new(2026, 9, 30), "委托鉴定"),
                new(new(2026, 11, 26), "延长最迟申请"),
                new(new(2026, 12, 1), "第二次开庭"),
            ],
            [new(new(2026, 9, 30), new(2026, 10, 30), "扣除 30 天")]
        );

    private static XElement Draw(CaseTimelineModel model) => XElement.Parse(CaseTimelineSvg.Render(model, Labels));

    private static string[] Paths(XElement svg, string kind) =>
        [.. svg.Descendants(Svg + "path").Where(p => (string?)p.Attribute("class") == kind).Select(p => (string)p.Attribute("d")!)];

    private static string[] Words(XElement svg) => [.. svg.Descendants(Svg + "text").Select(t => t.Value)];

    [Test]
    public void Shows_events_deductions_today_and_the_end()
    {
        var svg = Draw(Sample());

        Assert.That(
            Words(svg),
            Is.SupersetOf(
                new[]
                {
                    "立案 05-11",
                    "送达完成 06-05",
                    "证据交换 07-22",
                    "第一次开庭 09-16",
                    "委托鉴定 09-30",
                    "延长最迟申请 11-26",
                    "第二次开庭 12-01",
                    "届满 12-11",
                    "今天",
                    "扣除 30 天",
                    "6月",
                    "12月",
                }
            )
        );
        Assert.That(svg.Descendants(Svg + "circle").Count(), Is.EqualTo(8));
        Assert.That(svg.Descendants(Svg + "circle").Count(c => (string)c.Attribute("class")! == "dot fu"), Is.EqualTo(3));
        Assert.That(Paths(svg, "late"), Is.Empty);
    }

    [Test]
    public void Days_stand_to_scale()
    {
        var svg = Draw(Sample());

        // 214 days from 52 to 1083; 11-18 is day 191.
        Assert.That(Paths(svg, "used").Single(), Is.EqualTo("M52 50H972.2"));
        Assert.That(Paths(svg, "nowl").Single(), Is.EqualTo("M972.2 12V58"));
    }

    [Test]
    public void A_limit_that_has_passed_turns_red_from_its_end()
    {
        var svg = Draw(Sample() with { Today = new(2026, 12, 20) });

        Assert.That(Paths(svg, "late"), Has.Length.EqualTo(1));
        Assert.That(svg.Descendants(Svg + "text").Single(t => t.Value == "届满 12-11").Attribute("class")!.Value, Is.EqualTo("lim late"));
    }

    [Test]
    public void A_closed_case_has_no_today()
    {
        var svg = Draw(Sample() with { ClosedOn = new(2026, 11, 2) });

        Assert.That(Paths(svg, "nowl"), Is.Empty);
        Assert.That(Words(svg), Has.No.Member("今天"));
    }

    [Test]
    public void Words_never_overlap_and_stay_inside([Range(1, 30)] int seed)
    {
#pragma warning disable CA5394 // not for secrets
        var random = new Random(seed);
        var filed = new DateOnly(2024, 1, 1).AddDays(random.Next(900));
        var events = Enumerable
            .Range(0, random.Next(1, 30))
            .Select(i => new TimelineEvent(filed.AddDays(random.Next(400)), new string('事', random.Next(1, 9))))
            .ToList();
        var model = new CaseTimelineModel(
            filed,
            random.Next(4) == 0 ? null : filed.AddDays(random.Next(60, 500)),
            filed.AddDays(random.Next(500)),
            null,
            events,
            [new(filed.AddDays(random.Next(30)), filed.AddDays(random.Next(40, 90)), "扣除 30 天")]
        );
#pragma warning restore CA5394

        var svg = Draw(model);

        var boxes = svg.Descendants(Svg + "text")
            .Select(t =>
            {
                var size = (string?)t.Attribute("class") == "mo" ? 11 : 12;
                var (x, width) = (double.Parse((string)t.Attribute("x")!, CultureInfo.InvariantCulture), TextWidth.Of(t.Value, size));
                return (
                    Y: (string)t.Attribute("y")!,
                    From: (string?)t.Attribute("text-anchor") == "end" ? x - width : x,
                    To: (string?)t.Attribute("text-anchor") == "end" ? x : x + width,
                    t.Value
                );
            })
            .ToList();
        Assert.That(boxes.Where(b => b.From < 0 || b.To > 1150), Is.Empty);
        foreach (var row in boxes.GroupBy(b => b.Y))
        {
            var sorted = row.OrderBy(b => b.From).ToList();
            Assert.That(sorted.Zip(sorted.Skip(1)).Where(p => p.First.To > p.Second.From), Is.Empty);
        }
        Assert.That(svg.Descendants(Svg + "circle").Count(), Is.EqualTo(events.Count + (model.LimitEnd is null ? 0 : 1)));
    }

    [Test]
    public void A_case_filed_today_draws()
    {
        var day = new DateOnly(2026, 11, 18);

        var svg = Draw(new CaseTimelineModel(day, null, day, null, [new(day, "立案<&>")], []));

        Assert.That(Words(svg), Has.Member("立案<&> 11-18"));
    }
}
