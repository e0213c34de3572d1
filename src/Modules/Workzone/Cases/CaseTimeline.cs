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
        if (Served(show.Lived) is { } served)
            events.Add(new(served, t["送达"]));
        events.AddRange(show.Lived.Where(l => Drawn.Contains(l.Event)).TakeLast(6).Select(l => new TimelineEvent(l.OnDay, t["caseevent." + l.Event])));
        var spans = show.Deducted.Select(d => new TimelineSpan(d.From, Later(d.From, d.To.AddDays(-1)), Label(d, t)));
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

    /// <summary>The first service that took effect and was not found void; null where there is none.</summary>
    internal static DateOnly? Served(IReadOnlyList<ShowCase.LivedRow> lived) =>
        lived
            .Where(l => l.Event == "document-served")
            .Where(l =>
                !lived.Any(v => v.Event == "service-voided" && v.DocumentId == l.DocumentId && v.Recipient == l.Recipient && v.RecordedAt >= l.RecordedAt)
            )
            .Select(l => (DateOnly?)l.OnDay)
            .Min();

    private static string Label(DeductedSpan span, Texts t) =>
        t["{0} {1} 天", string.Join(t["、"], span.Codes.Select(c => t[DeductionReasons.Labels.GetValueOrDefault(c, c)])), span.Days];

    // the picture counts both ends; of a deduction the last day counts again
    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
}
