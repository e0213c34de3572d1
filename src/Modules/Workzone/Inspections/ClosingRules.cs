using CourtOps.Law;
using static CourtOps.Workzone.Inspections.InspectionRules;

namespace CourtOps.Workzone.Inspections;

/// <summary>Closing, effect, appeal, upper court and archive. Pure.</summary>
internal static class ClosingRules
{
    public static IReadOnlyList<InspectionRule> All { get; } =
    [
        new(
            "closed-without-manner",
            "结案没有写明方式",
            "closedHow",
            Ways.Case,
            "error",
            Stages.Closed,
            (r, _) => If(!r.Open && string.IsNullOrEmpty(r.ClosedHow))
        ),
        new("closed-undated", "结案没有日期", "closedOn", Ways.Case, "error", Stages.Closed, (r, _) => If(!r.Open && r.ClosedOn is null)),
        new("closed-before-filing", "结案早于立案", "closedOn", Ways.Case, "error", Stages.Closed, (r, _) => If(r.ClosedOn < r.FiledOn, r.ClosedOn)),
        new(
            "closed-before-judgment",
            "结案早于裁判文书签发",
            "closedOn",
            Ways.Case,
            "warning",
            Stages.Closed,
            (r, _) => If(r.ClosedHow == "judgment" && r.ClosedOn < r.First("document-issued", "judgment"), r.ClosedOn)
        ),
        new(
            "closed-without-document",
            "判决结案而没有签发的判决书",
            "judgment",
            Ways.Documents,
            "warning",
            Stages.Closed,
            (r, _) => If(r.ClosedHow == "judgment" && r.First("document-issued", "judgment") is null && r.Events.Any(e => e.Event is "hearing-held"))
        ),
        new(
            "closed-manner-kind",
            "结案方式与案件类型不符",
            "closedHow",
            Ways.Case,
            "error",
            Stages.Closed,
            (r, _) =>
                If(
                    (r.ClosedHow is "performed" or "terminated" && r.Kind != "enforcement")
                        || (r.ClosedHow is "judgment" or "mediation" && r.Kind == "enforcement"),
                    r.ClosedHow ?? ""
                )
        ),
        new("unallotted-closed", "没有承办法官而结案", "judge", Ways.Judge, "warning", Stages.Closed, (r, _) => If(!r.Open && r.JudgeId is null)),
        new(
            "hearing-after-closing",
            "结案后还有开庭",
            "hearing",
            Ways.Events,
            "error",
            Stages.Closed,
            (r, _) => If(r.Last("hearing-held") > r.ClosedOn, r.Last("hearing-held"))
        ),
        new(
            "effect-before-judgment",
            "生效早于裁判文书签发",
            "effective",
            Ways.Events,
            "error",
            Stages.Judged,
            (r, _) => If(r.First("effective") < r.Judged, r.First("effective"))
        ),
        new(
            "effect-before-service",
            "判决没有送达就登记生效",
            "effective",
            Ways.Events,
            "warning",
            Stages.Judged,
            (r, _) =>
                If(
                    r.First("effective") is { } on
                        && r.First("document-issued", "judgment") is { } issued
                        && issued <= on
                        && !(r.Events.Any(e => e.Event == "document-served" && e.On >= issued && e.On <= on)),
                    r.First("effective")
                )
        ),
        new(
            "appeal-after-effect",
            "上诉晚于生效",
            "appealed",
            Ways.Events,
            "error",
            Stages.Judged,
            (r, _) => If(r.Last("appealed") > r.First("effective"), r.Last("appealed"))
        ),
        new(
            "appeal-before-judgment",
            "上诉早于裁判文书签发",
            "appealed",
            Ways.Events,
            "error",
            Stages.Filed,
            (r, _) => If(r.First("appealed") < r.Judged, r.First("appealed"))
        ),
        new(
            "appeal-of-final",
            "一审终审或二审案件登记了上诉",
            "appealed",
            Ways.Events,
            "error",
            Stages.Filed,
            (r, _) => If(r.Has("appealed") && TrialLimitTable.Has(r.Procedure) && TrialLimitTable.Get(r.Procedure).Final, r.Procedure)
        ),
        new(
            "upper-without-appeal",
            "有上级法院裁判而没有上诉记录",
            "upper",
            Ways.Events,
            "warning",
            Stages.Judged,
            (r, _) => If(r.Has("upper-result") && !r.Has("appealed") && !r.Has("transferred"))
        ),
        new(
            "upper-before-appeal",
            "上级法院裁判早于上诉",
            "upper",
            Ways.Events,
            "error",
            Stages.Judged,
            (r, _) => If(r.First("upper-result") < r.First("appealed"), r.First("upper-result"))
        ),
        new(
            "transferred-open",
            "已经移送而没有结案",
            "closedOn",
            Ways.Events,
            "warning",
            Stages.Filed,
            (r, today) => If(r.Open && r.Last("transferred") is { } on && on.AddDays(15) < today, r.Last("transferred"))
        ),
        new("archived-open", "没有结案就归档", "archived", Ways.Events, "error", Stages.Filed, (r, _) => If(r.Open && r.Has("archived"), r.First("archived"))),
        new(
            "archived-early",
            "归档早于结案",
            "archived",
            Ways.Events,
            "error",
            Stages.Closed,
            (r, _) => If(r.First("archived") < r.ClosedOn, r.First("archived"))
        ),
        new(
            "event-later",
            "登记了今天之后的事件",
            "events",
            Ways.Events,
            "error",
            Stages.Filed,
            (r, today) =>
                r
                    .Events.Where(e => e.On > today && e.Event is not ("hearing-scheduled" or "measure-taken" or "effective"))
                    .Select(e => Kernel.Web.Times.Iso(e.On))
        ),
    ];
}
