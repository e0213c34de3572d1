using CourtOps.Law;
using CourtOps.Triage.Filings;

namespace CourtOps.Triage.Online;

/// <summary>What somebody's trouble is, as they would say it.</summary>
/// <param name="Label">A text key.</param>
internal sealed record Topic(string Code, string Label, string Kind, string CaseType, string Cause)
{
    /// <summary>The questions that matter here: codes of <see cref="Guidance.Questions"/>.</summary>
    public IReadOnlyList<string> Asks { get; init; } = [];
}

/// <summary>Where the questions end.</summary>
/// <param name="Form">What to hand in; a text key.</param>
/// <param name="Words">What to know before, text keys in order.</param>
/// <param name="Stop">Why this court cannot take it now; a text key, or null.</param>
internal sealed record Advice(Topic Topic, string Form, IReadOnlyList<string> Words, string? Stop, bool Mediation, long? FeeCents, FilingFacts Facts);

/// <summary>智能导诉: from trouble and answers to the right form, papers and fee. Pure; hints, no decision.</summary>
internal static class Guidance
{
    public static readonly IReadOnlyList<Topic> Topics =
    [
        new("loan", "别人借了我的钱不还", "civil", "民初", "民间借贷纠纷") { Asks = ["amount", "missing", "outside"] },
        new("sale", "买卖货物，货款或质量有争议", "civil", "民初", "买卖合同纠纷") { Asks = ["amount", "outside", "agreed"] },
        new("wages", "干了活，拿不到工钱", "civil", "民初", "追索劳动报酬纠纷") { Asks = ["amount", "receipt"] },
        new("labour", "与单位有劳动争议", "civil", "民初", "劳动争议") { Asks = ["award", "amount"] },
        new("divorce", "要离婚", "civil", "民初", "离婚纠纷") { Asks = ["pregnant", "before", "amount", "away"] },
        new("traffic", "发生了交通事故", "civil", "民初", "机动车交通事故责任纠纷") { Asks = ["amount", "outside"] },
        new("estate", "物业费或物业服务", "civil", "民初", "物业服务合同纠纷") { Asks = ["amount"] },
        new("lease", "租房", "civil", "民初", "房屋租赁合同纠纷") { Asks = ["amount", "place"] },
        new("heirs", "继承遗产", "civil", "民初", "继承纠纷") { Asks = ["amount", "place"] },
        new("injury", "身体受到伤害，要求赔偿", "civil", "民初", "健康权纠纷") { Asks = ["amount", "outside"] },
        new("order", "欠条清楚，只想要一份支付令", "civil", "民督", "申请支付令") { Asks = ["amount", "missing"] },
        new("agency", "对行政机关的处罚或决定不服", "admin", "行初", "行政处罚") { Asks = ["late"] },
        new("enforce", "判决生效了，对方不履行", "enforcement", "执", "申请执行") { Asks = ["amount", "twoYears"] },
    ];

    /// <summary>The questions; all but the amount are answered by yes or no.</summary>
    public static readonly IReadOnlyDictionary<string, string> Questions = new Dictionary<string, string>
    {
        ["amount"] = "涉及多少钱（元）",
        ["missing"] = "找不到对方的人，也联系不上",
        ["outside"] = "对方不住在本县（市、区）",
        ["agreed"] = "合同里写明由别的法院或者仲裁机构处理",
        ["receipt"] = "手里有欠条或者工资结算单",
        ["award"] = "已经拿到劳动仲裁的裁决或者不予受理通知",
        ["pregnant"] = "女方怀孕、分娩后一年内或者终止妊娠后六个月内，起诉的是男方",
        ["before"] = "六个月内起诉过离婚，被判不离或者撤了诉",
        ["away"] = "对方离开住所地超过一年",
        ["place"] = "房屋、土地或者主要遗产不在本县（市、区）",
        ["late"] = "知道这个行为已经超过六个月",
        ["twoYears"] = "履行期限届满已经超过两年",
    };

    public static Advice Of(Topic topic, IReadOnlyCollection<string> yes, decimal? amount, string? province)
    {
        bool Yes(string question) => topic.Asks.Contains(question) && yes.Contains(question);
        var words = new List<string>();
        string? stop = null;
        void Say(bool when, string text)
        {
            if (when)
                words.Add(text);
        }
        if (Yes("pregnant"))
            stop = "女方怀孕期间、分娩后一年内或者终止妊娠后六个月内，男方不得提出离婚；人民法院认为确有必要受理的除外（民法典 1082）。";
        else if (Yes("before"))
            stop = "没有新情况、新理由，六个月内又起诉的，不予受理（民事诉讼法 127）。被告起诉不受限制。";
        else if (topic.Code == "labour" && !Yes("award"))
            stop = "劳动争议要先申请劳动仲裁；对裁决不服的，收到之日起十五日内起诉。";
        else if (Yes("agreed"))
            stop = "有仲裁协议的，向仲裁机构申请；约定由其他法院管辖的，向那个法院起诉，可以在这里申请跨域立案。";
        else if (Yes("late"))
            stop = "一般应当自知道行政行为之日起六个月内起诉；有正当理由耽误的，请写明理由和证据。";
        Say(Yes("outside"), "一般由被告住所地法院管辖；合同履行地、侵权行为地的法院也可以。管辖法院在外地的，可以在这里申请跨域立案。");
        Say(Yes("place"), "不动产由不动产所在地法院、遗产由被继承人死亡时住所地或者主要遗产所在地法院专属管辖。");
        Say(Yes("away"), "对方离开住所地超过一年的，您住所地的法院也可以管辖。");
        Say(Yes("missing") && topic.Code != "order", "对方下落不明的，可以公告送达，不能适用简易程序。");
        Say(Yes("missing") && topic.Code == "order", "对方下落不明的不能用支付令，请直接起诉。");
        Say(topic.Code == "wages" && Yes("receipt"), "有欠条且诉讼请求不涉及其他争议的，可以直接起诉，不必先仲裁。");
        Say(topic.Code == "wages" && !Yes("receipt"), "没有欠条的，先向劳动监察部门投诉或者申请劳动仲裁更快。");
        Say(topic.Code == "divorce", "离婚案件应当先行调解。");
        Say(Yes("twoYears"), "申请执行的期间是两年，从履行期限届满起算；中止、中断的要提供证据。");
        Say(topic.Code == "enforce", "执行费不预交，由被执行人负担。");
        var ticks = new List<string>();
        if (Yes("missing") && topic.Kind == "civil")
            ticks.Add("defendantMissing");
        var procedure = topic.Kind == "admin" ? "AD-1" : "MC-ORD";
        var fee = FilingFee
            .Of(topic.Kind, topic.CaseType, topic.Cause, procedure, amount is > 0 and <= 9_999_999_999m ? (long)(amount.Value * 100) : null, province)
            .Cents;
        var form = topic.Kind switch
        {
            "admin" => "行政起诉状",
            "enforcement" => "执行申请书",
            _ => topic.CaseType == "民督" ? "支付令申请书" : "民事起诉状",
        };
        return new Advice(
            topic,
            form,
            words,
            stop,
            Mediation.Suitability.IsSuitable(topic.Kind, topic.CaseType, topic.Cause),
            fee,
            new FilingFacts { Ticks = ticks }
        );
    }
}
