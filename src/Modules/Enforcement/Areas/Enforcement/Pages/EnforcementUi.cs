using System.Globalization;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using Microsoft.AspNetCore.Html;

namespace CourtOps.Enforcement.Pages;

/// <summary>How measures and findings look.</summary>
internal static class EnforcementUi
{
    private const string Blue = "#1d4478";
    private const string Ochre = "#7d5200";
    private const string Red = "#b3261e";

    public static IHtmlContent State(Texts t, string state) =>
        Ui.Badge(
            state switch
            {
                MeasureState.Active => "work",
                MeasureState.Waiting => "pause",
                MeasureState.Ruled => "wait",
                MeasureState.Lapsed => "gone",
                _ => "done",
            },
            t[MeasureState.Labels[state]]
        );

    public static IHtmlContent Asset(Texts t, string state) =>
        Ui.Badge(
            state switch
            {
                AssetState.Controlled => "work",
                AssetState.Found => "look",
                AssetState.Clue => "wait",
                AssetState.Gone => "gone",
                _ => "done",
            },
            t[AssetState.Labels[state]]
        );

    public static IHtmlContent Finding(Texts t, string state) =>
        Ui.Badge(
            state switch
            {
                FindingState.Open => "wait",
                FindingState.Asked => "answer",
                _ => "done",
            },
            t[FindingState.Labels[state]]
        );

    /// <summary>首封 or 轮候 2.</summary>
    public static string Place(Texts t, int place) => place == 1 ? t["首封"] : t["轮候第 {0} 位", place];

    /// <summary>Days left of sixty as a bar; a stroke is the applicant's last day, dashes are a waiting place. The words beside it say the same.</summary>
    public static IHtmlContent Bar(DateOnly today, DateOnly? end, DateOnly? last)
    {
        var b = new HtmlBuffer().Raw("<svg viewBox=\"0 0 180 12\" width=\"180\" height=\"12\" aria-hidden=\"true\">");
        if (end is not { } day)
            return b.Raw("<path d=\"M0 6h180\" stroke=\"" + Blue + "\" stroke-width=\"2\" stroke-dasharray=\"5 4\" fill=\"none\"/></svg>");
        var left = Math.Clamp(day.DayNumber - today.DayNumber + 1, 0, 60);
        b.Raw("<rect x=\"0\" y=\"3\" width=\"")
            .Raw(At(left))
            .Raw("\" height=\"6\" fill=\"")
            .Raw(
                left <= 3 ? Red
                : left <= 15 ? Ochre
                : Blue
            )
            .Raw("\"/>");
        if (last is { } stroke && stroke >= today && stroke.DayNumber - today.DayNumber < 60)
            b.Raw("<path d=\"M").Raw(At(stroke.DayNumber - today.DayNumber + 1)).Raw(" 0v12\" stroke=\"#17202c\" stroke-width=\"1.5\"/>");
        return b.Raw("</svg>");
    }

    /// <summary>What is to be done now, by the measure's own dates.</summary>
    public static string Now(Texts t, ListMeasures.Row m, DateOnly today) =>
        m.State switch
        {
            MeasureState.Ruled => t["送达协助机关并登记回执"],
            MeasureState.Waiting => m.HeadEnd is { } head ? t["首封 {0} 届满，次日向登记机关核实", Times.Iso(head)] : t["向登记机关核实首封届满日"],
            MeasureState.Lapsed => t["已失效，重新裁定控制或者说明理由"],
            MeasureState.Active when m.EndOn!.Value.DayNumber - today.DayNumber > 30 => t["按期，无须动作"],
            MeasureState.Active when m.AppliedOn is { } on => t["申请人 {0} 已申请，办理续行", Times.Iso(on)],
            MeasureState.Active when m.Basis == "preservation" && m.LastRenewal < today => t["申请期已过，依职权决定是否续行"],
            MeasureState.Active when m.Basis == "preservation" => t["申请人未申请，最迟 {0}", Times.Iso(m.LastRenewal!.Value)],
            MeasureState.Active => t["办理续行，最迟 {0}", Times.Iso(m.CourtLastDay ?? m.EndOn!.Value)],
            _ => "",
        };

    private static string At(int days) => (days * 3).ToString(CultureInfo.InvariantCulture);
}
