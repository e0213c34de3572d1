using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Checks;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Drafting;

/// <summary>What a template is filled from; nothing of it is typed.</summary>
/// <param name="Hearing">The next hearing in words; null where none is booked.</param>
internal sealed record TemplateFacts(
    CaseCard Case,
    IReadOnlyList<PartyContact> Parties,
    IReadOnlyList<AgentCard> Agents,
    DateOnly Today,
    string? Hearing,
    string? Room
)
{
    /// <summary>The element form compared; empty where none was sent.</summary>
    public IReadOnlyList<Elements.Compared> Elements { get; init; } = [];

    /// <summary>Who sits; empty where no panel was formed.</summary>
    public IReadOnlyList<Sitting> Panel { get; init; } = [];

    /// <summary>Who wrote the record of the last hearing.</summary>
    public string? Clerk { get; init; }

    /// <summary>The fee under the procedure the case has; null where it is not known.</summary>
    public decimal? FeeYuan { get; init; }

    /// <summary>The claims as they were filed.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>The unit that the last order of investigation is directed to.</summary>
    public string? Unit { get; init; }

    /// <summary>Full name of the next higher court.</summary>
    public string? Upper { get; init; }
}

/// <summary>A document of daily work. What the case does not know stands as ＿＿＿＿, for a person to write.</summary>
/// <param name="Code">In the address; never changes.</param>
internal sealed record CourtTemplate(string Code, string Title, string Kind, Func<TemplateFacts, IEnumerable<DocxPara>> Body);

/// <summary>The documents that are made of a case: head, body and end are common, what lies between is each one's own.</summary>
internal static class CourtTemplates
{
    private const string Blank = "＿＿＿＿";

