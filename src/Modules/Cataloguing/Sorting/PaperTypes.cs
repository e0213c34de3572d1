namespace CourtOps.Cataloguing.Sorting;

/// <param name="Kind">The kind of the document in the case: complaint, judgment, proof …</param>
/// <param name="Secondary">Belongs into the secondary volume (副卷) and nowhere else.</param>
/// <param name="Sealed">A seal is expected on it.</param>
/// <param name="OfParty">Its title names the party it comes from or goes to.</param>
internal sealed record PaperType(string Code, string Label, string Kind, bool Secondary = false, bool Sealed = false, bool OfParty = false);

/// <summary>The types of papers (F-02), the words they are known by, and their order by kind of case. What is here is the default of two tables administrators change.</summary>
internal static class PaperTypes
{
    public const string Other = "other";

    public static readonly IReadOnlyList<PaperType> All =
    [
        new("complaint", "起诉状", "complaint", OfParty: true), new("indictment", "起诉书", "complaint", Sealed: true), new("oral-complaint", "口诉笔录", "complaint", OfParty: true),
        new("enforcement-application", "执行申请书", "complaint", OfParty: true), new("state-claim", "国家赔偿申请书", "complaint", OfParty: true), new("counterclaim", "反诉状", "complaint", OfParty: true),
        new("filing-approval", "立案审批表", "other"), new("acceptance", "受理案件通知书", "notice", Sealed: true), new("fee", "诉讼费票据", "other"), new("fee-relief", "缓减免交申请及审批", "other", OfParty: true),
        new("respond-notice", "应诉通知书", "notice", Sealed: true), new("proof-notice", "举证通知书", "notice", Sealed: true), new("panel-notice", "合议庭组成人员通知书", "notice", Sealed: true),
        new("rights-notice", "诉讼权利义务告知书", "notice"), new("defence", "答辩状", "other", OfParty: true), new("power-of-attorney", "授权委托书", "other", OfParty: true), new("agent-letter", "律师事务所函", "other", Sealed: true),
        new("representative", "法定代表人身份证明", "other", OfParty: true), new("identity", "主体资格材料", "evidence", OfParty: true), new("evidence-list", "证据目录", "evidence", OfParty: true), new("contract", "合同", "evidence"),
        new("iou", "借条欠条收条", "evidence"), new("bank-record", "银行流水和转账凭证", "evidence"), new("evidence", "证据材料", "evidence", OfParty: true), new("inquiry", "询问调查笔录", "other"),
        new("investigation-order", "调查令及回函", "other"), new("appraisal-order", "鉴定委托书", "other", Sealed: true), new("appraisal", "鉴定意见书", "evidence", Sealed: true), new("preservation-application", "保全申请书", "other", OfParty: true),
        new("guarantee", "担保书保函", "other", Sealed: true), new("preservation", "保全裁定书", "ruling", Sealed: true), new("assist-notice", "协助执行通知书", "notice", Sealed: true), new("seizure-list", "查封扣押清单", "other"),
        new("mediation-record", "调解笔录", "other"), new("mediation-agreement", "调解协议", "other"), new("address", "送达地址确认书", "other", OfParty: true), new("hearing-notice", "开庭通知书", "notice", Sealed: true),
        new("summons", "传票", "summons", Sealed: true, OfParty: true), new("announcement", "公告", "notice", Sealed: true), new("transcript", "庭审笔录", "other"), new("agent-opinion", "代理词辩护词", "other", OfParty: true),
        new("withdrawal", "撤诉申请书", "other", OfParty: true), new("judgment", "判决书", "judgment", Sealed: true), new("ruling", "裁定书", "ruling", Sealed: true), new("mediation", "调解书", "mediation", Sealed: true),
        new("decision", "决定书", "notice", Sealed: true), new("payment-order", "支付令", "ruling", Sealed: true), new("pronouncement", "宣判笔录", "other"), new("service-proof", "送达回证", "proof", OfParty: true),
        new("post-receipt", "邮寄回执", "proof"), new("appeal", "上诉状", "complaint", OfParty: true), new("appeal-transfer", "上诉移送函", "other", Sealed: true), new("return-letter", "退卷函", "other", Sealed: true),
        new("effect-certificate", "生效证明", "other", Sealed: true), new("advice", "司法建议书", "other", Sealed: true), new("execution-notice", "执行通知书", "notice", Sealed: true),
        new("property-report", "报告财产令", "notice", Sealed: true), new("measure", "执行措施文书", "notice", Sealed: true), new("valuation", "评估报告", "evidence", Sealed: true), new("auction", "拍卖文书", "notice", Sealed: true),
        new("settlement", "执行和解协议", "other"), new("money-receipt", "款物收付凭证", "other"), new("closing-report", "结案报告", "other"), new("arrest", "强制措施文书", "other", Sealed: true),
        new("interrogation", "讯问笔录", "other"), new("defender-papers", "辩护人材料", "other"), new("remark", "备考表", "other"), new("cover", "卷宗封面", "other"), new("catalogue", "卷内目录", "other"),
        new("reading-notes", "阅卷笔录", "other", Secondary: true), new("trial-report", "审理报告", "other", Secondary: true), new("internal-opinion", "内部交换意见", "other", Secondary: true),
        new("instruction", "请示批复", "other", Secondary: true), new("leader-note", "领导批示", "other", Secondary: true), new("deliberation", "合议庭评议笔录", "other", Secondary: true),
        new("committee", "审委会讨论记录", "other", Secondary: true), new("signed-original", "裁判文书签发稿", "other", Secondary: true), new(Other, "其他材料", "other"),
    ];

