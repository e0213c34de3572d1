using System.Globalization;
using CourtOps.Enforcement.Auctions;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Persuade;
using CourtOps.Law;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Papers;

/// <summary>A paper before it is printed.</summary>
/// <param name="To">Whom it is addressed to; empty for a ruling or decision.</param>
/// <param name="DocumentKind">Kind of the document of the case it becomes.</param>
internal sealed record PaperText(string Title, string To, IReadOnlyList<string> Paragraphs, string Signer, string DocumentKind);

/// <summary>What the papers say of their case.</summary>
/// <param name="Creditors">Names, joined; empty where nobody applies.</param>
/// <param name="Debtors">Names, joined.</param>
/// <param name="Basis">The case that was judged; empty where none is known.</param>
/// <param name="Owed">Cents; null where no amount is known.</param>
/// <param name="Costs">Cents of the fee of enforcement.</param>
internal sealed record PaperCase(string Court, string Number, string Creditors, string Debtors, string Basis, long? Owed, long Costs, DateOnly Today);

/// <summary>The texts of the papers of enforcement, all from the records; drafts, to be signed by a judge. Pure.</summary>
internal static class PaperTexts
{
    public const string Notice = "notice";
    public const string ReportOrder = "report-order";
    public const string Renew = "renew";
    public const string Release = "release";
    public const string Deduct = "deduct";
    public const string RoundEnd = "round-end";
    public const string InKind = "in-kind";

