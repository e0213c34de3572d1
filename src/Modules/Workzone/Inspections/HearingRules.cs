using static CourtOps.Workzone.Inspections.InspectionRules;

namespace CourtOps.Workzone.Inspections;

/// <summary>Panel, hearings, deductions and extensions. Pure.</summary>
internal static class HearingRules
{
    private static readonly string[] OneJudge = ["MC-SUM", "MC-SML", "MC-SPE", "CR-SUM", "CR-FT", "AD-SUM", "EX"];

    public static IReadOnlyList<InspectionRule> All { get; } =
    [
        new(
            "panel-missing",
            "应当组成合议庭而没有登记",
            "panel",
            Ways.Panel,
            "warning",
            Stages.Judged,
            (r, _) => If(r.Panel.Count == 0 && (r.IsSecond || r.Has("panel-formed")) && !OneJudge.Contains(r.Procedure))
        ),
        new(
            "panel-even",
            "合议庭人数是双数或者不足三人",
            "panel",
            Ways.Panel,
            "error",
            Stages.Allotted,
            (r, _) => If(r.Panel.Count > 0 && (r.Panel.Count < 3 || r.Panel.Count % 2 == 0), $"{r.Panel.Count}")
        ),
        new(
            "panel-presider",
            "合议庭没有审判长或者有两名",
            "panel",
            Ways.Panel,
            "error",
            Stages.Allotted,
            (r, _) => If(r.Panel.Count > 0 && r.Panel.Count(m => m.Role == "presider") != 1)
        ),
        new(
            "panel-twice",
            "合议庭成员重复",
            "panel",
            Ways.Panel,
            "error",
            Stages.Allotted,
            (r, _) => r.Panel.GroupBy(m => m.Name).Where(g => g.Count() > 1).Select(g => g.Key)
        ),
        new(
            "panel-assessor-second",
            "二审合议庭有人民陪审员",
            "panel",
            Ways.Panel,
            "error",
            Stages.Allotted,
            (r, _) => If(r.IsSecond && r.Panel.Any(m => m.Role == "assessor"))
        ),
        new(
            "panel-without-judge",
            "承办法官不在合议庭中",
            "panel",
            Ways.Panel,
            "warning",
            Stages.Hearing,
            (r, _) => If(r.Panel.Count > 0 && r.JudgeId is not null && r.Panel.All(m => m.PersonId != r.JudgeId), r.JudgeName)
        ),
        new(
            "hearing-before-filing",
            "开庭早于立案",
            "hearing",
            Ways.Events,
            "error",
            Stages.Hearing,
            (r, _) => If(r.First("hearing-held") < r.FiledOn, r.First("hearing-held"))
        ),
        new(
            "hearing-before-allotment",
            "开庭早于分案",
            "hearing",
            Ways.Events,
            "error",
            Stages.Hearing,
            (r, _) => If(r.First("hearing-held") < r.AllottedOn && r.AllottedOn >= r.FiledOn, r.First("hearing-held"))
        ),
        new(
            "hearing-before-notice",
            "开庭前没有排定和通知",
            "hearing",
            Ways.Events,
            "warning",
            Stages.Hearing,
            (r, _) => If(r.First("hearing-held") is { } held && !(r.First("hearing-scheduled") <= held), r.First("hearing-held"))
        ),
        new("judgment-before-filing", "裁判文书早于立案", "judgment", Ways.Events, "error", Stages.Judged, (r, _) => If(r.Judged < r.FiledOn, r.Judged)),
        new(
            "judgment-before-hearing",
            "判决早于开庭",
            "judgment",
            Ways.Events,
            "error",
            Stages.Judged,
            (r, _) => If(r.First("document-issued", "judgment") < r.First("hearing-held"), r.First("document-issued", "judgment"))
        ),
        new(
            "judgment-without-hearing",
            "一审判决前没有开庭记录",
            "judgment",
            Ways.Events,
            "warning",
            Stages.Judged,
            (r, _) =>
                If(
                    r.First("document-issued", "judgment") is not null && r.NumberType.EndsWith('初') && !r.Has("hearing-held"),
                    r.First("document-issued", "judgment")
                )
        ),
        new(
            "judgment-unserved",
            "裁判文书签发十日后仍没有送达",
            "judgment",
            Ways.Events,
            "warning",
            Stages.Judged,
            (r, today) => If(r.Judged is { } on && on.AddDays(10) < today && !(r.Last("document-served") >= on), r.Judged)
        ),
        new(
            "deduction-evidence",
            "审限扣除没有证明文件",
            "clock",
            Ways.Clock,
            "warning",
            Stages.Filed,
            (r, _) => r.Facts.Where(f => f.Kind == "deduction" && !f.Evidence).Select(f => Kernel.Web.Times.Iso(f.From))
        ),
        new(
            "deduction-early",
            "审限扣除早于立案",
            "clock",
            Ways.Clock,
            "error",
            Stages.Filed,
            (r, _) => r.Facts.Where(f => f.Kind == "deduction" && f.From < r.FiledOn).Select(f => Kernel.Web.Times.Iso(f.From))
        ),
        new(
            "deduction-long",
            "审限扣除已经超过一百八十天没有恢复",
            "clock",
            Ways.Clock,
            "warning",
            Stages.Filed,
            (r, today) =>
                r.Facts.Where(f => f.Kind == "deduction" && f.To is null && f.From.AddDays(180) < today && r.Open).Select(f => Kernel.Web.Times.Iso(f.From))
        ),
        new(
            "deduction-running-closed",
            "案件已结而审限扣除没有恢复",
            "clock",
            Ways.Clock,
            "error",
            Stages.Closed,
            (r, _) => r.Facts.Where(f => f.Kind == "deduction" && f.To is null && !r.Open).Select(f => Kernel.Web.Times.Iso(f.From))
        ),
        new(
            "extension-evidence",
            "延长审限没有批准文件",
            "clock",
            Ways.Clock,
            "warning",
            Stages.Filed,
            (r, _) => r.Facts.Where(f => f.Kind == "extension" && !f.Evidence).Select(f => Kernel.Web.Times.Iso(f.From))
        ),
    ];
}
