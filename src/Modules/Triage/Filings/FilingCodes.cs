namespace CourtOps.Triage.Filings;

/// <summary>The states of a filing.</summary>
internal static class FilingState
{
    public const string Received = "received";

    /// <summary>Taken in at a court that passes it on; the court with jurisdiction has not got it yet.</summary>
    public const string Collected = "collected";

    /// <summary>Taken back by whoever handed it in, before it had a number.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>Told once and in writing what is missing; its clock stands still.</summary>
    public const string Returned = "returned";

    /// <summary>Has its case number and waits for a judge.</summary>
    public const string Registered = "registered";
    public const string Allotted = "allotted";
    public const string Refused = "refused";

    /// <summary>Not corrected in time: given back and recorded.</summary>
    public const string Lapsed = "lapsed";

    /// <summary>What somebody must still do something about.</summary>
    public static readonly string[] Open = [Collected, Received, Returned, Registered];

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Collected] = "待转交",
        [Received] = "待审查",
        [Returned] = "待补正",
        [Registered] = "待分案",
        [Allotted] = "已分案",
        [Refused] = "不予立案",
        [Lapsed] = "逾期未补正，已退回",
        [Withdrawn] = "已撤回",
    };
}

/// <summary>How a filing came in.</summary>
internal static class Channels
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["counter"] = "窗口",
        ["online"] = "网上",
        ["cross"] = "跨域",
        ["transfer"] = "移送",
        ["api"] = "接口",
    };
}

/// <summary>Kinds of case, type signs and who stands in them.</summary>
internal static class CaseKinds
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["civil"] = "民事",
        ["criminal"] = "刑事",
        ["admin"] = "行政",
        ["enforcement"] = "执行",
        ["compensation"] = "国家赔偿",
        ["other"] = "其他",
    };

    /// <summary>The type signs (E-07) a counter registers, by kind; the first is the usual one.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Types = new Dictionary<string, IReadOnlyList<string>>
    {
        ["civil"] = ["民初", "民终", "民申", "民再", "民特", "民督", "民催", "民撤"],
        ["criminal"] = ["刑初", "刑终", "刑再"],
        ["admin"] = ["行初", "行终", "行再", "行审"],
        ["enforcement"] = ["执", "执恢", "执异", "执保"],
        ["compensation"] = ["委赔", "法赔"],
        ["other"] = ["司救民", "民他"],
    };

    /// <summary>The procedure (B-01) that follows from the type sign alone; null where the facts decide.</summary>
    public static string? ProcedureOf(string type) =>
        type switch
        {
            "民终" => "MC-2J",
            "民申" => "MC-RA",
            "民再" => "MC-RT-1",
            "刑再" => "CR-RT",
            "民特" => "MC-SPE",
            "民督" => "MC-PAY-ACCEPT",
            "刑终" => "CR-2",
            "行终" => "AD-2",
            "行审" => "AD-NL-ACCEPT",
            "执" or "执恢" or "执保" => "EX",
            "执异" => "EX",
            "委赔" => "SC-C",
            "法赔" => "SC-S",
            "民催" or "民撤" or "民他" or "司救民" => "MC-ORD",
            _ => null,
        };

    /// <summary>The procedures (B-01) a case with a type sign may be tried by.</summary>
    public static IReadOnlyList<string> ProceduresOf(string kind, string type) =>
        type switch
        {
            "民终" => ["MC-2J", "MC-2R"],
            "民再" => ["MC-RT-1", "MC-RT-2"],
            "行审" => ["AD-NL-ACCEPT", "AD-NL-RULE"],
            "执" or "执恢" or "执保" => ["EX", "EX-NL"],
            "执异" => ["EX", "OT-EX-OBJECTION"],
            "委赔" or "法赔" => ["SC-C", "SC-S", "SC-R"],
            "行再" => ["AD-1", "AD-2"],
            _ when ProcedureOf(type) is { } one => [one],
            _ => kind switch
            {
                "criminal" => ["CR-1", "CR-PR", "CR-SUM", "CR-SUM-L", "CR-FT", "CR-FT-L"],
                "admin" => ["AD-1", "AD-S"],
                _ => ["MC-ORD", "MC-SUM", "MC-SML", "MC-SPE", "MC-FOR"],
            },
        };

    /// <summary>Type signs of cases that come from another case: what it is must be named.</summary>
    public static bool NeedsOrigin(string type) =>
        type is "执" or "执恢" or "执异" or "民终" or "刑终" or "行终" or "民申" or "民再" or "刑再" or "行再" or "民撤";

    /// <summary>Type signs that enforce what has taken effect: the case they come from is closed.</summary>
    public static bool NeedsEffect(string type) => type is "执" or "执恢";

    /// <summary>Roles of parties, those who claim first.</summary>
    public static readonly IReadOnlyList<string> Claimants = ["原告", "申请人", "申请执行人", "上诉人", "公诉机关", "自诉人", "赔偿请求人", "再审申请人"];

    public static readonly IReadOnlyList<string> Roles = [.. Claimants, "被告", "被告人", "被申请人", "被执行人", "被上诉人", "赔偿义务机关", "第三人"];

    public static (string Claimant, string Other) UsualRoles(string kind) =>
        kind switch
        {
            "criminal" => ("公诉机关", "被告人"),
            "enforcement" => ("申请执行人", "被执行人"),
            "compensation" => ("赔偿请求人", "赔偿义务机关"),
            "other" => ("申请人", "被申请人"),
            _ => ("原告", "被告"),
        };

    public static readonly IReadOnlyDictionary<string, string> PartyTypes = new Dictionary<string, string>
    {
        ["natural"] = "自然人",
        ["legal"] = "法人",
        ["other"] = "其他组织",
    };
}

