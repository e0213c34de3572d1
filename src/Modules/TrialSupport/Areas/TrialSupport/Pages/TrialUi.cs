using System.Globalization;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Web;
using Microsoft.AspNetCore.Html;

namespace CourtOps.TrialSupport.Pages;

/// <summary>What several pages of the centre draw alike.</summary>
internal static class TrialUi
{
    private static readonly string[] Week = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

    public static string State(Texts t, string state) => t[HearingState.Labels.GetValueOrDefault(state, state)];

    public static string Clock(DateTimeOffset at) => Times.Local(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Span(DateTimeOffset from, DateTimeOffset to) => $"{Clock(from)}–{Clock(to)}";

    public static string DayName(Texts t, DateOnly day) => $"{day.ToString("MM-dd", CultureInfo.InvariantCulture)} {t[Week[(int)day.DayOfWeek]]}";

    public static string Features(Texts t, Room room) =>
        string.Join('、', room.FeatureSet.Select(f => t[Room.Kinds.GetValueOrDefault(f, f)]).Concat(room.Online ? [t["在线"]] : []));

    /// <summary>"民初1307" of a whole number, for tight cells.</summary>
    public static string Short(string number) => Law.CaseNumber.TryParse(number, out var n) ? n.Type + n.Serial : number;

    /// <summary>The cell of a calendar: its hearings one below the other.</summary>
    public static IHtmlContent Cell(Texts t, IEnumerable<ShowWeek.Block> blocks, bool byJudge, bool may = false)
    {
        var b = new HtmlBuffer().Raw("<ul class=\"tr-cell\">");
        foreach (var h in blocks)
        {
            var moves = may && h.CaseNumber is not null && h.State is HearingState.Provisional or HearingState.Confirmed;
            b.Raw(h.State == HearingState.Provisional ? "<li class=\"prov\"" : "<li");
            if (moves)
                b.Raw(" draggable=\"true\" data-hearing=\"").Number(h.Id).Raw("\"");
            b.Raw("><b>").Text(Span(h.StartsAt, h.EndsAt)).Raw("</b> ");
            if (h.CaseNumber is null)
                b.Raw("<span class=\"sec\">").Text(t["已占用"]).Raw("</span>");
            else
                b.Raw("<a href=\"/trial/hearings/")
                    .Number(h.Id)
                    .Raw("\">")
                    .Text(Short(h.CaseNumber))
                    .Raw("</a> <span class=\"sec\">")
                    .Text(h.Cause)
                    .Raw("</span>");
            b.Raw(" <span class=\"sec\">").Text(byJudge ? h.RoomName : h.JudgeName).Raw("</span>");
            if (h.State == HearingState.Provisional)
                b.Raw(" <em>").Text(t["暂订"]).Raw("</em>");
            if (moves)
                b.Raw(" <a href=\"/trial/hearings/").Number(h.Id).Raw("/move\">").Text(t["改期"]).Raw("</a>");
            b.Raw("</li>");
        }
        return b.Raw("</ul>");
    }

    /// <summary>The lanes of a day: positions are attributes of the picture, nothing is set by style. Minutes after 8:30 are its units.</summary>
    public static IHtmlContent Lanes(Texts t, DateOnly day, IReadOnlyList<(string Name, string Note, IReadOnlyList<ShowWeek.Block> Blocks)> lanes, bool byJudge)
    {
        const int left = 130,
            height = 54,
            top = 24,
            first = 510,
            last = 1020;
        int X(DateTimeOffset at) => left + (int)Times.Local(at).TimeOfDay.TotalMinutes - first;
        var width = left + last - first + 26;
        var total = top + (lanes.Count * height) + 4;
        var b = new HtmlBuffer()
            .Raw("<div class=\"scroll\"><svg class=\"tr-lanes\" role=\"img\" viewBox=\"0 0 ")
            .Number(width)
            .Raw(" ")
            .Number(total)
            .Raw("\" width=\"")
            .Number(width * 3 / 2)
            .Raw("\" aria-label=\"")
            .Text(t["{0} 的庭审，按时间从左到右", Times.Iso(day)])
            .Raw("\">");
        for (var minute = 540; minute <= last; minute += 60)
            b.Raw("<line x1=\"")
                .Number(left + minute - first)
                .Raw("\" x2=\"")
                .Number(left + minute - first)
                .Raw("\" y1=\"18\" y2=\"")
                .Number(total)
                .Raw("\"/><text class=\"h\" text-anchor=\"middle\" x=\"")
                .Number(left + minute - first)
                .Raw("\" y=\"13\">")
                .Text($"{minute / 60}:00")
                .Raw("</text>");
        b.Raw("<rect class=\"noon\" x=\"")
            .Number(left + 720 - first)
            .Raw("\" y=\"")
            .Number(top)
            .Raw("\" width=\"90\" height=\"")
            .Number(total - top)
            .Raw("\"/>");
        for (var i = 0; i < lanes.Count; i++)
        {
            var y = top + (i * height);
            b.Raw("<line x1=\"0\" x2=\"")
                .Number(width)
                .Raw("\" y1=\"")
                .Number(y)
                .Raw("\" y2=\"")
                .Number(y)
                .Raw("\"/><text class=\"n\" x=\"4\" y=\"")
                .Number(y + 19)
                .Raw("\">")
                .Text(lanes[i].Name)
                .Raw("</text><text class=\"s\" x=\"4\" y=\"")
                .Number(y + 35)
                .Raw("\">")
                .Text(lanes[i].Note)
                .Raw("</text>");
            foreach (var h in lanes[i].Blocks)
            {
                var x = X(h.StartsAt);
                var w = Math.Max(14, X(h.EndsAt) - x);
                if (h.CaseNumber is not null)
                    b.Raw("<a href=\"/trial/hearings/").Number(h.Id).Raw("\">");
                b.Raw("<title>")
                    .Text($"{Span(h.StartsAt, h.EndsAt)} {h.CaseNumber ?? t["已占用"]} {h.Cause} {h.RoomName} {h.JudgeName}")
                    .Raw("</title><rect class=\"")
                    .Raw(
                        h.State == HearingState.Provisional ? "b prov"
                        : h.CaseNumber is null ? "b shut"
                        : "b"
                    )
                    .Raw("\" rx=\"2\" x=\"")
                    .Number(x)
                    .Raw("\" y=\"")
                    .Number(y + 4)
                    .Raw("\" width=\"")
                    .Number(w)
                    .Raw("\" height=\"")
                    .Number(height - 8)
                    .Raw("\"/>");
                var room = w / 7;
                Line(b, x, y + 17, "s", Fit(Span(h.StartsAt, h.EndsAt), room * 2));
                Line(b, x, y + 30, "n", Fit(h.CaseNumber is null ? t["已占用"] : Short(h.CaseNumber), room));
                Line(b, x, y + 43, "s", Fit(byJudge ? h.RoomName : h.JudgeName, room));
                if (h.CaseNumber is not null)
                    b.Raw("</a>");
            }
        }
        return b.Raw("</svg></div>");
    }

    private static void Line(HtmlBuffer b, int x, int y, string css, string text) =>
        b.Raw("<text class=\"").Raw(css).Raw("\" x=\"").Number(x + 4).Raw("\" y=\"").Number(y).Raw("\">").Text(text).Raw("</text>");

    private static string Fit(string text, int chars) => text.Length <= Math.Max(chars, 3) ? text : text[..Math.Max(chars, 3)];
}
