using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders;
using Microsoft.AspNetCore.Html;

namespace CourtOps.Workzone.Web;

/// <summary>The small shapes of every list: due chip, state, person, progress. Plain strings: a queue of fifty rows draws hundreds.</summary>
public static class Ui
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string[] Weekdays = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
    private static readonly string[] Months = ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"];

    private static readonly Dictionary<string, (string Class, string Shape, string Label)> States = new()
    {
        [OrderState.Draft] = ("wait", Ring, "草稿"),
        [OrderState.Review] = ("wait", Ring, "待审核"),
        [OrderState.Queued] = ("wait", Ring, "待派单"),
        [OrderState.Assigned] = ("wait", Ring, "待接受"),
        [OrderState.Accepted] = ("work", Half, "办理中"),
        [OrderState.Paused] = ("pause", Bars, "挂起"),
        [OrderState.Returned] = ("return", Hook, "退回补正"),
        [OrderState.Feedback] = ("answer", Dot, "待确认"),
        [OrderState.Closed] = ("done", Tick, "已办结"),
        [OrderState.Cancelled] = ("done", Cross, "已撤回"),
    };

    private const string Ring = "<circle cx=\"6\" cy=\"6\" r=\"4.75\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>";
    private const string Half = Ring + "<path d=\"M6 1.25a4.75 4.75 0 0 1 0 9.5z\" fill=\"currentColor\"/>";
    private const string Dot = Ring + "<circle cx=\"6\" cy=\"6\" r=\"2.25\" fill=\"currentColor\"/>";
    private const string Bars = "<path d=\"M4 2v8M8 2v8\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>";
    private const string Hook = "<path d=\"M4.5 1.5 1.8 4.2l2.7 2.7M2 4.2h5.2a2.8 2.8 0 0 1 0 5.6H5\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>";
    private const string Tick = "<circle cx=\"6\" cy=\"6\" r=\"5.5\" fill=\"currentColor\"/><path d=\"m3.5 6.2 1.8 1.8L8.7 4.4\" fill=\"none\" stroke=\"#fff\" stroke-width=\"1.5\"/>";
    private const string Cross = Ring + "<path d=\"M3.5 8.5l5-5\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>";

    public static string StateLabel(string state) => States.TryGetValue(state, out var s) ? s.Label : state;

    public static IHtmlContent State(Texts t, string state)
    {
        var (css, shape, label) = States.TryGetValue(state, out var s) ? s : ("wait", Ring, state);
        return new HtmlString($"<span class=\"st {css}\"><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\">{shape}</svg>{Encoder.Encode(t[label])}</span>");
    }

    public static IHtmlContent Badge(string css, string label)
    {
        var shape = css switch { "work" => Half, "answer" => Dot, "return" => Hook, "pause" => Bars, "done" => Tick, _ => Ring };
        return new HtmlString($"<span class=\"st {css}\"><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\">{shape}</svg>{Encoder.Encode(label)}</span>");
    }

    public static IHtmlContent Icon(string name) => new HtmlString($"<svg class=\"i\" aria-hidden=\"true\"><use href=\"/lib/icons.svg#{name}\"></use></svg>");

    /// <summary>When it bites, in words and colour; the title says what it counts from.</summary>
    public static IHtmlContent Due(Texts t, DateTimeOffset? due, DateTimeOffset now, string state, DateTimeOffset? wake = null)
    {
        if (state == OrderState.Paused)
            return new HtmlString($"<span class=\"due pause\">{Icon("player-pause")}{Encoder.Encode(wake is { } w ? t["挂起 至 {0}", Short(t, Times.Local(w), now)] : t["挂起"])}</span>");
        if (due is not { } at)
            return HtmlString.Empty;
        var title = Encoder.Encode(t["目标时限 {0}，自发起按法院工作时间计，扣除挂起", Times.Full(at)]);
        if (state is OrderState.Closed or OrderState.Cancelled or OrderState.Feedback)
            return new HtmlString($"<span class=\"due ok\" title=\"{title}\">{Short(t, Times.Local(at), now)}</span>");
        var local = Times.Local(at);
        if (at < now)
        {
            var late = now - at;
            var words = late.TotalHours < 24 ? t["超期 {0} 小时", Math.Max(1, (int)late.TotalHours)] : t["超期 {0} 天", (int)late.TotalDays];
            return new HtmlString($"<span class=\"due over\" title=\"{title}\">{Icon("alert-triangle")}{Encoder.Encode(words)}</span>");
        }
        var days = Times.Day(at).DayNumber - Times.Day(now).DayNumber;
        var css = days == 0 ? "today" : days <= 3 ? "near" : "ok";
        var text = days switch
        {
            0 => t["今天 {0}", Clock(local)],
            1 => t["明天 {0}", Clock(local)],
            _ => Short(t, local, now),
        };
        return new HtmlString($"<span class=\"due {css}\" title=\"{title}\">{Encoder.Encode(text)}</span>");
    }

    public static IHtmlContent Who(Texts t, string? name) => name is null
        ? new HtmlString($"<span class=\"who none\" data-s=\"–\">{Encoder.Encode(t["未派"])}</span>")
        : new HtmlBuffer().Who(name);

    /// <summary>Six dots: opened, reviewed, assigned, accepted, answered, closed.</summary>
    public static IHtmlContent Progress(Texts t, string state)
    {
        var at = OrderRules.Progress(state);
        var svg = new StringBuilder(400);
        svg.Append(CultureInfo.InvariantCulture, $"<span class=\"prog\"><svg viewBox=\"0 0 78 12\" role=\"img\" aria-label=\"{Encoder.Encode(t["第 {0} 步，共 6 步", at])}\"><line x1=\"4\" y1=\"6\" x2=\"74\" y2=\"6\" stroke=\"#c9d0d9\" stroke-width=\"1.5\"/><line x1=\"4\" y1=\"6\" x2=\"{4 + (14 * Math.Max(0, at - 1))}\" y2=\"6\" stroke=\"#1d4478\" stroke-width=\"2\"/>");
        for (var i = 1; i <= 6; i++)
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{4 + (14 * (i - 1))}\" cy=\"6\" r=\"{(i == at ? 3.75 : 3)}\" {(i < at || (i == 6 && at == 6) ? "fill=\"#1d4478\"" : i == at ? "fill=\"#fff\" stroke=\"#1d4478\" stroke-width=\"2\"" : "fill=\"#fff\" stroke=\"#8793a3\" stroke-width=\"1.25\"")}/>");
        return new HtmlString(svg.Append(CultureInfo.InvariantCulture, $"</svg>{Encoder.Encode(t[StateLabel(state)])}</span>").ToString());
    }

    /// <summary>"民初1234号" of this year's number of the own court; another year keeps its bracket.</summary>
    public static string ShortNumber(string number, DateTimeOffset now)
    {
        if (!Law.CaseNumber.TryParse(number, out var n) || n.Legacy)
            return number;
        var tail = $"{n.Special}{n.Type}{n.Serial}号{n.Suffix}";
        return n.Year == Times.Local(now).Year ? tail : $"（{n.Year}）{tail}";
    }

    public static string Ago(Texts t, DateTimeOffset at, DateTimeOffset now)
    {
        var local = Times.Local(at);
        var days = Times.Day(now).DayNumber - Times.Day(at).DayNumber;
        return days switch { 0 => Clock(local), 1 => t["昨天"], _ => local.Year == Times.Local(now).Year ? local.ToString("MM-dd", CultureInfo.InvariantCulture) : local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
    }

    /// <summary>The name of a procedure code of B-01, by the law library.</summary>
    public static string Procedure(Texts t, string code) => code.Length == 0 ? t["程序未定"] : Law.AnswerCodes.Name(code).In(t.Language == "en" ? Law.LawLanguage.English : Law.LawLanguage.Chinese);

    public static string Size(long bytes) => bytes < 1024 ? $"{bytes} B" : bytes < 1048576 ? $"{bytes / 1024} kB" : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB");

    /// <summary>Who looks at a file and when, across its whole face: a picture of the screen says where it came from. The bytes of the file stay as they are.</summary>
    public static IHtmlContent Watermark(string name, string login, DateTimeOffset now) => new HtmlString(
        $"<svg class=\"wm\" aria-hidden=\"true\"><defs><pattern id=\"wm\" width=\"340\" height=\"170\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-24)\"><text x=\"8\" y=\"60\">{Encoder.Encode($"{name} {login}")}</text><text x=\"8\" y=\"82\">{Times.Full(now)}</text></pattern></defs><rect width=\"100%\" height=\"100%\" fill=\"url(#wm)\"></rect></svg>");

    public static string Month(Texts t, int month) => t[Months[month - 1]];

    public static string Weekday(DateOnly day) => Weekdays[(int)day.DayOfWeek];

    private static string Short(Texts t, DateTimeOffset local, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(local.DateTime);
        return day.Year == Times.Local(now).Year ? $"{day:MM-dd} {t[Weekday(day)]}" : Times.Iso(day);
    }

    private static string Clock(DateTimeOffset local) => local.ToString("HH:mm", CultureInfo.InvariantCulture);
}