    /// <summary>Kinds of paper, Chinese; the keys of their translations.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Notice] = "执行通知书",
        [ReportOrder] = "报告财产令",
        [Renew] = "续行裁定和协助通知",
        [Release] = "解除裁定和协助通知",
        [Deduct] = "扣划裁定和协助通知",
        ["consumption"] = "限制消费令",
        ["dishonest"] = "失信决定书",
        ["exit"] = "限制出境决定书",
        ["search"] = "搜查令",
        ["fine"] = "罚款决定书",
        ["detention"] = "拘留决定书",
        [RoundEnd] = "终结本次执行程序裁定书",
        [InKind] = "以物抵债裁定书",
    };

    /// <summary>Of a person, asked for by a party.</summary>
    public static bool IsOfParty(string kind) => kind is Notice or ReportOrder;

    /// <summary>Of a measure.</summary>
    public static bool IsOfMeasure(string kind) => kind is Renew or Release or Deduct;

    /// <summary>The notice of enforcement to a debtor: to perform at once, with the interest for delay (CPL-I 480).</summary>
    public static PaperText OfNotice(PaperCase c, string debtor) =>
        new(
            "执行通知书",
            debtor,
            [
                $"{Parties(c)}执行一案，{Title(c)}已经发生法律效力。{(c.Creditors.Length > 0 ? "申请执行人向本院申请强制执行" : "本院依职权移送执行")}，本院依法立案执行。",
                "依照《中华人民共和国民事诉讼法》第二百五十一条、《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第四百八十条的规定，责令你（单位）立即履行下列义务：",
                c.Owed is { } owed ? $"一、履行生效法律文书确定的金钱债务，尚欠 {Yuan.Text(owed / 100m)} 元；" : "一、履行生效法律文书确定的义务；",
                "二、没有按指定的期间履行给付金钱义务的，加倍支付迟延履行期间的债务利息；",
                c.Costs > 0 ? $"三、负担申请执行费 {Yuan.Text(c.Costs / 100m)} 元。" : "三、负担执行中实际支出的费用。",
                "逾期不履行的，本院将依法强制执行，并可以采取限制消费、纳入失信被执行人名单、罚款、拘留等措施。",
            ],
            "（印）",
            "notice"
        );

    /// <summary>The order to report property: the present one and that of the year before the notice; changes within ten days (CPL 252; 财产调查规定 3,
    /// 6, 7).</summary>
    /// <param name="days">Days to report from the receipt of the order.</param>
    public static PaperText OfReportOrder(PaperCase c, string debtor, int days) =>
        new(
            "报告财产令",
            debtor,
            [
                $"{Parties(c)}执行一案，你（单位）没有按执行通知履行生效法律文书确定的义务。",
                $"依照《中华人民共和国民事诉讼法》第二百五十二条的规定，责令你（单位）在收到本令后 {days} 日内，如实向本院报告当前以及收到执行通知之日前一年的财产情况：收入、存款、现金、有价证券，土地使用权、房屋等不动产，交通运输工具、机器设备等动产，"
                    + $"债权、股权、投资权益、知识产权等财产性权利，以及其他应当报告的财产。",
                "报告财产后财产情况发生变动，影响申请执行人债权实现的，应当自财产变动之日起 10 日内向本院补充报告。",
                "拒绝报告、虚假报告或者无正当理由逾期报告的，本院将视情节轻重予以罚款、拘留；构成犯罪的，依法追究刑事责任。",
            ],
            "（印）",
            "notice"
        );

    /// <summary>Ruling and notice of assistance for a measure: to renew or to lift it, or to take what is frozen.</summary>
    /// <param name="kind">renew, release or deduct.</param>
    /// <param name="cents">Of a deduction.</param>
    public static PaperText OfMeasure(PaperCase c, string kind, MeasureRow m, long? cents)
    {
        var preservation = m.Basis == "preservation";
        var debtor = $"{(preservation ? "被申请人" : "被执行人")}{m.PartyName}";
        var act = Property.Acts[m.Act];
        var (ground, order) = kind switch
        {
            Renew => (
                $"本院对{debtor}的{m.AssetName}采取的{act}措施将于 {Day(m.EndOn!.Value)}届满，债务尚未清偿，需要继续控制。"
                    + $"依照《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第四百八十五条、《最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定》第二十七条的规定，裁定如下：",
                $"继续{act}{debtor}的{m.AssetName}，期限{Terms.Words(m.Kind, m.Years, m.EndOn!.Value.AddDays(1))}，自 {Day(m.EndOn!.Value.AddDays(1))}起算。"
            ),
            Release => (
                $"本院对{debtor}的{m.AssetName}采取了{act}措施，现应当解除。"
                    + $"依照《中华人民共和国民事诉讼法》和{(preservation ? "《最高人民法院关于人民法院办理财产保全案件若干问题的规定》第二十三条" : "《最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定》")}的规定，裁定如下：",
                $"解除对{debtor}的{m.AssetName}的{act}。"
            ),
            _ => (
                $"{debtor}没有履行生效法律文书确定的义务，本院已冻结其{m.AssetName}。依照《中华人民共和国民事诉讼法》第二百五十三条的规定，裁定如下：",
                $"扣划{debtor}的{m.AssetName}中的存款 {Yuan.Text((cents ?? m.Amount ?? 0) / 100m)} 元至本院案款专户。"
            ),
        };
        return new PaperText(
            preservation ? "民事裁定书（附协助执行通知书）" : "执行裁定书（附协助执行通知书）",
            "",
            [
                $"{Parties(c)}一案。{ground}",
                order,
                "本裁定立即执行。",
                $"协助执行通知：{(m.Authority.Length > 0 ? m.Authority : "协助执行单位")}，请按上述裁定协助办理，并将回执送交本院，写明办理的日期{(kind == Renew ? "、届满日和顺位" : "和结果")}。",
            ],
            preservation ? "审判人员（签名）" : "执行法官（签名）",
            "ruling"
        );
    }

    /// <summary>The order or decision on a means that was granted.</summary>
    public static PaperText OfSanction(PaperCase c, SanctionRow s)
    {
        var ground = SanctionRules.Grounds[s.Ground];
        var until = s.UntilOn is { } end ? $"，期限至 {Day(end)}" : "";
        string[] body = s.Kind switch
        {
            "consumption" =>
            [
                $"{Parties(c)}执行一案，被执行人{s.PartyName}{ground}。本院依照《中华人民共和国民事诉讼法》第二百六十六条和《最高人民法院关于限制被执行人高消费及有关消费的若干规定》，对{s.PartyName}采取限制消费措施，"
                    + $"不得实施高消费以及非生活和经营必需的消费行为。",
                "被执行人为单位的，其法定代表人、主要负责人、影响债务履行的直接责任人员、实际控制人不得以单位财产实施上述行为；因私消费以个人财产实施的，可以向本院申请。",
                "违反本令的，本院将予以罚款、拘留；情节严重构成犯罪的，依法追究刑事责任。全部履行后，本院解除限制。",
            ],
            "dishonest" =>
            [
                $"{Parties(c)}执行一案，被执行人{s.PartyName}{ground}：{s.Words}",
                $"依照《最高人民法院关于公布失信被执行人名单信息的若干规定》第一条的规定，决定将{s.PartyName}纳入失信被执行人名单{until}。",
                "对本决定有异议的，可以向本院申请纠正。",
            ],
            "exit" =>
            [
                $"{Parties(c)}执行一案，被执行人{s.PartyName}{ground}：{s.Words}",
                $"依照《中华人民共和国民事诉讼法》第二百六十六条的规定，决定限制{s.PartyName}出境{until}。",
            ],
            "search" =>
            [
                $"{Parties(c)}执行一案，被执行人{s.PartyName}{ground}：{s.Words}",
                $"依照《中华人民共和国民事诉讼法》第二百五十九条的规定，对{s.PartyName}及其住所或者财产隐匿地进行搜查。",
            ],
            "fine" =>
            [
                $"{Parties(c)}执行一案，{s.PartyName}{ground}：{s.Words}",
                $"依照《中华人民共和国民事诉讼法》第一百一十四条、第一百一十八条的规定，决定对{s.PartyName}罚款 {Yuan.Text((s.Amount ?? 0) / 100m)} 元。",
                "不服本决定的，可以向上一级人民法院申请复议一次；复议期间不停止执行。",
            ],
            _ =>
            [
                $"{Parties(c)}执行一案，{s.PartyName}{ground}：{s.Words}",
                $"依照《中华人民共和国民事诉讼法》第一百一十四条、第一百一十八条的规定，决定对{s.PartyName}拘留 {s.Days ?? 15} 日。",
                "不服本决定的，可以向上一级人民法院申请复议一次；复议期间不停止执行。",
            ],
        };
        return new PaperText(
            Labels[s.Kind],
            s.Kind == "consumption" ? s.PartyName : "",
            body,
            "院长（签名）",
            s.Kind is "consumption" or "search" ? "notice" : "ruling"
        );
    }

    /// <summary>The ruling that ends this round: what was inquired about, what was found, what is open, and what the creditor may do (终本规定; CPL-I
    /// 517).</summary>
    /// <param name="words">Property and the reasons why it cannot be disposed of, as reported.</param>
    /// <param name="paid">Cents received by the creditors.</param>
    public static PaperText OfRoundEnd(PaperCase c, string words, long paid) =>
        new(
            "终结本次执行程序裁定书",
            "",
            [
                $"{Parties(c)}执行一案，{Title(c)}已经发生法律效力。本院在执行中向被执行人发出执行通知书和报告财产令，对存款、网络资金、证券、车辆、不动产、工商登记、保险等财产进行了查询，并进行了线下调查。",
                $"财产情况：{words}",
                $"已执行到位 {Yuan.Text(paid / 100m)} 元，"
                    + $"{(c.Owed is { } owed ? $"尚有 {Yuan.Text(owed / 100m)} 元没有执行到位。" : "其余没有执行到位。")}本院已将执行情况告知申请执行人，听取了意见。被执行人暂无其他可供执行的财产，本次执行程序无法继续进行。",
                "依照《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第五百一十七条的规定，裁定如下：",
                "终结本次执行程序。",
                "申请执行人发现被执行人有可供执行财产的，可以再次申请执行；再次申请不受申请执行时效期间的限制。被执行人仍负有继续履行的义务，对其采取的限制消费措施继续有效。",
            ],
            "审判长、执行法官（签名）",
            "ruling"
        );

    /// <summary>The ruling by which a thing goes to a creditor at the reserve of the sale that failed (CPL-I 489, 491; 拍卖规定 16, 19).</summary>
    public static PaperText OfInKind(PaperCase c, AuctionRow a, DebtInKind kind) =>
        new(
            "执行裁定书（以物抵债）",
            "",
            [
                $"{Parties(c)}执行一案，本院对{a.AssetName}依法进行网络司法拍卖（变卖），{AuctionRules.Sales[a.Sale]}流拍。{a.Buyer}申请以该次拍卖的保留价接受抵债。",
                "依照《中华人民共和国民事诉讼法》第二百五十八条、《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第四百九十一条的规定，裁定如下：",
                $"一、将{a.AssetName}作价 {Yuan.Text(kind.Price / 100m)} 元，交付{a.Buyer}抵偿债务 {Yuan.Text(kind.Credited / 100m)} 元；"
                    + (kind.Difference > 0 ? $"{a.Buyer}已补交差价 {Yuan.Text(kind.Difference / 100m)} 元；" : ""),
                "二、财产所有权自本裁定送达承受人时起转移；",
                "三、承受人可以持本裁定书到登记机构办理产权过户登记手续。",
                "本裁定送达后即发生法律效力。",
            ],
            "审判长、执行法官（签名）",
            "ruling"
        );

    private static string Parties(PaperCase c) => c.Creditors.Length > 0 ? $"{c.Creditors}与{c.Debtors}" : c.Debtors;

    private static string Title(PaperCase c) => c.Basis.Length > 0 ? $"{c.Basis}生效法律文书" : "据以执行的法律文书";

    private static string Day(DateOnly day) => day.ToString("yyyy年M月d日", CultureInfo.InvariantCulture);
}
