using CourtOps.Kernel.Web;
using CourtOps.Web;

namespace CourtOps.Workzone.Cases;

/// <summary>The bar of a case's time, from what is known of it.</summary>
internal static class CaseTimeline
{
    private static readonly HashSet<string> Drawn = ["converted", "hearing-held", "hearing-scheduled", "document-issued", "closed", "extended", "archived"];

    public static string Render(ShowCase.Result show, DateOnly today, Texts t)
    {
        var c = show.Case;
        var events = new List<TimelineEvent> { new(c.FiledOn, t["立案"]) };
        if (c.AllottedOn is { } allotted && allotted != c.FiledOn)
            events.Add(new(allotted, t["分案"]));
        if (show.Trial?.LastDayToApply is { } apply)
            events.Add(new(apply, t["延长最迟申请"]));
        var served = show.Orders.Where(o => o.State == "closed" && o.ClosedAt is not null).OrderBy(o => o.ClosedAt).FirstOrDefault();
        if (served is not null)
            events.Add(new(Times.Day(served.ClosedAt!.Value), t["送达完成"]));
        events.AddRange(show.Lived.Where(l => Drawn.Contains(l.Event)).TakeLast(6).Select(l => new TimelineEvent(l.OnDay, t["caseevent." + l.Event])));
        var spans = show
            .Facts.Where(f => f.Kind == "deduction" && f.UndoneAt is null)
            .Select(f => new TimelineSpan(f.FromOn, Later(f.FromOn, (f.ToOn ?? today).AddDays(-1)), f.Code));
        return CaseTimelineSvg.Render(
            new CaseTimelineModel(c.FiledOn, show.Trial?.End, today, c.ClosedOn, [.. events.OrderBy(e => e.On)], [.. spans]),
            new TimelineLabels
            {
                Title = t["案件时间线"],
                Today = t["今天"],
                LimitEnd = t["届满"],
                Month = m => Ui.Month(t, m),
            }
        );
    }

    // the picture counts both ends; of a deduction the last day counts again
    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
}
