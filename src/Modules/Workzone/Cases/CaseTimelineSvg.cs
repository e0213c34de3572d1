using System.Globalization;
using System.Text;
using CourtOps.Workzone.WorkOrders.NodeGraph;

namespace CourtOps.Workzone.Cases;

/// <summary>Something that happened to a case, or will. The date is written behind the label.</summary>
internal sealed record TimelineEvent(DateOnly On, string Label);

/// <summary>Days that do not count; both ends included.</summary>
internal sealed record TimelineSpan(DateOnly From, DateOnly To, string Label);

/// <param name="LimitEnd">The day on which the limit ends; none when the case has no limit.</param>
/// <param name="ClosedOn">When the case is closed the bar ends here and there is no line of today.</param>
internal sealed record CaseTimelineModel(
    DateOnly Filed,
    DateOnly? LimitEnd,
    DateOnly Today,
    DateOnly? ClosedOn,
    IReadOnlyList<TimelineEvent> Events,
    IReadOnlyList<TimelineSpan> Deducted
);

/// <summary>The words of the picture, translated by the caller.</summary>
internal sealed record TimelineLabels
{
    public required string Title { get; init; }

    public string Today { get; init; } = "今天";

    public string LimitEnd { get; init; } = "届满";

    /// <summary>The name of a month, 1 to 12.</summary>
    public Func<int, string> Month { get; init; } = m => $"{m}月";
}

/// <summary>
/// Draws the time of a case to scale: the days used, the days deducted, what happened above and below the bar, today, and
/// the end of the limit. Looks are classes of site.css (.strip).
/// </summary>
internal static class CaseTimelineSvg
{
    private const double Width = 1150,
        Height = 92,
        Left = 52,
        Right = 1083,
        BarY = 50,
        Size = 12,
        AboveY = 30,
        BelowY = 80;

    public static string Render(CaseTimelineModel model, TimelineLabels labels) => new Drawing(model, labels).ToString();

    private sealed class Drawing
    {
        private readonly StringBuilder svg = new(4_000);
        private readonly DateOnly first,
            last;
        private readonly List<(bool Above, double From, double To)> taken = [];

        public Drawing(CaseTimelineModel model, TimelineLabels labels)
        {
            var days = model
                .Events.Select(e => e.On)
                .Append(model.Filed)
                .Append(model.ClosedOn ?? model.Today)
                .Concat(model.Deducted.Select(d => d.To))
                .ToList();
            if (model.LimitEnd is { } limit)
                days.Add(limit);
            (first, last) = (days.Min(), days.Max());
            if (last == first)
                last = first.AddDays(1);
            var reached = model.ClosedOn ?? model.Today;

            svg.Append(
                CultureInfo.InvariantCulture,
                $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"strip\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" "
                    + $"aria-label=\"{SvgText.Escape(labels.Title)}\">"
            );
            svg.Append(
                "<defs><pattern id=\"ded\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path "
                    + "class=\"hatch\" d=\"M0 0V5\"/></pattern></defs>"
            );
            Months(labels);

            Line("base", $"M{N(X(model.Filed))} {BarY}H{N(X(last))}");
            var counted = model.LimitEnd is { } end && reached > end ? end : reached;
            if (counted > model.Filed)
                Line("used", $"M{N(X(model.Filed))} {BarY}H{N(X(counted))}");
            if (reached > counted)
                Line("late", $"M{N(X(counted))} {BarY}H{N(X(reached))}");
            foreach (var span in model.Deducted)
                Deducted(span);

            // The end of the limit and today have their places; the events share what is left.
            if (model.LimitEnd is { } to)
                Event(to, labels.LimitEnd, reached < to, reached > to ? "lim late" : "lim", above: false);
            if (model.ClosedOn is null)
                Today(X(model.Today), labels.Today);
            foreach (var happened in model.Events.OrderBy(e => e.On))
                Event(happened.On, happened.Label, happened.On > reached, "", above: null);
            svg.Append("</svg>");
        }

        public override string ToString() => svg.ToString();

        private double X(DateOnly day) => Left + (Right - Left) * (day.DayNumber - first.DayNumber) / (last.DayNumber - first.DayNumber);