    private static readonly Dictionary<string, PaperType> ByCode = All.ToDictionary(t => t.Code);

    public static readonly IReadOnlyDictionary<string, string> Labels = All.ToDictionary(t => t.Code, t => t.Label);

    public static PaperType Of(string code) => ByCode.GetValueOrDefault(code) ?? ByCode[Other];

    /// <summary>Words that stand as a title, by type; several ways to write each.</summary>
    public static readonly IReadOnlyList<(string Type, string[] Words)> Titles =
    [
        ("counterclaim", ["民事反诉状", "反诉状"]), ("complaint", ["民事起诉状", "行政起诉状", "刑事自诉状", "刑事附带民事起诉状", "起诉状", "民事诉状", "自诉状"]), ("oral-complaint", ["口头起诉笔录", "口诉笔录"]),
        ("indictment", ["公诉书", "起诉书"]), ("enforcement-application", ["强制执行申请书", "申请执行书", "执行申请书"]), ("state-claim", ["国家赔偿申请书", "赔偿申请书"]), ("filing-approval", ["立案审批表", "立案登记表"]),
        ("acceptance", ["受理案件通知书", "立案通知书", "受理通知书"]), ("fee-relief", ["缓交诉讼费申请书", "减免诉讼费审批表", "司法救助申请书", "减交诉讼费申请书"]),
        ("fee", ["诉讼费专用票据", "交纳诉讼费通知书", "诉讼费缴费通知书", "缴费通知书", "诉讼费票据", "非税收入一般缴款书", "诉讼费收据"]), ("respond-notice", ["应诉通知书"]), ("proof-notice", ["举证通知书"]),
        ("panel-notice", ["合议庭组成人员通知书", "审判组织成员通知书", "告知合议庭组成人员通知书"]), ("rights-notice", ["诉讼权利义务告知书", "诉讼风险提示书", "廉政监督卡", "告知书"]), ("defence", ["民事答辩状", "行政答辩状", "答辩状", "答辩意见"]),
        ("power-of-attorney", ["授权委托书", "委托代理书", "授权书"]), ("agent-letter", ["律师事务所函", "所函", "出庭函", "代理函"]), ("representative", ["法定代表人身份证明书", "法定代表人身份证明", "负责人身份证明"]),
        ("identity", ["身份证复印件", "居民身份证", "居民户口簿", "营业执照", "户籍证明", "统一社会信用代码证书"]), ("evidence-list", ["证据目录", "证据清单", "证据材料清单"]),
        ("contract", ["借款合同", "买卖合同", "租赁合同", "房屋租赁合同", "劳动合同", "建设工程施工合同", "保证合同", "抵押合同", "商品房买卖合同", "物业服务合同", "购销合同"]), ("iou", ["借条", "欠条", "收条", "借据", "还款承诺书", "还款协议"]),
        ("bank-record", ["银行流水", "交易明细", "转账凭证", "电子回单", "账户交易明细清单", "银行业务回单"]), ("evidence", ["证据材料", "证人证言", "情况说明", "现场照片", "事故认定书", "道路交通事故认定书", "诊断证明书", "病历"]),
        ("interrogation", ["讯问笔录"]), ("inquiry", ["询问笔录", "调查笔录", "谈话笔录", "听证笔录", "执行笔录", "勘验笔录", "质证笔录"]), ("investigation-order", ["律师调查令", "调查令", "调取证据通知书"]),
        ("appraisal-order", ["鉴定委托书", "委托鉴定书", "司法鉴定委托书"]), ("appraisal", ["司法鉴定意见书", "鉴定意见书", "鉴定报告"]), ("preservation-application", ["财产保全申请书", "诉前财产保全申请书", "保全申请书"]),
        ("guarantee", ["诉讼财产保全责任保险保函", "保函", "担保书"]), ("preservation", ["财产保全裁定书", "保全裁定书"]), ("assist-notice", ["协助冻结存款通知书", "协助查询存款通知书", "协助扣划存款通知书", "协助执行通知书", "协助公示通知书"]),
        ("seizure-list", ["查封扣押财产清单", "查封、扣押财产清单", "扣押清单", "查封清单"]), ("mediation-record", ["调解笔录"]), ("mediation-agreement", ["人民调解协议书", "调解协议书", "调解协议"]),
        ("address", ["送达地址确认书"]), ("hearing-notice", ["开庭通知书", "出庭通知书"]), ("summons", ["传票"]), ("announcement", ["开庭公告", "送达公告", "公告"]), ("transcript", ["庭审笔录", "法庭审理笔录", "开庭笔录", "法庭笔录"]),
        ("agent-opinion", ["代理词", "辩护词", "代理意见", "公诉意见书"]), ("withdrawal", ["撤诉申请书", "撤回起诉申请书", "申请撤诉书"]),
        ("judgment", ["民事判决书", "刑事判决书", "行政判决书", "刑事附带民事判决书", "判决书"]), ("mediation", ["民事调解书", "行政调解书", "刑事附带民事调解书", "调解书"]),
        ("ruling", ["民事裁定书", "刑事裁定书", "行政裁定书", "执行裁定书", "裁定书"]), ("decision", ["执行决定书", "拘留决定书", "罚款决定书", "赔偿决定书", "决定书"]), ("payment-order", ["支付令"]), ("pronouncement", ["宣判笔录"]),
        ("service-proof", ["送达回证", "电子送达凭证", "送达凭证"]), ("post-receipt", ["邮寄回执", "邮件详情单", "法院专递"]), ("appeal", ["民事上诉状", "行政上诉状", "刑事上诉状", "上诉状"]),
        ("appeal-transfer", ["上诉移送函", "上诉案件移送函", "移送函"]), ("return-letter", ["退卷函"]), ("effect-certificate", ["裁判文书生效证明", "生效证明书", "生效证明"]), ("advice", ["司法建议书"]),
        ("execution-notice", ["执行通知书"]), ("property-report", ["报告财产令", "财产申报表", "被执行人财产申报表"]), ("measure", ["搜查令", "拘传票", "限制消费令", "失信被执行人决定书", "冻结通知书", "扣划通知书"]),
        ("valuation", ["评估报告", "资产评估报告", "价格认定书"]), ("auction", ["拍卖公告", "网络司法拍卖公告", "成交确认书", "拍卖通知书"]), ("settlement", ["执行和解协议", "和解协议书", "和解协议"]),
        ("money-receipt", ["案款收据", "领款单", "付款凭证", "收款收据"]), ("closing-report", ["结案报告", "结案审批表", "终结本次执行程序报告"]), ("arrest", ["逮捕决定书", "逮捕证", "取保候审决定书", "监视居住决定书", "提押票", "换押证"]),
        ("defender-papers", ["辩护人材料", "指定辩护函", "法律援助公函"]), ("remark", ["备考表", "卷内备考表"]), ("cover", ["诉讼卷宗", "卷宗封面"]), ("catalogue", ["卷内目录", "卷宗目录"]),
        ("reading-notes", ["阅卷笔录"]), ("trial-report", ["审理报告", "审查报告", "综合报告"]), ("internal-opinion", ["内部交换意见", "交换意见笔录"]), ("instruction", ["请示报告", "请示", "批复"]), ("leader-note", ["领导批示"]),
        ("deliberation", ["合议庭评议笔录", "合议笔录", "评议笔录"]), ("committee", ["审判委员会讨论记录", "审判委员会讨论案件笔录", "审委会讨论记录"]), ("signed-original", ["裁判文书签发稿", "文书签发稿", "发文稿纸"]),
    ];

