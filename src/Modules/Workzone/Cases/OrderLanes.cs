using System.Globalization;
using System.Text;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.WorkOrders;
using CourtOps.Workzone.WorkOrders.NodeGraph;

namespace CourtOps.Workzone.Cases;

/// <summary>A piece of work from its asking to its end; without an end it runs.</summary>
internal sealed record LaneItem(long Id, string Label, DateTimeOffset From, DateTimeOffset? To, DateTimeOffset? Due);

/// <summary>The orders of a case side by side: those that run at the same time have lanes of their own. Pure.</summary>
internal static class OrderLanes
{
    /// <summary>Most lanes drawn; what does not fit is counted below.</summary>
    public const int Most = 6;

    private const double Width = 1150,
        Left = 52,
        Right = 1083,
        Row = 22,
        Size = 12;

    /// <summary>The lane of each item, from 0: the first that is free when it begins.</summary>
    /// <param name="items">In order of their beginning.</param>
    /// <param name="now">The end of what runs.</param>
    public static IReadOnlyList<int> Pack(IReadOnlyList<LaneItem> items, DateTimeOffset now)
    {
        var free = new List<DateTimeOffset>();
        var lanes = new List<int>(items.Count);
        foreach (var item in items)
        {
            var lane = free.FindIndex(f => f <= item.From);
            if (lane < 0)
            {
                free.Add(default);
                lane = free.Count - 1;
            }
            free[lane] = item.To ?? DateTimeOffset.MaxValue;
            lanes.Add(lane);
        }
        return lanes;
    }

    /// <summary>The picture of the orders that are open or ended within the last ninety days; empty where there are fewer than two.</summary>
    public static string Render(IReadOnlyList<ShowCase.OrderRow> orders, DateTimeOffset now, Texts t)
    {
        var items = orders
            .Where(o => OrderState.IsOpen(o.State) || o.ClosedAt > now.AddDays(-90))
            .Where(o => o.State != OrderState.Cancelled)
            .OrderBy(o => o.AskedAt)
            .ThenBy(o => o.Id)
            .Select(o => new LaneItem(o.Id, t[o.Title], o.AskedAt, o.ClosedAt, o.DueAt))
            .ToList();
        if (items.Count < 2)
            return "";
        var lanes = Pack(items, now);
        var shown = Math.Min(Most, lanes.Max() + 1);
        var first = items[0].From;
        var last = items.Max(i => i.To ?? now);
        if (last < now)
            last = now;
        var span = Math.Max(1, (last - first).TotalMinutes);
        double X(DateTimeOffset at) => Left + ((Right - Left) * Math.Clamp((at - first).TotalMinutes / span, 0, 1));
        var svg = new StringBuilder(2_000);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"strip\" viewBox=\"0 0 {Width} {N((shown * Row) + 10)}\" role=\"group\" "
                + $"aria-label=\"{SvgText.Escape(t["并行的工单"])}\">"
        );
        for (var i = 0; i < items.Count; i++)
        {
            if (lanes[i] >= Most)
                continue;
            var item = items[i];
            var (from, to, y) = (X(item.From), Math.Max(X(item.To ?? now), X(item.From) + 3), 14 + (lanes[i] * Row));
            var end = item.To ?? now;
            var late = item.Due is { } due && end > due ? X(due) : to;
            svg.Append(CultureInfo.InvariantCulture, $"<a href=\"/orders/{item.Id}\"><title>");
            svg.Append(SvgText.Escape($"{item.Label} {Day(item.From)} – {(item.To is { } ended ? Day(ended) : t["在办"])}")).Append("</title>");
            if (late > from)
                svg.Append(CultureInfo.InvariantCulture, $"<path class=\"{(item.To is null ? "used" : "base")}\" d=\"M{N(from)} {N(y)}H{N(late)}\"/>");
            if (to > late)
                svg.Append(CultureInfo.InvariantCulture, $"<path class=\"late\" d=\"M{N(Math.Max(from, late))} {N(y)}H{N(to)}\"/>");
            var label = TextWidth.Fit(item.Label, Size, 220);
            var width = TextWidth.Of(label, Size);
            var x = to + 6 + width < Width - 6 ? to + 6 : Math.Max(6, from - 6 - width);
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tx\" x=\"{N(x)}\" y=\"{N(y + 4)}\">{SvgText.Escape(label)}</text></a>");
        }
        return svg.Append("</svg>").ToString();
    }

    private static string Day(DateTimeOffset at) => Times.Iso(Times.Day(at));

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
