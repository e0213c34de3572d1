using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.WorkOrders;
using Microsoft.AspNetCore.Html;

namespace CourtOps.Workzone.Web;

/// <summary>The shapes of a work order in a list: state, due chip, progress.</summary>
public static class OrderUi
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly Dictionary<string, (string Class, string Label)> States = new()
    {
        [OrderState.Review] = ("wait", "待审核"),
        [OrderState.Queued] = ("wait", "待派单"),
        [OrderState.Assigned] = ("wait", "待接受"),
        [OrderState.Accepted] = ("work", "办理中"),
        [OrderState.Paused] = ("pause", "挂起"),
        [OrderState.Returned] = ("return", "退回补正"),
        [OrderState.Feedback] = ("answer", "待确认"),
        [OrderState.Closed] = ("done", "已办结"),
        [OrderState.Cancelled] = ("gone", "已撤回"),
    };

    public static string StateLabel(string state) => States.TryGetValue(state, out var s) ? s.Label : state;

    public static IHtmlContent State(Texts t, string state)
    {
        var (css, label) = States.TryGetValue(state, out var s) ? s : ("wait", state);
        return Ui.Badge(css, t[label]);
    }

    /// <summary>When the order bites; the title says what it counts from.</summary>
    public static IHtmlContent Due(Texts t, DateTimeOffset? due, DateTimeOffset now, string state, DateTimeOffset? wake = null)
    {
        if (state == OrderState.Paused)
            return Ui.Chip(
                "pause",
                "",
                $"{Ui.Icon("player-pause")}{Encoder.Encode(wake is { } w ? t["挂起 至 {0}", Ui.DayText(t, Times.Local(w), now)] : t["挂起"])}"
            );
        if (due is not { } at)
            return HtmlString.Empty;
        var title = t["目标时限 {0}，自发起按法院工作时间计，扣除挂起", Times.Full(at)];
        return state is OrderState.Closed or OrderState.Cancelled or OrderState.Feedback
            ? Ui.Chip("ok", title, Ui.DayText(t, Times.Local(at), now))
            : Ui.Due(t, at, now, title);
    }

    /// <summary>Six dots: opened, reviewed, assigned, accepted, answered, closed.</summary>
    public static IHtmlContent Progress(Texts t, string state)
    {
        var at = OrderRules.Progress(state);
        var svg = new StringBuilder(900);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<span class=\"prog\"><svg viewBox=\"0 0 78 12\" role=\"img\" aria-label=\"{Encoder.Encode(t["第 {0} 步，共 6 步", at])}\">"
        );
        svg.Append("<line x1=\"4\" y1=\"6\" x2=\"74\" y2=\"6\" stroke=\"#c9d0d9\" stroke-width=\"1.5\"/>");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<line x1=\"4\" y1=\"6\" x2=\"{4 + (14 * Math.Max(0, at - 1))}\" y2=\"6\" stroke=\"#1d4478\" stroke-width=\"2\"/>"
        );
        for (var i = 1; i <= 6; i++)
        {
            var look =
                i < at || (i == 6 && at == 6) ? "fill=\"#1d4478\""
                : i == at ? "fill=\"#fff\" stroke=\"#1d4478\" stroke-width=\"2\""
                : "fill=\"#fff\" stroke=\"#8793a3\" stroke-width=\"1.25\"";
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{4 + (14 * (i - 1))}\" cy=\"6\" r=\"{(i == at ? 3.75 : 3)}\" {look}/>");
        }
        return new HtmlString(svg.Append(CultureInfo.InvariantCulture, $"</svg>{Encoder.Encode(t[StateLabel(state)])}</span>").ToString());
    }
}