/// <summary>Papers that a filing may need, and the kind of document each becomes.</summary>
internal static class PaperKinds
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["complaint"] = "起诉状（申请书）",
        ["identity"] = "身份证明",
        ["evidence"] = "证据材料及目录",
        ["authority"] = "授权委托手续",
        ["loan"] = "借款及交付凭证",
        ["contract"] = "合同",
        ["marriage"] = "婚姻登记证明",
        ["accident"] = "事故认定书",
        ["award"] = "劳动仲裁裁决及送达证明",
        ["indictment"] = "起诉书及案卷",
        ["act"] = "被诉行政行为材料",
        ["judgment"] = "生效法律文书",
        ["property"] = "财产线索",
        ["other"] = "其他材料",
    };

    public static string DocumentKind(string paper) =>
        paper switch
        {
            "complaint" or "indictment" => "complaint",
            "judgment" => "judgment",
            "other" or "identity" or "authority" => "other",
            _ => "evidence",
        };
}

/// <summary>What the counter ticks: the facts that choose procedure and weight.</summary>
internal static class FactCodes
{
    public static readonly IReadOnlyDictionary<string, string> Civil = new Dictionary<string, string>
    {
        ["factsClear"] = "事实清楚",
        ["rightsClear"] = "权利义务明确",
        ["disputeSmall"] = "争议不大",
        ["agreeSmall"] = "双方同意小额诉讼",
        ["agreeSimple"] = "双方同意简易程序",
        ["defendantMissing"] = "被告下落不明",
        ["manyParties"] = "当事人一方人数众多",
        ["foreign"] = "涉外",
        ["expert"] = "需要鉴定",
        ["counterclaim"] = "有反诉",
        ["personalStatus"] = "人身关系",
        ["title"] = "确权",
        ["remand"] = "发回重审",
        ["retrial"] = "再审",
        ["publicInterest"] = "公益诉讼",
        ["specialMatter"] = "特别程序事项",
        ["outsideProvince"] = "一方住所在省外",
        ["sensitive"] = "群体性或敏感",
    };

    public static readonly IReadOnlyDictionary<string, string> Criminal = new Dictionary<string, string>
    {
        ["factsClear"] = "事实清楚、证据充分",
        ["pleads"] = "认罪认罚",
        ["agreesProcedure"] = "同意适用程序",
        ["minor"] = "未成年人",
        ["blindDeafMute"] = "盲、聋、哑或限制行为能力",
        ["settledCivil"] = "附带民事已解决或没有",
        ["coAccusedObjects"] = "共同被告人有异议",
        ["privateProsecution"] = "自诉",
        ["sensitive"] = "群体性或敏感",
    };

    public static readonly IReadOnlyDictionary<string, string> Admin = new Dictionary<string, string>
    {
        ["factsClear"] = "事实清楚、权利义务明确、争议不大",
        ["summaryPenalty"] = "当场作出的行政行为",
        ["disclosure"] = "政府信息公开",
        ["bothAgree"] = "各方同意简易程序",
        ["remand"] = "发回重审",
        ["retrial"] = "再审",
        ["sensitive"] = "群体性或敏感",
    };

    private static readonly Dictionary<string, string> None = new() { ["sensitive"] = "群体性或敏感" };

    public static IReadOnlyDictionary<string, string> Of(string kind) =>
        kind switch
        {
            "civil" => Civil,
            "criminal" => Criminal,
            "admin" => Admin,
            _ => None,
        };

    public static readonly IReadOnlyDictionary<string, string> Claims = new Dictionary<string, string>
    {
        ["money"] = "给付金钱",
        ["act"] = "履行行为",
        ["confirm"] = "确认",
        ["change"] = "变更或解除",
        ["other"] = "其他",
    };
}
