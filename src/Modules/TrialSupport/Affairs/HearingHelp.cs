using CourtOps.Workzone;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.TrialSupport.Affairs;

/// <summary>Help with scheduling and with the record, asked for as generic orders.</summary>
internal static class HearingHelp
{
    public static IReadOnlyList<OrderType> All { get; } =
    [
        new()
        {
            Code = "trial.schedule",
            Centre = Centres.Trial,
            Label = "排期与开庭通知协助",
            TargetHours = 7,
            Points = 1,
            ManualMinutes = 40,
            Guide = "法官提出可以开庭的日期和时长；由审判保障中心协调法庭和到庭人员，定下庭期后反馈。传票另请求送达。",
            Checklist = ["审判组织成员和法庭当日不冲突", "当事人和其他诉讼参与人在开庭三日前得到通知", "公开审理的，已公告当事人姓名、案由和开庭时间、地点"],
            Form =
            [
                new()
                {
                    Name = "session",
                    Label = "庭次",
                    Kind = FieldKind.Choice,
                    Required = true,
                    Choices = ["开庭审理", "庭前会议", "询问", "宣判"],
                },
                new()
                {
                    Name = "date",
                    Label = "希望的日期",
                    Kind = FieldKind.Date,
                    Required = true,
                    Least = 1,
                    Most = 365,
                },
                new()
                {
                    Name = "alternatives",
                    Label = "其他可行的时间",
                    Kind = FieldKind.Text,
                },
                new()
                {
                    Name = "minutes",
                    Label = "预计时长（分钟）",
                    Kind = FieldKind.Number,
                    Required = true,
                    Least = 10,
                    Most = 960,
                },
                new()
                {
                    Name = "mode",
                    Label = "开庭方式",
                    Kind = FieldKind.Choice,
                    Required = true,
                    Choices = ["线下", "在线", "部分人员在线"],
                    Help = "在线须当事人同意。",
                },
                new()
                {
                    Name = "parties",
                    Label = "通知的人",
                    Kind = FieldKind.Parties,
                    Required = true,
                },
                new()
                {
                    Name = "needs",
                    Label = "特殊要求",
                    Kind = FieldKind.LongText,
                    Most = 500,
                    Help = "翻译、无障碍、提押、证人等。",
                },
            ],
        },
        new()
        {
            Code = "trial.record",
            Centre = Centres.Trial,
            Label = "庭审记录保障",
            TargetHours = 14,
            Points = 2,
            ManualMinutes = 120,
            Guide = "庭期定下后发起；由审判保障中心准备设备、安排记录人员，庭后核对笔录或录音录像后反馈。",
            Checklist =
            [
                "从宣布开庭到闭庭全程录音录像",
                "中断的原因和起止时间已写明",
                "笔录已当庭或者五日内交当事人阅读、核对",
                "以录音录像替代笔录的，当事人同意已记录在案",
            ],
            Form =
            [
                new()
                {
                    Name = "date",
                    Label = "开庭日期",
                    Kind = FieldKind.Date,
                    Required = true,
                    Least = 0,
                    Most = 365,
                },
                new()
                {
                    Name = "time",
                    Label = "开始时间",
                    Kind = FieldKind.Text,
                    Required = true,
                    Most = 20,
                    Help = "如 09:00。",
                },
                new()
                {
                    Name = "room",
                    Label = "法庭",
                    Kind = FieldKind.Text,
                    Most = 60,
                },
                new()
                {
                    Name = "how",
                    Label = "记录方式",
                    Kind = FieldKind.Choice,
                    Required = true,
                    Choices = ["录音录像和笔录", "语音转写后核对", "录音录像替代笔录"],
                },
                new()
                {
                    Name = "parties",
                    Label = "到庭的当事人",
                    Kind = FieldKind.Parties,
                },
                new()
                {
                    Name = "needs",
                    Label = "特殊要求",
                    Kind = FieldKind.LongText,
                    Most = 500,
                    Help = "翻译、无障碍、提押、证人等。",
                },
            ],
        },
    ];
}
