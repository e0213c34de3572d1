using CourtOps.Web;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Cases;

/// <summary>The bar of a case's time, from what is known of it.</summary>
internal static class CaseTimeline
{
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
        return CaseTimelineSvg.Render(new CaseTimelineModel(c.FiledOn, show.Trial?.End, today, null, [.. events.OrderBy(e => e.On)], []),
            new TimelineLabels { Title = t["案件时间线"], Today = t["今天"], LimitEnd = t["届满"], Month = m => Ui.Month(t, m) });
    }
}
