using CourtOps.Workzone;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Enforcement;

/// <summary>The order types of the centre: asked for by judges, or opened by time.</summary>
internal static class EnforcementOrders
{
    public const string Renew = "enforcement.renew";
    public const string Leak = "enforcement.leak";
    public const string Date = "enforcement.date";

    public static IReadOnlyList<OrderType> All { get; } =
    [
        new()
        {
            Code = "enforcement.property",
            Centre = Centres.Enforcement,
            Label = "财产查控协助",
            TargetHours = 14,
            Points = 2,
            ManualMinutes = 90,
            Guide = "需要查询或者控制被执行人、被保全人财产时发起；由执行协作中心查询，按裁定实施控制，结果和期限写入反馈。",
            Checklist = ["控制财产的，裁定书已附", "账号、数额、查控起止日期写入反馈", "首封或者轮候的顺位已核实", "续行查控的期限已告知承办法官"],
            Form =
            [
                new()
                {
                    Name = "ask",
                    Label = "要做什么",
                    Kind = FieldKind.Choice,
                    Required = true,
                    Choices = ["只查询", "查询并控制", "续行控制", "解除控制"],
                },
                new()
                {
                    Name = "parties",
                    Label = "被查控人",
                    Kind = FieldKind.Parties,
                    Required = true,
                },
                new()
                {
                    Name = "property",
                    Label = "财产种类",
                    Kind = FieldKind.Choice,
                    Required = true,
                    Most = 7,
                    Choices = ["存款", "网络资金", "不动产", "车辆", "股权与证券", "公积金", "其他"],
                },
                new()
                {
                    Name = "amount",
                    Label = "限额（元）",
                    Kind = FieldKind.Number,
                    Least = 1,
                    Most = 1_000_000_000,
                },
                new()
                {
                    Name = "basis",
                    Label = "执行依据或裁定",
                    Kind = FieldKind.Documents,
                    Help = "控制财产的必须附裁定书。",
                },
                new()
                {
                    Name = "clues",
                    Label = "财产线索",
                    Kind = FieldKind.LongText,
                    Most = 1000,
                },
            ],
        },
        new()
        {
            Code = EnforcementOrders.Renew,
            Centre = Centres.Enforcement,
            Label = "续行查控",
            TargetHours = 70,
            Points = 2,
            ManualMinutes = 60,
            RequestPage = "/enforcement/cases/{0}/ledger",
            Guide = "期限将满的措施到预警日由系统发起；拟裁定书和协助执行通知书，送达协助机关后在措施页登记续行。",
            Checklist = ["续行裁定和协助执行通知书已送达协助机关", "回执届满日已登记", "申请人已书面告知"],
        },
        new()
        {
            Code = EnforcementOrders.Leak,
            Centre = Centres.Enforcement,
            Label = "查漏处理",
            TargetHours = 21,
            Points = 1,
            ManualMinutes = 30,
            RequestPage = "/enforcement/cases/{0}/ledger",
            Guide = "查漏事项超过期限由系统发起；办理措施，或者写明理由报批。",
            Checklist = ["事项已办理或者理由已批准"],
        },
        new()
        {
            Code = EnforcementOrders.Date,
            Centre = Centres.Enforcement,
            Label = "到期事项办理",
            TargetHours = 21,
            Points = 1,
            ManualMinutes = 30,
            RequestPage = "/enforcement/cases/{0}/ledger",
            Guide = "案款发放、和解分期、惩戒期限、拍卖节点、终本后查询临近期限时由系统发起；到案件的对应页面办理，期限随之结束。",
            Checklist = ["事项已在案件页面登记"],
        },
    ];
}
