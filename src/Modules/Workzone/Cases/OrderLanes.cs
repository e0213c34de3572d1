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
        var first = items[0].From;
        var last = items.Max(i => i.To ?? now);
        if (last < now)
            last = now;
        var span = Math.Max(1, (last - first).TotalMinutes);
        double X(DateTimeOffset at) => Left + ((Right - Left) * Math.Clamp((at - first).TotalMinutes / span, 0, 1));
        var lanes = Lanes([.. items.Select(i => Reach(i, X(i.From), X(i.To ?? now)))]);
        var shown = Math.Min(Most, lanes.Max() + 1);
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
            var x = Behind(label, to) ? to + 6 : Math.Max(6, from - 6 - TextWidth.Of(label, Size));
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tx\" x=\"{N(x)}\" y=\"{N(y + 4)}\">{SvgText.Escape(label)}</text></a>");
        }
        return svg.Append("</svg>").ToString();
    }

    private static bool Behind(string label, double to) => to + 6 + TextWidth.Of(label, Size) < Width - 6;

    // what a bar takes up with its label, from the left to the right
    private static (double From, double To) Reach(LaneItem item, double from, double to)
    {
        var label = TextWidth.Fit(item.Label, Size, 220);
        var width = TextWidth.Of(label, Size) + 12;
        to = Math.Max(to, from + 3);
        return Behind(label, to) ? (from, to + width) : (Math.Max(0, from - width), to);
    }

    /// <summary>The lane of each reach, from 0: the first in which nothing else lies there.</summary>
    internal static IReadOnlyList<int> Lanes(IReadOnlyList<(double From, double To)> reaches)
    {
        var free = new List<double>();
        var lanes = new int[reaches.Count];
        foreach (var i in Enumerable.Range(0, reaches.Count).OrderBy(i => reaches[i].From).ThenBy(i => i))
        {
            var lane = free.FindIndex(f => f <= reaches[i].From);
            if (lane < 0)
            {
                free.Add(0);
                lane = free.Count - 1;
            }
            free[lane] = reaches[i].To;
            lanes[i] = lane;
        }
        return lanes;
    }

    private static string Day(DateTimeOffset at) => Times.Iso(Times.Day(at));

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
