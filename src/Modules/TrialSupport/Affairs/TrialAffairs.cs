using CourtOps.Workzone;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.TrialSupport.Affairs;

/// <summary>Affairs of trial that are asked for as work orders, beside those the zone opens by event (interpreter, escort, assessors, certificate of
/// effect).</summary>
internal static class TrialAffairs
{
    public static IReadOnlyList<OrderType> All { get; } =
    [
        Affair(
            "trial.exhibit",
            "证物出入库",
            7,
            30,
            "原件、物证的入库、调取、当庭出示和退还，由审判保障中心保管交接。",
            ["证物与清单一致", "交接双方已签名"],
            Choice("act", "事项", "入库", "调取出示", "归还入库", "退还当事人"),
            Text("pieces", "证物名称和件数")
        ),
        Affair(
            "trial.courtroom",
            "法庭使用",
            7,
            20,
            "开庭以外使用法庭、调解室、谈话室的，由审判保障中心安排。",
            ["与庭审没有冲突"],
            Date("date", "日期"),
            Text("time", "起止时间"),
            Choice("use", "用途", "调解", "谈话", "听证", "会议")
        ),
        Affair(
            "trial.video-link",
            "远程视频连线",
            7,
            40,
            "远程提讯、异地作证、跨院连线，由审判保障中心联系对方并调试。",
            ["对方已确认时间", "画面和声音已试"],
            Date("date", "日期"),
            Text("place", "连线的地点和联系人")
        ),
        Affair(
            "trial.copies",
            "复制卷宗材料",
            7,
            20,
            "为当事人、代理人复制可以公开的卷宗材料。",
            ["副卷材料没有复制", "身份和委托手续已核对"],
            Text("pages", "复制的材料和页码"),
            Text("for", "为谁复制")
        ),
        Affair(
            "trial.travel",
            "出差、勘验用车",
            14,
            30,
            "外出调查、勘验、巡回审判的用车和人员。",
            ["路线和人员已确认"],
            Date("date", "日期"),
            Text("place", "目的地")
        ),
        Affair(
            "trial.seal",
            "用印",
            4,
            10,
            "已经签发的文书加盖院印；没有签发的不得用印。",
            ["文书已经签发", "份数已登记"],
            Text("papers", "文书名称"),
            Text("copies", "份数")
        ),
    ];

    private static OrderType Affair(
        string code,
        string label,
        int hours,
        int minutes,
        string guide,
        IReadOnlyList<string> checklist,
        params OrderField[] form
    ) =>
        new()
        {
            Code = code,
            Centre = Centres.Trial,
            Label = label,
            TargetHours = hours,
            Points = 1,
            ManualMinutes = minutes,
            Guide = guide,
            Checklist = checklist,
            Form =
            [
                .. form,
                new()
                {
                    Name = "needs",
                    Label = "说明",
                    Kind = FieldKind.LongText,
                    Most = 500,
                },
            ],
        };

    private static OrderField Text(string name, string label) =>
        new()
        {
            Name = name,
            Label = label,
            Kind = FieldKind.Text,
            Required = true,
            Most = 100,
        };

    private static OrderField Date(string name, string label) =>
        new()
        {
            Name = name,
            Label = label,
            Kind = FieldKind.Date,
            Required = true,
            Least = 0,
            Most = 365,
        };

    private static OrderField Choice(string name, string label, params string[] choices) =>
        new()
        {
            Name = name,
            Label = label,
            Kind = FieldKind.Choice,
            Required = true,
            Choices = choices,
        };
}