    public static IReadOnlyList<CourtTemplate> All { get; } =
    [
        new(
            "summons",
            "传票",
            "summons",
            f =>
                Paper(
                    f,
                    "传　票",
                    Each(f, p => $"被传唤人：{p.Name}（{p.Role}）")
                        .Concat([
                            new($"案由：{f.Case.Cause}"),
                            new($"传唤事由：开庭审理"),
                            new($"应到时间：{f.Hearing ?? Blank}"),
                            new($"应到处所：{f.Room ?? Blank}"),
                            new(
                                "注意事项：一、被传唤人必须准时到达应到处所。二、本票由被传唤人携带来院报到。三、无正当理由拒不到庭的，依法按撤诉处理或者缺席判决。"
                            ),
                        ])
                )
        ),
        new(
            "hearing-notice",
            "开庭通知书",
            "notice",
            f =>
                Paper(
                    f,
                    "出庭通知书",
                    [
                        new(string.Join('、', f.Agents.Select(a => a.Name)) is { Length: > 0 } agents ? agents + "：" : Blank + "："),
                        new($"本院受理{Sides(f)}{f.Case.Cause}一案，定于{f.Hearing ?? Blank}在{f.Room ?? Blank}公开开庭审理。请你作为诉讼代理人准时出庭。"),
                    ]
                )
        ),
        new(
            "response-notice",
            "应诉通知书",
            "notice",
            f =>
                Paper(
                    f,
                    "应诉通知书",
                    Each(f, p => p.Name + "：", Defends)
                        .Concat([
                            new($"本院已受理{Sides(f)}{f.Case.Cause}一案，现发送起诉状副本，并将有关事项通知如下："),
                            new("一、应当在收到起诉状副本之日起十五日内提出答辩状；不提出答辩状的，不影响本院审理。"),
                            new("二、应当提交身份证明；需要委托代理人的，应当提交授权委托书。"),
                            new($"三、本案由审判员{f.Case.JudgeName ?? Blank}承办。对审判人员认为需要回避的，可以申请。"),
                        ])
                )
        ),
        new(
            "evidence-notice",
            "举证通知书",
            "notice",
            f =>
                Paper(
                    f,
                    "举证通知书",
                    Each(f, p => p.Name + "：")
                        .Concat([
                            new("一、当事人应当对自己提出的主张提供证据，在举证期限内提交；期限自收到本通知之日起不少于十五日。"),
                            new("二、逾期提供证据的，本院责令说明理由；拒不说明或者理由不成立的，可以不予采纳或者采纳但予以训诫、罚款。"),
                            new("三、申请鉴定、申请本院调查收集证据的，应当在举证期限内提出。"),
                        ])
                )
        ),
        new(
            "withdrawal-ruling",
            "准许撤诉裁定书",
            "ruling",
            f =>
                Court(
                    f,
                    Kind(f) + "裁定书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，本院于{Day(f.Case.FiledOn)}立案。{Claimant(f)}于{Blank}向本院提出撤诉申请。"),
                        new(
                            "本院认为，当事人有权在法律规定的范围内处分自己的民事权利和诉讼权利。撤诉申请不违反法律规定，应予准许。依照《中华人民共和国民事诉讼法》第一百四十八条第一款规定，裁定如下："
                        ),
                        new($"准许{Claimant(f)}撤回起诉。"),
                        new($"{HalfFee(f)}，由{Claimant(f)}负担。"),
                    ]
                )
        ),
        new(
            "mediation",
            "民事调解书",
            "mediation",
            f =>
                Court(
                    f,
                    Kind(f) + "调解书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，本院于{Day(f.Case.FiledOn)}立案后，依法进行了审理。"),
                        new("本案审理过程中，经本院主持调解，当事人自愿达成如下协议："),
                        new($"一、{Blank}；"),
                        new($"二、{Blank}。"),
                        new("上述协议，不违反法律规定，本院予以确认。"),
                        new($"{HalfFee(f)}，由{Blank}负担。"),
                        new("本调解书经各方当事人签收后，即具有法律效力。"),
                    ]
                )
        ),
        new(
            "judgment",
            "民事判决书（一审）",
            "judgment",
            f =>
                Court(
                    f,
                    Kind(f) + "判决书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，本院于{Day(f.Case.FiledOn)}立案后，依法适用{Procedure(f)}，公开开庭进行了审理。本案现已审理终结。"),
                        new($"{Claimant(f)}向本院提出诉讼请求：{Asked(f)}。事实和理由：{Blank}。"),
                        new($"被告辩称，{Blank}。"),
                        new($"本院经审理认定事实如下：{Blank}。"),
                        new($"本院认为，{Blank}。"),
                        new($"综上，依照《中华人民共和国民法典》{Blank}，《中华人民共和国民事诉讼法》{Blank}规定，判决如下："),
                        new($"一、{Blank}；"),
                        new($"二、驳回{Claimant(f)}的其他诉讼请求。"),
                        new(
                            "如果未按本判决指定的期间履行给付金钱义务，应当依照《中华人民共和国民事诉讼法》第二百六十四条规定，加倍支付迟延履行期间的债务利息。"
                        ),
                        new($"{Fee(f)}，由{Blank}负担。"),
                        f.Case.ProcedureCode == "MC-SML"
                            ? new("本判决为终审判决。")
                            : new($"如不服本判决，可以在判决书送达之日起十五日内，向本院递交上诉状，并按照对方当事人的人数提出副本，上诉于{Upper(f)}。"),
                    ]
                )
        ),
        new(
            "jurisdiction-ruling",
            "管辖异议裁定书",
            "ruling",
            f =>
                Court(
                    f,
                    Kind(f) + "裁定书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，本院于{Day(f.Case.FiledOn)}立案。{Blank}在提交答辩状期间，对管辖权提出异议认为，{Blank}。"),
                        new($"本院经审查认为，{Blank}。依照《中华人民共和国民事诉讼法》第一百三十条第一款规定，裁定如下："),
                        new($"驳回{Blank}对本案管辖权提出的异议。"),
                        new($"案件受理费{Blank}元，由{Blank}负担。"),
                        new($"如不服本裁定，可以在裁定书送达之日起十日内，向本院递交上诉状，并按照对方当事人的人数提出副本，上诉于{Upper(f)}。"),
                    ]
                )
        ),
        new(
            "transfer-letter",
            "上诉案件移送函",
            "notice",
            f =>
                Paper(
                    f,
                    "上诉案件移送函",
                    [
                        new($"{Upper(f)}："),
                        new($"本院审结的{f.Case.Number}{Sides(f)}{f.Case.Cause}一案，{Blank}不服提出上诉。现将上诉状及全部案卷、证据移送你院，请查收。"),
                        new("附：一、一审卷宗＿册；二、上诉状＿份；三、答辩状＿份；四、送达回证＿份；五、证据＿份。"),
                    ]
                )
        ),
        new(
            "effect-certificate",
            "裁判文书生效证明",
            "other",
            f =>
                Paper(f, "裁判文书生效证明书", [new($"本院{f.Case.Number}{Sides(f)}{f.Case.Cause}一案的{Blank}，已于{Blank}发生法律效力。"), new("特此证明。")])
        ),
        new(
            "correction-ruling",
            "补正裁定书",
            "ruling",
            f =>
                Court(
                    f,
                    Kind(f) + "裁定书",
                    [
                        new($"本院于{Blank}作出的{f.Case.Number}民事判决书中有笔误，应予补正。"),
                        new("本院认为，判决书中的笔误应当补正。依照《中华人民共和国民事诉讼法》第一百五十七条第一款第七项规定，裁定如下："),
                        new($"{f.Case.Number}民事判决书第{Blank}页第{Blank}行“{Blank}”补正为“{Blank}”。"),
                    ]
                )
        ),
        new(
            "private-ruling",
            "不公开审理决定书",
            "notice",
            f =>
                Paper(
                    f,
                    "决定书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，经审查，本案涉及{Blank}。依照《中华人民共和国民事诉讼法》第一百三十七条规定，决定如下："),
                        new("本案不公开审理。"),
                    ]
                )
        ),
        new(
            "adjourn-notice",
            "延期开庭通知书",
            "notice",
            f =>
                Paper(
                    f,
                    "延期开庭通知书",
                    Each(f, p => p.Name + "：")
                        .Concat([
                            new(
                                $"{Sides(f)}{f.Case.Cause}一案，原定{Blank}开庭。因{Blank}，依照《中华人民共和国民事诉讼法》第一百四十九条规定，延期至{f.Hearing ?? Blank}在{f.Room ?? Blank}开庭，请准时到庭。"
                            ),
                        ])
                )
        ),
        new(
            "service-address",
            "送达地址确认书",
            "notice",
            f =>
                Paper(
                    f,
                    "送达地址确认书",
                    [
                        new("一、当事人应当准确填写送达地址；拒绝提供的，依法以户籍登记、依法登记注册的住所为送达地址。"),
                        new("二、提供的地址不准确、变更后未告知，致文书未能实际接收的，文书退回之日视为送达之日。"),
                        new("三、同意电子送达的，到达特定系统即视为送达。"),
                        new($"受送达人：{Blank}　送达地址：{Blank}　邮编：{Blank}　电话：{Blank}"),
                        new($"是否同意电子送达：{Blank}　电子邮箱或者手机号：{Blank}"),
                        new($"受送达人（签名）：{Blank}"),
                    ]
                )
        ),
        new(
            "fee-notice",
            "缴纳诉讼费用通知书",
            "notice",
            f =>
                Paper(
                    f,
                    "缴纳诉讼费用通知书",
                    [
                        new($"{Claimant(f)}："),
                        new(
                            $"你方{f.Case.Cause}一案，应当预交案件受理费{Paid(f)}元。请在收到本通知次日起七日内交纳；期满未交纳又未提出司法救助申请的，按撤诉处理。"
                        ),
                    ]
                )
        ),
        new(
            "expert-entrust",
            "委托鉴定书",
            "other",
            f =>
                Paper(
                    f,
                    "委托鉴定书",
                    [
                        new($"{Blank}（鉴定机构）："),
                        new(
                            $"本院审理的{f.Case.Number}{Sides(f)}{f.Case.Cause}一案，需对{Blank}进行鉴定。现委托你机构于收到材料之日起三十个工作日内出具鉴定意见；案情复杂的，不超过六十个工作日。"
                        ),
                        new("鉴定人应当签署承诺书；不得超出委托范围，不得违反规定与当事人接触。"),
                        new($"附：鉴定材料清单＿份。"),
                    ]
                )
        ),
        new(
            "preservation-ruling",
            "财产保全裁定书",
            "ruling",
            f =>
                Court(
                    f,
                    Kind(f) + "裁定书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，{Claimant(f)}于{Blank}向本院申请财产保全，请求{Blank}，并提供{Blank}作为担保。"),
                        new("本院经审查认为，申请符合法律规定。依照《中华人民共和国民事诉讼法》第一百零三条、第一百零五条、第一百零六条规定，裁定如下："),
                        new($"{Blank}。"),
                        new($"案件申请费{Blank}元，由{Claimant(f)}负担。"),
                        new("本裁定立即开始执行。"),
                        new("如不服本裁定，可以自收到裁定书之日起五日内向本院申请复议一次。复议期间不停止裁定的执行。"),
                    ]
                )
        ),
        new(
            "release-ruling",
            "解除保全裁定书",
            "ruling",
            f =>
                Court(
                    f,
                    Kind(f) + "裁定书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，本院于{Blank}作出财产保全裁定。现{Blank}。"),
                        new("依照《中华人民共和国民事诉讼法》第一百零七条规定，裁定如下："),
                        new($"解除对{Blank}的{Blank}。"),
                        new("本裁定立即开始执行。"),
                    ]
                )
        ),
        new(
            "suspend-ruling",
            "中止诉讼裁定书",
            "ruling",
            f =>
                Court(
                    f,
                    Kind(f) + "裁定书",
                    [
                        new($"本院在审理{Sides(f)}{f.Case.Cause}一案中，因{Blank}。"),
                        new("依照《中华人民共和国民事诉讼法》第一百五十三条规定，裁定如下："),
                        new("本案中止诉讼。"),
                    ]
                )
        ),
        new(
            "convert-ruling",
            "转换程序裁定书",
            "ruling",
            f =>
                Court(
                    f,
                    Kind(f) + "裁定书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，本院于{Day(f.Case.FiledOn)}立案后，依法适用{Procedure(f)}。因{Blank}，不宜适用{Procedure(f)}。"),
                        new("依照《中华人民共和国民事诉讼法》第一百七十条规定，裁定如下："),
                        new("本案转为普通程序。"),
                    ]
                )
        ),
        new(
            "dismiss-ruling",
            "驳回起诉裁定书",
            "ruling",
            f =>
                Court(
                    f,
                    Kind(f) + "裁定书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，本院于{Day(f.Case.FiledOn)}立案后，依法进行审理。"),
                        new($"本院经审查认为，{Blank}。依照《中华人民共和国民事诉讼法》第一百二十二条、第一百五十七条第一款第三项规定，裁定如下："),
                        new($"驳回{Claimant(f)}的起诉。"),
                        new($"如不服本裁定，可以在裁定书送达之日起十日内，向本院递交上诉状，并按照对方当事人的人数提出副本，上诉于{Upper(f)}。"),
                    ]
                )
        ),
        new(
            "deemed-withdrawn",
            "按撤诉处理裁定书",
            "ruling",
            f =>
                Court(
                    f,
                    Kind(f) + "裁定书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，{Claimant(f)}经传票传唤，无正当理由拒不到庭。"),
                        new("依照《中华人民共和国民事诉讼法》第一百四十六条规定，裁定如下："),
                        new($"本案按{Claimant(f)}撤回起诉处理。"),
                        new($"{HalfFee(f)}，由{Claimant(f)}负担。"),
                    ]
                )
        ),
        new(
            "investigation-order",
            "律师调查令",
            "other",
            f =>
                Paper(
                    f,
                    "律师调查令",
                    [
                        new($"{f.Unit ?? Blank + "（协助调查单位）"}："),
                        new(
                            $"本院受理的{f.Case.Number}{Sides(f)}{f.Case.Cause}一案，根据{Blank}的申请，现批准由律师{f.Agents.Select(a => a.Name).FirstOrDefault() ?? Blank}持本令向你单位调查收集下列证据：{Blank}。"
                        ),
                        new($"本令有效期限自{Day(f.Today)}至{Day(f.Today.AddDays(15))}。不得用于证人证言，不得涉及国家秘密、商业秘密和个人隐私。"),
                    ]
                )
        ),
        new(
            "hearing-record",
            "庭审笔录（提纲）",
            "other",
            f =>
                Paper(
                    f,
                    "法庭审理笔录",
                    [
                        new($"时间：{f.Hearing ?? Blank}　地点：{f.Room ?? Blank}"),
                        new($"案由：{f.Case.Cause}"),
                        new($"审判人员：{f.Case.JudgeName ?? Blank}　书记员：{f.Clerk ?? Blank}"),
                        .. Each(f, p => $"{p.Role}：{p.Name}，到庭情况：{Blank}"),
                        new("一、核对当事人身份，宣布案由、审判人员和书记员名单，告知权利义务，询问是否申请回避。"),
                        new("二、法庭调查：陈述、答辩、举证、质证。"),
                        new("三、法庭辩论。"),
                        new("四、最后意见。"),
                        new("五、调解。"),
                        new("以上笔录经核对无误（签名）：" + Blank),
                    ]
                )
        ),
        new(
            "search-report",
            "类案检索报告",
            "other",
            f =>
                Paper(
                    f,
                    "类案检索报告",
                    [
                        new($"一、检索案件：{f.Case.Number}{Sides(f)}{f.Case.Cause}。"),
                        new($"二、检索主体和时间：{f.Case.JudgeName ?? Blank}，{Day(f.Today)}。"),
                        new($"三、检索平台和方法：{Blank}。"),
                        new($"四、检索结果（按指导性案例、入库案例、上级法院案例、本院案例排列）：{Blank}。"),
                        new($"五、与本案的异同，是否参照：{Blank}。"),
                        new("（本报告入副卷。）"),
                    ]
                )
        ),
        new(
            "element-judgment",
            "要素式民事判决书",
            "judgment",
            f =>
                Court(
                    f,
                    Kind(f) + "判决书",
                    [
                        new($"{Sides(f)}{f.Case.Cause}一案，本院于{Day(f.Case.FiledOn)}立案后，依法适用{Procedure(f)}，公开开庭进行了审理。本案现已审理终结。"),
                        new($"{Claimant(f)}向本院提出诉讼请求：{Asked(f)}。"),
                        new("一、双方无争议的要素："),
                        .. ElementLines(f, Elements.Standing.Agreed),
                        new("二、双方有争议的要素及本院的认定："),
                        .. ElementLines(f, Elements.Standing.Disputed),
                        new("三、只有一方陈述的要素："),
                        .. ElementLines(f, Elements.Standing.OnlyClaim),
                        .. ElementLines(f, Elements.Standing.OnlyDefence),
                        new($"综上，依照《中华人民共和国民法典》{Blank}，《中华人民共和国民事诉讼法》{Blank}规定，判决如下："),
                        new($"一、{Blank}；"),
                        new($"二、驳回{Claimant(f)}的其他诉讼请求。"),
                        new(
                            "如果未按本判决指定的期间履行给付金钱义务，应当依照《中华人民共和国民事诉讼法》第二百六十四条规定，加倍支付迟延履行期间的债务利息。"
                        ),
                        new($"{Fee(f)}，由{Blank}负担。"),
                        new(
                            f.Case.ProcedureCode == "MC-SML"
                                ? "本判决为终审判决。"
                                : $"如不服本判决，可以在判决书送达之日起十五日内，向本院递交上诉状，并按照对方当事人的人数提出副本，上诉于{Upper(f)}。"
                        ),
                    ]
                )
        ),
        new(
            "panel-notice",
            "审判组织告知书",
            "notice",
            f =>
                Paper(
                    f,
                    "审判组织成员告知书",
                    Each(f, p => p.Name + "：")
                        .Concat([
                            new(
                                $"{Sides(f)}{f.Case.Cause}一案，由审判员{f.Case.JudgeName ?? Blank}{(f.Case.ProcedureCode is "MC-SUM" or "MC-SML" ? "独任审判" : $"与{Blank}组成合议庭审判")}，书记员{f.Clerk ?? Blank}担任记录。"
                            ),
                            new("认为上述人员需要回避的，可以申请回避并说明理由。"),
                        ])
                )
        ),
    ];

    /// <summary>Null where there is no such template.</summary>
    public static CourtTemplate? Find(string code) => All.FirstOrDefault(t => t.Code == code);

    private static IEnumerable<DocxPara> ElementLines(TemplateFacts f, Elements.Standing standing)
    {
        var rows = f.Elements.Where(e => e.Standing == standing).ToList();
        if (rows.Count == 0)
            return standing == Elements.Standing.OnlyDefence ? [] : [new(Blank + "。")];
        return rows.Select(e => new DocxPara(
            standing switch
            {
                Elements.Standing.Agreed => $"{e.Element.Label}：{e.Values[0].Value}。",
                Elements.Standing.Disputed =>
                    $"{e.Element.Label}：{string.Join("；", e.Values.Select(v => $"{v.Role}{v.Party}称{v.Value}"))}。本院认定：{Blank}。",
                _ => $"{e.Element.Label}：{string.Join("；", e.Values.Select(v => $"{v.Role}{v.Party}称{v.Value}"))}。",
            },
            ParaStyle.Body,
            "要素表：" + string.Join('、', e.Values.Select(v => v.Role + v.Party).Distinct())
        ));
    }

    private static IEnumerable<DocxPara> Paper(TemplateFacts f, string title, IEnumerable<DocxPara> body) =>
        [
            new(Name(f), ParaStyle.Title),
            new(title, ParaStyle.Title),
            new(f.Case.Number, ParaStyle.Right),
            .. body,
            new(Name(f), ParaStyle.Right),
            new(Numerals.Write(f.Today), ParaStyle.Right),
        ];

    private static IEnumerable<DocxPara> Court(TemplateFacts f, string title, IEnumerable<DocxPara> body) =>
        [
            new(Name(f), ParaStyle.Title),
            new(title, ParaStyle.Title),
            new(f.Case.Number, ParaStyle.Right),
            .. f.Parties.SelectMany(p =>
                f.Agents.Where(a => a.PartyId == p.Id)
                    .Select(a => new DocxPara($"委托诉讼代理人：{a.Name}，{(a.AgentType.Length > 0 ? a.AgentType : Blank)}。"))
                    .Prepend(p.PartyType == "natural" ? Person(p) : new DocxPara($"{p.Role}：{p.Name}，住所地{Blank}。法定代表人：{Blank}，职务：{Blank}。"))
            ),
            .. body,
            .. Signers(f).Select(x => new DocxPara(x, ParaStyle.Right)),
            new(Numerals.Write(f.Today), ParaStyle.Right),
            new($"书　记　员　　{f.Clerk ?? Blank}", ParaStyle.Right),
        ];

    // the record has the short name; the province is written before it
    internal static string Name(TemplateFacts f) => Full(f.Case.CourtName, Law.CaseNumber.TryParse(f.Case.Number, out var n) ? n.Court : "");

    /// <summary>The full name of a court by its sign.</summary>
    internal static string Full(string name, string sign) =>
        sign.StartsWith('吉') && !name.StartsWith("吉林省", StringComparison.Ordinal) ? "吉林省" + name : name;

    /// <summary>The kind of case as titles have it: 民事, 刑事, 行政, 执行, 国家赔偿.</summary>
    internal static string Kind(TemplateFacts f) =>
        f.Case.Kind switch
        {
            "criminal" => "刑事",
            "admin" => "行政",
            "enforcement" => "执行",
            "compensation" => "国家赔偿",
            _ => "民事",
        };

    /// <summary>The post under which somebody of the panel signs.</summary>
    internal static string Post(Sitting s) =>
        s.Role switch
        {
            "presider" => "审判长",
            "assessor" => "人民陪审员",
            _ => "审判员",
        };

    private static IEnumerable<string> Signers(TemplateFacts f) =>
        f.Panel.Count > 1
            ? f.Panel.Select(s => (Post(s) is { Length: 3 } post ? string.Join('　', post.ToCharArray()) : Post(s)) + "　　" + s.Name)
            : [$"审　判　员　　{f.Case.JudgeName ?? Blank}"];

    // sex and day of birth are in the number; the number itself stands in no document
    private static DocxPara Person(PartyContact p) =>
        IdFacts.Of(p.IdNumber) is { } id
            ? new DocxPara($"{p.Role}：{p.Name}，{id.Sex}，{Day(id.Born)}出生，{Blank}族，住{Blank}。")
            : new DocxPara($"{p.Role}：{p.Name}，{Blank}（性别），{Blank}年{Blank}月{Blank}日出生，{Blank}族，住{Blank}。");

    private static string Upper(TemplateFacts f) => f.Upper ?? Blank + "中级人民法院";

    private static string Paid(TemplateFacts f) => f.FeeYuan is { } fee ? TemplateFields.Yuan(fee) : Blank;

    private static decimal? Whole(TemplateFacts f) =>
        f.FeeYuan is { } fee
            ? CaseFile.IsHalved(f.Case.ProcedureCode)
                ? fee * 2
                : fee
            : null;

    private static string HalfFee(TemplateFacts f) =>
        Whole(f) is { } fee
            ? $"案件受理费{TemplateFields.Yuan(fee)}元，减半收取计{TemplateFields.Yuan(Law.Yuan.Round(fee / 2))}元"
            : $"案件受理费{Blank}元，减半收取计{Blank}元";

    /// <summary>The words of the fee: halved where the procedure halves it (诉讼费用交纳办法第十六条).</summary>
    internal static string Fee(TemplateFacts f) => CaseFile.IsHalved(f.Case.ProcedureCode) ? HalfFee(f) : $"案件受理费{Paid(f)}元";

    private static string Asked(TemplateFacts f) =>
        f.Claims.Count > 0 ? string.Join('；', f.Claims.Select((c, i) => $"{i + 1}.{c.TrimEnd('。', '；')}")) : $"1.{Blank}；2.诉讼费由被告负担";

    internal static bool Defends(PartyContact p) => p.Role is "被告" or "被申请人" or "被上诉人" or "第三人";

    private static IEnumerable<DocxPara> Each(TemplateFacts f, Func<PartyContact, string> words, Func<PartyContact, bool>? which = null) =>
        f.Parties.Where(which ?? (_ => true)).Select(p => new DocxPara(words(p)));

    private static string Claimant(TemplateFacts f) => f.Parties.FirstOrDefault(p => !Defends(p)) is { } p ? p.Role + p.Name : Blank;

    internal static string Sides(TemplateFacts f) =>
        string.Join("与", f.Parties.GroupBy(p => p.Role).Select(g => g.Key + string.Join('、', g.Select(p => p.Name))));

    internal static string Day(DateOnly day) => $"{day.Year}年{day.Month}月{day.Day}日";

    internal static string Procedure(TemplateFacts f) =>
        f.Case.ProcedureCode switch
        {
            "MC-SML" => "小额诉讼程序",
            "MC-SUM" => "简易程序",
            _ => "普通程序",
        };
}
