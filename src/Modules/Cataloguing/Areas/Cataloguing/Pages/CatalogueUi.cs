using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using Microsoft.AspNetCore.Html;

namespace CourtOps.Cataloguing.Pages;

/// <summary>How batches, files and pages are shown.</summary>
internal static class CatalogueUi
{
    public static IHtmlContent State(Texts t, string state) =>
        Ui.Badge(
            state switch
            {
                BatchState.Reading => "work",
                BatchState.Review => "answer",
                BatchState.Confirmed => "done",
                _ => "gone",
            },
            t[BatchState.Labels[state]]
        );

    public static IHtmlContent File(Texts t, BatchFile f) =>
        Ui.Badge(
            f.State switch
            {
                FileState.Waiting => "work",
                FileState.Refused => "return",
                _ => "done",
            },
            t[FileState.Labels[f.State]]
        );

    /// <summary>Announced, received: equal, or told apart by word and colour.</summary>
    public static string Pages(Texts t, int? announced, int received) =>
        announced is null ? t["{0} 页", received]
        : announced == received ? t["{0} 页，与申报一致", received]
        : t["申报 {0} 页，收到 {1} 页", announced, received];

    public static string Flags(Texts t, Page p) => string.Join(t["、"], p.FlagList.Select(f => t[PageQuality.Labels.GetValueOrDefault(f, f)]));

    public static string Type(Texts t, string code) => code.Length == 0 ? t["未定类型"] : t[PaperTypes.Of(code).Label];

    public static string Volume(Texts t, string volume) => t[volume == "main" ? "正卷" : "副卷"];

    public static IReadOnlyList<Option> Types => [.. PaperTypes.All.Select(x => new Option(x.Code, x.Label, x.Secondary ? "副卷" : "正卷"))];

    public static string Ask(Texts t, PieceRow p) =>
        p.QuestionList.Count == 0 ? "" : t[Questions.Labels.GetValueOrDefault(p.QuestionList[0], p.QuestionList[0])];
}