        private void Months(TimelineLabels labels)
        {
            // Over the years of a long case only some months fit.
            var months = (last.Year - first.Year) * 12 + last.Month - first.Month;
            var step = new[] { 1, 2, 3, 6, 12 }.First(s => s == 12 || months / s <= 18);
            var free = double.MinValue;
            for (var month = new DateOnly(first.Year, first.Month, 1).AddMonths(1); month <= last; month = month.AddMonths(1))
            {
                if ((month.Month - 1) % step != 0)
                    continue;
                var x = X(month);
                Line("month", $"M{N(x)} 44V56");
                var label = month.Month == 1 ? month.Year.ToString(CultureInfo.InvariantCulture) : labels.Month(month.Month);
                if (x + 4 < free)
                    continue;
                Text("mo", x + 4, 67, label, null);
                free = x + 8 + TextWidth.Of(label, 11);
            }
        }

        private void Deducted(TimelineSpan span)
        {
            var (from, to) = (X(span.From), Math.Max(X(span.To), X(span.From) + 2));
            svg.Append("<g><title>").Append(SvgText.Escape($"{span.Label} {Day(span.From)} – {Day(span.To)}")).Append("</title>");
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"ded0\" x=\"{N(from)}\" y=\"46\" width=\"{N(to - from)}\" height=\"8\"/><rect x=\"{N(from)}\" y=\"46\" "
                    + $"width=\"{N(to - from)}\" height=\"8\" fill=\"url(#ded)\"/></g>"
            );
            var width = TextWidth.Of(span.Label, Size);
            var start = Math.Clamp((from + to - width) / 2, 6, Width - 6 - width);
            if (!Free(false, start, start + width))
                return;
            taken.Add((false, start - 6, start + width + 6));
            Text("", start, BelowY, span.Label, null);
        }

        private void Today(double x, string label)
        {
            Line("nowl", $"M{N(x)} 12V58");
            var width = TextWidth.Of(label, Size);
            var end = x - 5 - width > 4;
            // Its word stands a row higher; only the line itself is in the way of others.
            taken.Add((true, x - 4, x + 4));
            Text("nowt", end ? x - 5 : x + 5, 20, label, end ? "end" : null);
        }

        private void Event(DateOnly on, string label, bool future, string kind, bool? above)
        {
            var x = X(on);
            var text = $"{label} {Day(on)}";
            var width = TextWidth.Of(text, kind.Length > 0 ? Size + .5 : Size);
            var tail = future ? " fu" : "";
            // Above in the middle first, then to either side, then below: the first place that is free.
            var places = new (bool Up, double Start)[]
            {
                (true, x - width / 2),
                (true, x - 4),
                (true, x - width + 4),
                (false, x - width / 2),
                (false, x - 4),
                (false, x - width + 4),
            };
            (bool Up, double Start)? place = null;
            foreach (var p in places.Where(p => above is null || p.Up == above))
                if (p.Start >= 4 && p.Start + width <= Width - 4 && Free(p.Up, p.Start, p.Start + width))
                {
                    place = p;
                    break;
                }
            svg.Append("<g><title>").Append(SvgText.Escape(text)).Append("</title>");
            if (place is { } found)
            {
                taken.Add((found.Up, found.Start - 6, found.Start + width + 6));
                Line("stem" + tail, found.Up ? $"M{N(x)} 35V46" : $"M{N(x)} 54V68");
                Text((kind + tail).Trim(), found.Start, found.Up ? AboveY : BelowY, text, null);
            }
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot{tail}\" cx=\"{N(x)}\" cy=\"{BarY}\" r=\"4.5\"/></g>");
        }

        private bool Free(bool above, double from, double to) => !taken.Exists(t => t.Above == above && t.From < to && t.To > from);

        private void Line(string kind, string path) => svg.Append("<path class=\"").Append(kind).Append("\" d=\"").Append(path).Append("\"/>");

        private void Text(string kind, double x, double y, string text, string? anchor)
        {
            svg.Append("<text");
            if (kind.Length > 0)
                svg.Append(" class=\"").Append(kind).Append('"');
            svg.Append(CultureInfo.InvariantCulture, $" x=\"{N(x)}\" y=\"{N(y)}\"");
            if (anchor is not null)
                svg.Append(" text-anchor=\"").Append(anchor).Append('"');
            svg.Append('>').Append(SvgText.Escape(text)).Append("</text>");
        }

        private static string Day(DateOnly day) => day.ToString("MM-dd", CultureInfo.InvariantCulture);

        private static string N(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
    }
}
