using CourtOps.Law;
using static CourtOps.Workzone.Inspections.InspectionRules;

namespace CourtOps.Workzone.Inspections;

/// <summary>Number, kind, cause, procedure, amount and custody as they are recorded when a case is filed. Pure.</summary>
internal static class FilingRules
{
    private static readonly string[] MoneyCauses = ["借贷", "买卖", "借款", "租赁", "服务合同", "承揽", "追偿", "追索"];
    private static readonly string[] StatusCauses = ["离婚", "收养", "监护", "抚养关系", "亲子", "确认婚姻", "确权", "所有权确认"];

    public static IReadOnlyList<InspectionRule> All { get; } =
    [
        new("year-differs", "案号年份与立案日期不符", "filedOn", Ways.Case, "warning", Stages.Filed, (r, _) => If(r.Year != r.FiledOn.Year)),
        new(
            "kind-number",
            "案件类型与案号类型代字不符",
            "kind",
            Ways.Case,
            "error",
            Stages.Filed,
            (r, _) => If(NumberKind(r) is { } k && k != r.Kind, r.NumberType)
        ),
        new(
            "procedure-missing",
            "没有适用程序",
            "procedure",
            Ways.Case,
            "warning",
            Stages.Allotted,
            (r, _) => If(r.Procedure.Length == 0 && r.Kind != "other")
        ),
        new(
            "procedure-kind",
            "适用程序与案件类型不符",
            "procedure",
            Ways.Case,
            "error",
            Stages.Filed,
            (r, _) => If(ProcedureKind(r.Procedure) is { } k && r.Kind != "other" && k != r.Kind, r.Procedure)
        ),
        new(
            "procedure-instance",
            "适用程序与审级不符",
            "procedure",
            Ways.Case,
            "error",
            Stages.Filed,
            (r, _) =>
                If(
                    r.Procedure.Length > 0 && (r.IsSecond ? !IsSecondProcedure(r.Procedure) : r.NumberType.EndsWith('初') && IsSecondProcedure(r.Procedure)),
                    r.Procedure
                )
        ),
        new(
            "cause-vague",
            "案由没有写明",
            "cause",
            Ways.Case,
            "error",
            Stages.Filed,
            (r, _) => If(r.Cause.Trim().Length < 2 || r.Cause is "其他" or "待定" or "不详" or "未知" or "待查", r.Cause)
        ),
        new(
            "cause-kind",
            "案由与案件类型矛盾",
            "cause",
            Ways.Case,
            "error",
            Stages.Filed,
            (r, _) =>
                If(
                    (r.Cause.EndsWith('罪') && r.Kind is "civil" or "admin") || (r.Cause.EndsWith("纠纷", StringComparison.Ordinal) && r.Kind == "criminal"),
                    r.Cause
                )
        ),
        new("cause-unlisted", "案由不在立案时适用的案由表中", "cause", Ways.Case, "warning", Stages.Filed, (r, _) => If(r.CauseListed == false, r.Cause)),
        new(
            "cause-small-claim",
            "人身关系和确权案由不能适用小额诉讼",
            "cause",
            Ways.Case,
            "error",
            Stages.Filed,
            (r, _) => If(r.Procedure == "MC-SML" && StatusCauses.Any(s => r.Cause.Contains(s, StringComparison.Ordinal)), r.Cause)
        ),
        new(
            "amount-missing",
            "财产案件没有标的额",
            "amount",
            Ways.Case,
            "warning",
            Stages.Allotted,
            (r, _) => If(r.Kind == "civil" && r.Amount is null && MoneyCauses.Any(m => r.Cause.Contains(m, StringComparison.Ordinal)))
        ),
        new("amount-zero", "标的额为零或者为负", "amount", Ways.Case, "error", Stages.Filed, (r, _) => If(r.Amount <= 0)),
        new("amount-huge", "标的额超过一千亿元", "amount", Ways.Case, "warning", Stages.Filed, (r, _) => If(r.Amount > 10_000_000_000_000)),
        new("small-claim-amount", "小额诉讼没有标的额", "amount", Ways.Case, "error", Stages.Filed, (r, _) => If(r.Procedure == "MC-SML" && r.Amount is null))
        {
            Orders = false,
        },
        new("filed-later", "立案日期在今天之后", "filedOn", Ways.Case, "error", Stages.Filed, (r, today) => If(r.FiledOn > today, r.FiledOn)),
        new(
            "origin-missing",
            "二审或再审案件没有登记原案",
            "origin",
            Ways.Panel,
            "warning",
            Stages.Allotted,
            (r, _) => If((r.IsSecond || r.IsRetrial) && !r.HasOrigin)
        ),
        new("origin-later", "原案立案晚于本案", "origin", Ways.Panel, "error", Stages.Filed, (r, _) => If(r.OriginFiledOn > r.FiledOn, r.OriginFiledOn)),
        new("origin-self", "原案登记成了本案自己", "origin", Ways.Panel, "error", Stages.Filed, (r, _) => If(r.OriginId == r.Id && r.Id != 0)),
        new(
            "custody-kind",
            "非刑事案件登记了羁押期限",
            "custody",
            Ways.Case,
            "error",
            Stages.Filed,
            (r, _) => If(r.CustodyUntil is not null && r.Kind != "criminal", r.CustodyUntil)
        ),
        new("custody-before-filing", "羁押期限早于立案", "custody", Ways.Case, "error", Stages.Filed, (r, _) => If(r.CustodyUntil < r.FiledOn, r.CustodyUntil)),
        new(
            "custody-passed",
            "羁押期限已过而案件未结",
            "custody",
            Ways.Case,
            "error",
            Stages.Filed,
            (r, today) => If(r.Open && r.CustodyUntil < today && r.CustodyUntil >= r.FiledOn, r.CustodyUntil)
        )
        {
            Days = 1,
        },
        new("not-allotted", "还没有分案", "judge", Ways.Judge, "warning", Stages.Filed, (r, _) => If(r.Open && r.JudgeId is null)),
        new(
            "allotted-undated",
            "有承办法官而没有分案日期",
            "allottedOn",
            Ways.Case,
            "warning",
            Stages.Allotted,
            (r, _) => If(r.JudgeId is not null && r.AllottedOn is null)
        ),
        new("allotted-early", "分案日期早于立案日期", "allottedOn", Ways.Case, "error", Stages.Allotted, (r, _) => If(r.AllottedOn < r.FiledOn, r.AllottedOn)),
        new("allotted-later", "分案日期在今天之后", "allottedOn", Ways.Case, "error", Stages.Allotted, (r, today) => If(r.AllottedOn > today, r.AllottedOn)),
        new(
            "judge-gone",
            "承办法官已经离任",
            "judge",
            Ways.Judge,
            "error",
            Stages.Allotted,
            (r, _) => If(r.Open && r.JudgeId is not null && !r.JudgeActive, r.JudgeName)
        ),
        new("limit-passed", "审限已过", "clock", Ways.Clock, "error", Stages.Filed, (r, today) => If(r.Open && r.LegalEnd < today, r.LegalEnd))
        {
            Orders = false,
        },
    ];

    /// <summary>The kind a type sign implies; null where it leaves it open.</summary>
    private static string? NumberKind(CaseRecord r) => Imports.CaseReading.KindOf(r.NumberType) is { } k and not "other" ? k : null;

    /// <summary>The kind of a code of B-01; null for an unknown code.</summary>
    internal static string? ProcedureKind(string code) =>
        !TrialLimitTable.Has(code)
            ? null
            : TrialLimitTable.Get(code).Kind switch
            {
                CaseKind.Civil => "civil",
                CaseKind.Admin => "admin",
                CaseKind.Criminal => "criminal",
                CaseKind.Enforcement => "enforcement",
                _ => "compensation",
            };

    private static bool IsSecondProcedure(string code) => code is "MC-2J" or "MC-2R" or "CR-2" or "AD-2";
}