    /// <summary>Their order in the main volume, by kind of case; types in one slot stand together. What is not named stands before the remarks.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Orders = new Dictionary<string, string[]>
    {
        ["civil"] =
        [
            "cover", "catalogue", "complaint counterclaim oral-complaint appeal", "filing-approval acceptance", "fee fee-relief", "respond-notice proof-notice rights-notice panel-notice", "defence", "address", "power-of-attorney representative agent-letter identity appraisal-order",
            "evidence-list contract iou bank-record evidence appraisal", "inquiry investigation-order", "preservation-application guarantee preservation assist-notice seizure-list", "mediation-record mediation-agreement settlement", "hearing-notice summons", "announcement", "transcript", "agent-opinion",
            "withdrawal", "judgment mediation ruling decision payment-order", "pronouncement", "service-proof post-receipt", "appeal-transfer", "return-letter", "effect-certificate", "advice", "execution-notice measure money-receipt closing-report", "remark",
        ],
        ["criminal"] =
        [
            "cover", "catalogue", "indictment complaint", "filing-approval acceptance", "service-proof post-receipt", "defender-papers power-of-attorney agent-letter", "arrest", "seizure-list preservation assist-notice", "withdrawal", "inquiry evidence-list evidence", "appraisal-order appraisal", "interrogation",
            "hearing-notice summons", "announcement", "transcript", "agent-opinion", "judgment ruling mediation decision", "pronouncement", "advice", "appeal appeal-transfer", "return-letter", "execution-notice", "remark",
        ],
        ["admin"] =
        [
            "cover", "catalogue", "complaint", "filing-approval acceptance", "fee fee-relief", "respond-notice proof-notice rights-notice panel-notice", "defence evidence-list evidence", "identity power-of-attorney representative agent-letter", "address", "inquiry investigation-order", "preservation-application preservation",
            "hearing-notice summons announcement", "transcript", "agent-opinion", "withdrawal", "judgment ruling mediation decision", "pronouncement", "service-proof post-receipt", "appeal appeal-transfer", "return-letter", "remark",
        ],
        ["enforcement"] =
        [
            "cover", "catalogue", "filing-approval", "enforcement-application complaint", "judgment mediation payment-order effect-certificate", "acceptance proof-notice rights-notice", "fee", "execution-notice property-report", "identity power-of-attorney representative agent-letter", "address", "evidence-list contract iou bank-record evidence",
            "inquiry investigation-order", "measure assist-notice preservation seizure-list valuation auction decision", "ruling", "settlement", "money-receipt", "closing-report", "service-proof post-receipt", "remark",
        ],
        ["compensation"] =
        [
            "cover", "catalogue", "state-claim complaint", "filing-approval acceptance", "identity power-of-attorney representative agent-letter", "evidence-list evidence", "defence", "inquiry", "transcript", "decision ruling judgment", "service-proof post-receipt", "remark",
        ],
    };

    public static readonly string[] SecondaryOrder = ["reading-notes", "trial-report", "internal-opinion", "instruction", "leader-note", "deliberation", "committee", "signed-original"];
}
