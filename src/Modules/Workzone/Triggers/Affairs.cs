using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Triggers;

/// <summary>A piece of auxiliary work that the trigger table can open: whose it is and how long it may take.</summary>
/// <param name="Hours">Target in working hours.</param>
internal sealed record Affair(string Code, string Centre, string Label, int Hours, decimal Points, int ManualMinutes, string Guide, params string[] Checklist)
{
    public OrderType Type =>
        new()
        {
            Code = Code,
            Centre = Centre,
            Label = Label,
            TargetHours = Hours,
            Points = Points,
            ManualMinutes = ManualMinutes,
            Guide = Guide,
            Checklist = Checklist,
            Form =
            [
                new OrderField
                {
                    Name = "note",
                    Label = "说明",
                    Kind = FieldKind.LongText,
                    Required = true,
                    Most = 500,
                },
            ],
        };
}

/// <summary>The auxiliary affairs of the zone, over all kinds of case. A table row names them by code; a person may ask for them too.</summary>
internal static class Affairs
{
    public static IReadOnlyList<Affair> All { get; } =
    [
        new(
            "affair.serve-complaint",
            Centres.Service,
            "送达起诉状副本",
            14,
            2,
            40,
            "立案之日起五日内将起诉状副本、应诉通知书、举证通知书送达被告。",
            "受送达人与起诉状一致",
            "送达地址确认书已入卷"
        ),
        new("affair.serve-acceptance", Centres.Service, "送达受理通知书", 14, 2, 40, "立案后将受理案件通知书送达赔偿请求人和赔偿义务机关。", "双方都已列入"),
        new(
            "affair.serve-indictment",
            Centres.Service,
            "送达起诉书副本",
            14,
            2,
            40,
            "开庭十日前将起诉书副本送达被告人及其辩护人。",
            "在押的向羁押场所送达",
            "辩护人已一并送达"
        ),
        new("affair.serve-appeal", Centres.Service, "送达上诉状副本", 14, 2, 40, "收到上诉状之日起五日内送达对方当事人。", "各上诉人的上诉状都已送达"),
        new(
            "affair.serve-summons",
            Centres.Service,
            "送达开庭传票和通知",
            14,
            2,
            40,
            "开庭三日前用传票传唤当事人，通知其他诉讼参与人。",
            "全部当事人和代理人都已列入",
            "开庭前三个整日已届至"
        ),
        new(
            "affair.serve-judgment",
            Centres.Service,
            "送达裁判文书",
            14,
            2,
            40,
            "裁判文书签发后向全部当事人送达，记录各自的上诉期。",
            "文书已盖章",
            "每名当事人都有送达结果"
        ),
        new(
            "affair.serve-enforcement",
            Centres.Service,
            "送达执行通知书和报告财产令",
            14,
            2,
            40,
            "执行通知书与报告财产令一并送达被执行人。",
            "两份文书一并送达"
        ),
        new("affair.serve-panel", Centres.Service, "告知审判组织", 7, 1, 15, "合议庭组成人员或者独任审判员确定后三日内告知当事人。", "全部当事人已告知"),
        new("affair.scan-filing", Centres.Cataloguing, "立案材料扫描编目", 7, 1, 45, "立案时收取的纸质材料扫描、质检、编目入卷。", "页数与收件清单一致"),
        new(
            "affair.file-record",
            Centres.Cataloguing,
            "庭审笔录和录像归卷",
            7,
            1,
            20,
            "庭审结束后笔录、录音录像和当庭提交的材料归入电子卷宗。",
            "笔录签名齐全",
            "录像摘要值已核对"
        ),
        new("affair.file-judgment", Centres.Cataloguing, "裁判文书归卷", 7, 1, 10, "签发的裁判文书正本归正卷，签发稿归副卷。", "正本与签发稿一致"),
        new(
            "affair.archive",
            Centres.Cataloguing,
            "整理归档",
            70,
            3,
            90,
            "裁判生效、案件办结后整理全卷，三个月内归档。",
            "送达回证齐全",
            "目录与页码一致",
            "副卷单独成卷"
        ),
        new(
            "affair.transfer-file",
            Centres.Cataloguing,
            "上诉案件移送卷宗",
            21,
            2,
            60,
            "上诉期满、答辩期满后五日内移送全部案卷和证据。",
            "各方送达回证齐全",
            "上诉状、答辩状已入卷"
        ),
        new(
            "affair.send-file",
            Centres.Cataloguing,
            "向受移送法院移交卷宗",
            14,
            2,
            60,
            "移送裁定作出后将全部卷宗和移送函交受移送法院，取得收件回执。",
            "卷宗册数与清单一致",
            "回执已入卷"
        ),
        new("affair.call-file", Centres.Cataloguing, "调取原审卷宗", 14, 1, 40, "二审、再审立案后向原审法院调取卷宗。", "卷宗册数与清单一致"),
        new("affair.schedule", Centres.Trial, "排期", 7, 1, 40, "答辩期、举证期届满后排定开庭，公告开庭信息。", "法官、法庭、代理人没有冲突"),
        new(
            "affair.prepare-hearing",
            Centres.Trial,
            "庭前准备",
            14,
            2,
            60,
            "开庭前核对送达、设备、翻译、陪审员和提押。",
            "全部当事人已合法传唤",
            "设备和网络已试"
        ),
        new("affair.interpreter", Centres.Trial, "安排翻译", 14, 1, 30, "当事人使用朝鲜语等语言的，安排翻译人员并告知回避权利。", "翻译人员已签保证书"),
        new("affair.escort", Centres.Trial, "提押或者远程提讯准备", 7, 1, 30, "被告人在押的，开具提押票或者联系羁押场所远程提讯。", "提押票已签发"),
        new("affair.assessor", Centres.Trial, "随机抽取人民陪审员", 7, 1, 20, "开庭七日前随机抽取并通知人民陪审员。", "抽取记录已入卷"),
        new("affair.publish", Centres.Trial, "裁判文书公开审查", 49, 1, 20, "裁判生效后七个工作日内完成公开与屏蔽审查。", "不公开情形已核对", "屏蔽内容已复核"),
        new("affair.certificate", Centres.Trial, "出具生效证明", 14, 1, 15, "裁判生效后按申请或者移送执行的需要出具生效证明。", "每名当事人的上诉期都已届满"),
        new(
            "affair.custody-limit",
            Centres.Trial,
            "羁押期限提醒",
            7,
            1,
            10,
            "被告人羁押期限将满，核对变更强制措施或者延长审限的手续。",
            "羁押期限与换押证一致"
        ),
        new("affair.expert-follow", Centres.Trial, "跟踪司法鉴定", 35, 1, 30, "委托鉴定后跟踪期限，到期催办，收到意见书即恢复计算审限。", "鉴定期限已登记"),
        new("affair.preserve", Centres.Enforcement, "实施财产保全", 7, 3, 180, "保全裁定作出后五日内开始执行，情况紧急的立即执行。", "保全期限已告知申请人"),
        new("affair.query-property", Centres.Enforcement, "网络查询财产", 21, 2, 90, "执行立案后向网络查控系统提交查询。", "每名被执行人、每类财产都已查询"),
        new("affair.release", Centres.Enforcement, "解除财产控制", 14, 2, 90, "案件履行完毕、撤诉或者驳回后解除不再需要的控制措施。", "每项措施都有解除回执"),
        new("affair.enforce-money", Centres.Enforcement, "刑事裁判涉财产部分移送执行", 35, 2, 60, "生效刑事裁判的财产部分移送立案执行。", "移送执行表已填写"),
        new("affair.refund-fee", Centres.Triage, "诉讼费退补", 35, 1, 20, "结案后十五日内退还或者通知补交诉讼费。", "结算表与判决一致"),
        new("affair.fee-notice", Centres.Triage, "通知补交诉讼费", 7, 1, 15, "程序转换、变更诉讼请求后通知七日内补交诉讼费。", "补交数额已核对"),
        new("affair.correct-data", Centres.Triage, "补正案件信息", 14, 1, 15, "质检发现案件信息缺漏、错误的，由录入人补正。", "补正后重新质检"),
        new("affair.relate", Centres.Triage, "登记关联案件", 7, 1, 10, "二审、再审、执行案件与原案建立关联。", "原审案号已核对"),
    ];

    /// <summary>The choice of a row that opens nothing.</summary>
    public const string None = "none";

    public static readonly IReadOnlyDictionary<string, string> Labels = All.ToDictionary(a => a.Code, a => a.Label)
        .Append(new(None, "不发起工单"))
        .ToDictionary();

    public static Affair Of(string code) => All.First(a => a.Code == code);
}
