namespace CourtOps.Law;

/// <summary>Reasons for a procedure in words.</summary>
internal static class ProcedureWords
{
    public static readonly LawText Special = new("属特别程序事项：{0}", "a matter of special procedure: {0}");
    public static readonly LawText Barred = new("不适用简易程序：{0}", "not in simple procedure: {0}");
    public static readonly LawText NotSimple = new("不同时具备事实清楚、权利义务明确、争议不大", "not all of: facts clear, rights clear, dispute small");
    public static readonly LawText AgreedSimple = new("当事人约定适用简易程序", "the parties agree on simple procedure");
    public static readonly LawText Ordinary = new(
        "适用普通程序；基本事实清楚、权利义务明确的可独任审理",
        "ordinary procedure; a single judge where basic facts and rights are clear"
    );
    public static readonly LawText SimpleCase = new(
        "事实清楚、权利义务明确、争议不大，属简单民事案件",
        "facts clear, rights clear, dispute small: a simple case"
    );
    public static readonly LawText NotMoney = new("诉讼请求不是单纯的金钱给付，不适用小额诉讼", "not all claims are for payment of money: no small claims");
    public static readonly LawText NotSmall = new("不适用小额诉讼：{0}", "no small claims: {0}");
    public static readonly LawText NoWage = new(
        "没有该省的年平均工资数据，无法判断小额诉讼，结果为暂定",
        "the province's average wage is not known; small claims cannot be judged, provisional"
    );
    public static readonly LawText Wage = new(
        "年平均工资 {0} 元（自 {1} 适用），一半为 {2} 元，二倍为 {3} 元",
        "average wage {0} yuan (from {1}); half {2}, twice {3}"
    );
    public static readonly LawText WageLapsed = new(
        "年平均工资 {0} 元（自 {1} 适用）已过期或即将更新，一半为 {2} 元，二倍为 {3} 元，结果为暂定",
        "average wage {0} yuan (from {1}) has lapsed or is due for renewal; half {2}, twice {3}; provisional"
    );
    public static readonly LawText SmallRequired = new("标的额 {0} 元不超过 {1} 元，应当适用小额诉讼", "{0} yuan, at most {1}: small claims are required");
    public static readonly LawText SmallAgreed = new(
        "标的额 {0} 元超过 {1} 元、不超过 {2} 元，双方约定适用小额诉讼",
        "{0} yuan, above {1} and at most {2}: the parties agree on small claims"
    );
    public static readonly LawText SimpleShall = new("标的额 {0} 元不超过 {1} 元，应当适用简易程序", "{0} yuan, at most {1}: simple procedure shall be used");

    public static readonly LawText HigherCourt = new("不是基层人民法院", "not a basic court");
    public static readonly LawText Missing = new("起诉时被告下落不明", "defendant missing at filing");
    public static readonly LawText Remand = new("发回重审", "remand");
    public static readonly LawText ManyParties = new("一方当事人人数众多", "many parties on one side");
    public static readonly LawText Retrial = new("适用审判监督程序", "retrial");
    public static readonly LawText PublicInterest = new("涉及国家利益、社会公共利益", "state or public interest");
    public static readonly LawText ThirdParty = new("第三人撤销之诉", "third-party revocation");
    public static readonly LawText PersonalStatus = new("人身关系纠纷", "personal status");
    public static readonly LawText Title = new("财产确权纠纷", "confirmation of title");
    public static readonly LawText Foreign = new("涉外", "foreign-related");
    public static readonly LawText ExpertOpinion = new("需要鉴定或对诉前鉴定有异议", "expert opinion needed or disputed");
    public static readonly LawText Counterclaim = new("提出反诉", "counterclaim");

    public static readonly LawText NoConsent = new(
        "未同时具备事实清楚、承认所犯罪行、对程序没有异议",
        "not all of: facts clear, crime admitted, no objection to the procedure"
    );
    public static readonly LawText SimpleBarred = new(
        "盲、聋、哑人或共同被告人有异议，不适用简易、速裁程序",
        "blind, deaf or mute, or a co-accused objects: neither simple nor fast track"
    );
    public static readonly LawText CriminalOrdinary = new("适用普通程序", "ordinary procedure");
    public static readonly LawText FastTrack = new(
        "可能判处 {0} 个月以下、认罪认罚并同意，可以适用速裁程序",
        "up to {0} months likely, guilt and punishment accepted, consent: fast track"
    );
    public static readonly LawText FastTrackBarred = new("未成年人或附带民事未调解，不适用速裁程序", "a minor, or civil claims not settled: no fast track");
    public static readonly LawText FastTrackOver = new("可能判处超过三年或刑期未知，不适用速裁程序", "over three years likely, or unknown: no fast track");
    public static readonly LawText CriminalSimple = new("可以适用简易程序；可能超过三年的由合议庭审理", "simple procedure; a panel above three years");
    public static readonly LawText AdminBarred = new("发回重审、再审案件不适用简易程序", "no simple procedure after remand or in retrial");
    public static readonly LawText AdminSimple = new(
        "事实清楚且属当场作出、二千元以下或政府信息公开，可以适用简易程序",
        "clear, and made on the spot, up to 2,000 yuan or information disclosure: simple procedure"
    );
    public static readonly LawText AdminAgreed = new("当事人各方同意适用简易程序", "all parties agree on simple procedure");
    public static readonly LawText AdminOrdinary = new(
        "不具备简易程序的条件，适用普通程序",
        "the grounds for simple procedure are missing: ordinary procedure"
    );
}
