using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.Html;

namespace CourtOps.Web;

/// <summary>The small shapes of every page: badge, icon, due chip, person. Plain strings: a queue of fifty rows draws hundreds.</summary>
public static class Ui
{
    internal const string Ring = "<circle cx=\"6\" cy=\"6\" r=\"4.75\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>";
    internal const string Half = Ring + "<path d=\"M6 1.25a4.75 4.75 0 0 1 0 9.5z\" fill=\"currentColor\"/>";
    internal const string Dot = Ring + "<circle cx=\"6\" cy=\"6\" r=\"2.25\" fill=\"currentColor\"/>";
    internal const string Bars = "<path d=\"M4 2v8M8 2v8\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>";
    internal const string Hook =
        "<path d=\"M4.5 1.5 1.8 4.2l2.7 2.7M2 4.2h5.2a2.8 2.8 0 0 1 0 5.6H5\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>";
    internal const string Tick =
        "<circle cx=\"6\" cy=\"6\" r=\"5.5\" fill=\"currentColor\"/><path d=\"m3.5 6.2 1.8 1.8L8.7 4.4\" fill=\"none\" stroke=\"#fff\" stroke-width=\"1.5\"/>";
    internal const string Cross = Ring + "<path d=\"M3.5 8.5l5-5\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>";
    internal const string Triangle =
        "<path d=\"M6 1.2 11.2 10.6H.8z\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/><path d=\"M6 4.6v2.8M6 8.4v1\" "
        + "stroke=\"currentColor\" stroke-width=\"1.2\"/>";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string[] Weekdays = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
    private static readonly string[] Months = ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"];

    /// <summary>A state: shape, then word. <paramref name="css"/> is wait, work, answer, return, pause, done, gone or look; any other is drawn as
    /// wait.</summary>
    public static IHtmlContent Badge(string css, string label)
    {
        var shape = css switch
        {
            "work" => Half,
            "answer" => Dot,
            "return" => Hook,
            "pause" => Bars,
            "done" => Tick,
            "gone" => Cross,
            "look" => Triangle,
            _ => Ring,
        };
        return new HtmlString($"<span class=\"st {css}\"><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\">{shape}</svg>{Encoder.Encode(label)}</span>");
    }

    public static IHtmlContent Icon(string name) => new HtmlString($"<svg class=\"i\" aria-hidden=\"true\"><use href=\"/lib/icons.svg#{name}\"></use></svg>");

    /// <summary>An instant at which something bites, in words and colour: overdue, today, within three days, later.</summary>
    /// <param name="title">What it counts from; shown on hover.</param>
    public static IHtmlContent Due(Texts t, DateTimeOffset at, DateTimeOffset now, string title)
    {
        var local = Times.Local(at);
        if (at < now)
        {
            var late = now - at;
            var words = late.TotalHours < 24 ? t["超期 {0} 小时", Math.Max(1, (int)late.TotalHours)] : t["超期 {0} 天", (int)late.TotalDays];
            return Chip("over", title, $"{Icon("alert-triangle")}{Encoder.Encode(words)}");
        }
        var days = Times.Day(at).DayNumber - Times.Day(now).DayNumber;
        var text = days switch
        {
            0 => t["今天 {0}", Clock(local)],
            1 => t["明天 {0}", Clock(local)],
            _ => DayText(t, local, now),
        };
        return Chip(
            days == 0 ? "today"
                : days <= 3 ? "near"
                : "ok",
            title,
            Encoder.Encode(text)
        );
    }

    /// <summary>A legal date, which has no hour: overdue from the day after, today, within three days, later.</summary>
    public static IHtmlContent Due(Texts t, DateOnly? day, DateTimeOffset now, string title = "")
    {
        if (day is not { } d)
            return HtmlString.Empty;
        var left = d.DayNumber - Times.Day(now).DayNumber;
        return left switch
        {
            < 0 => Chip("over", title, $"{Icon("alert-triangle")}{Encoder.Encode(t["超期 {0} 天", -left])}"),
            0 => Chip("today", title, Encoder.Encode(t["今天"])),
            1 => Chip("near", title, Encoder.Encode(t["明天"])),
            <= 3 => Chip("near", title, Encoder.Encode(t["{0} 天后", left])),
            _ => Chip("ok", title, Times.Iso(d)),
        };
    }

    /// <summary>A due chip with its own words, which are markup.</summary>
    public static IHtmlContent Chip(string css, string title, string html) =>
        new HtmlString($"<span class=\"due {css}\"{(title.Length > 0 ? $" title=\"{Encoder.Encode(title)}\"" : "")}>{html}</span>");

    public static IHtmlContent Who(Texts t, string? name) =>
        name is null ? new HtmlString($"<span class=\"who none\" data-s=\"–\">{Encoder.Encode(t["未派"])}</span>") : new HtmlBuffer().Who(name);

    public static string Ago(Texts t, DateTimeOffset at, DateTimeOffset now)
    {
        var local = Times.Local(at);
        var days = Times.Day(now).DayNumber - Times.Day(at).DayNumber;
        return days switch
        {
            0 => Clock(local),
            1 => t["昨天"],
            _ => local.ToString(local.Year == Times.Local(now).Year ? "MM-dd" : "yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Cents as yuan: 1,234.50.</summary>
    public static string Yuan(long cents) => (cents / 100m).ToString("#,##0.00", CultureInfo.InvariantCulture);

    public static string Size(long bytes) =>
        bytes < 1024 ? $"{bytes} B"
        : bytes < 1048576 ? $"{bytes / 1024} kB"
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB");

    /// <summary>Who looks at a file and when, across its whole face: a picture of the screen says where it came from. The bytes of the file stay as they
    /// are.</summary>
    public static IHtmlContent Watermark(string name, string login, DateTimeOffset now) =>
        new HtmlString(
            "<svg class=\"wm\" aria-hidden=\"true\"><defs><pattern id=\"wm\" width=\"340\" height=\"170\" patternUnits=\"userSpaceOnUse\" "
                + "patternTransform=\"rotate(-24)\">"
                + $"<text x=\"8\" y=\"60\">{Encoder.Encode($"{name} {login}")}</text><text x=\"8\" y=\"82\">{Times.Full(now)}</text></pattern></defs>"
                + "<rect width=\"100%\" height=\"100%\" fill=\"url(#wm)\"></rect></svg>"
        );

    public static string Month(Texts t, int month) => t[Months[month - 1]];

    public static string Weekday(DateOnly day) => Weekdays[(int)day.DayOfWeek];

    /// <summary>"11-26 周四" of this year, "2027-01-05" of another.</summary>
    public static string DayText(Texts t, DateTimeOffset local, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(local.DateTime);
        return day.Year == Times.Local(now).Year ? $"{day:MM-dd} {t[Weekday(day)]}" : Times.Iso(day);
    }

    private static string Clock(DateTimeOffset local) => local.ToString("HH:mm", CultureInfo.InvariantCulture);
}
