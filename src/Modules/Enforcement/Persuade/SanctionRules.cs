using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Persuade;

/// <summary>Means against debtors who do not perform: what each needs, how long it holds, when it must end. Pure.</summary>
internal static class SanctionRules
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["report"] = "责令报告财产",
        ["consumption"] = "限制消费",
        ["dishonest"] = "纳入失信名单",
        ["exit"] = "限制出境",
        ["search"] = "搜查",
        ["fine"] = "罚款",
        ["detention"] = "司法拘留",
    };

    /// <summary>Grounds of the dishonest list (公布失信规定 1) and of the other means.</summary>
    public static readonly IReadOnlyDictionary<string, string> Grounds = new Dictionary<string, string>
    {
        ["unperformed"] = "未按执行通知履行",
        ["able"] = "有履行能力而拒不履行",
        ["obstruct"] = "以伪造证据、暴力、威胁等妨碍、抗拒执行",
        ["evade"] = "以虚假诉讼、隐匿转移财产等规避执行",
        ["report"] = "违反财产报告制度",
        ["consume"] = "违反限制消费令",
        ["settle"] = "无正当理由拒不履行执行和解协议",
        ["books"] = "隐匿财产、会计账簿",
        ["third"] = "协助义务人拒不协助",
    };

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["asked"] = "待审批",
        ["active"] = "生效中",
        ["refused"] = "未批准",
        ["ended"] = "已结束",
        ["done"] = "已实施",
    };

    /// <summary>Why a means ended.</summary>
    public static readonly IReadOnlyDictionary<string, string> Ends = new Dictionary<string, string>
    {
        ["performed"] = "已履行",
        ["settled"] = "和解履行完毕",
        ["applied"] = "申请执行人书面申请",
        ["security"] = "提供担保",
        ["expired"] = "期限届满",
        ["mistaken"] = "错误，更正",
        ["withdrawn"] = "撤销案件",
        ["other"] = "其他",
    };

    private static readonly string[] Dishonest = ["able", "obstruct", "evade", "report", "consume", "settle"];

    /// <summary>Acts that are done once; the others hold until they end.</summary>
    public static bool IsOnce(string kind) => kind is "search" or "fine" or "detention" or "report";

    /// <summary>What of the law stands against it; null for nothing.</summary>
    /// <param name="natural">The party is a natural person.</param>
    /// <param name="noticed">The notice of enforcement was sent: nothing is late before it.</param>
    /// <param name="minor">Known to be under age.</param>
    /// <param name="cents">Of a fine.</param>
    /// <param name="days">Of a detention.</param>
    public static RuleBroken? Judge(string kind, string ground, bool natural, bool noticed, bool minor, long? cents, int? days) =>
        kind switch
        {
            not "report" when !noticed => new RuleBroken("执行通知书还没有发出，不能采取惩戒措施；请先在财产台账登记节点。", "Kind", "no-notice"),
            "dishonest" when !Dishonest.Contains(ground) => new RuleBroken(
                "纳入失信名单须有法定情形（公布失信规定第1条）：单纯未履行的，只能限制消费。",
                "Ground",
                "ground"
            ),
            "dishonest" when minor => new RuleBroken("未成年人不得纳入失信名单（公布失信规定第4条）。", "PartyId", "minor"),
            "detention" when !natural => new RuleBroken("司法拘留只能对自然人；对单位的，拘留其主要负责人或者直接责任人员。", "PartyId", "unit"),
            "detention" when days is null or < 1 or > 15 => new RuleBroken("拘留的期限为十五日以下（民诉法第118条）。", "Days", "days"),
            "fine" when natural && cents is null or <= 0 or > 10_000_000 => new RuleBroken(
                "对个人的罚款为人民币十万元以下（民诉法第118条）。",
                "Amount",
                "amount"
            ),
            "fine" when !natural && cents is null or < 5_000_000 or > 100_000_000 => new RuleBroken(
                "对单位的罚款为人民币五万元以上一百万元以下（民诉法第118条）。",
                "Amount",
                "amount"
            ),
            _ => null,
        };

    /// <summary>The last day of a means; null where it holds until performance. On the dishonest list two years, but without a term for those able who refuse
    /// (公布失信规定 2).</summary>
    public static DateOnly? Until(string kind, string ground, DateOnly from, int? days) =>
        kind switch
        {
            "dishonest" when ground != "able" => from.AddYears(2),
            "detention" => from.AddDays(days ?? 15),
            _ => null,
        };
}
