using CourtOps.Kernel.Settings;
using CourtOps.ServiceOfDocuments.Steward;

namespace CourtOps.ServiceOfDocuments.Settings;

/// <summary>What the plan of one recipient depends on. No person's data.</summary>
internal sealed record PlanFacts
{
    /// <summary>provided, obtained, refused or none.</summary>
    public string Address { get; init; } = "none";
    public bool Phone { get; init; }

    /// <summary>confirmed, fallback or none.</summary>
    public string Post { get; init; } = "none";

    /// <summary>ordinary, simple, criminal or other.</summary>
    public string Procedure { get; init; } = "ordinary";

    /// <summary>mediation, judgment or other.</summary>
    public string Document { get; init; } = "other";
    public bool Custody { get; init; }
}

/// <summary>The ways in their order and how long each is waited for.</summary>
internal sealed record PlanOutcome
{
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Working days for reaching somebody by phone.</summary>
    public int PhoneDays { get; init; } = 1;

    /// <summary>Days after posting without news.</summary>
    public int PostDays { get; init; } = 10;

    /// <summary>Days for a visit.</summary>
    public int VisitDays { get; init; } = 7;

    /// <summary>Days for another court or institution.</summary>
    public int EntrustDays { get; init; } = 15;
}

/// <summary>智能送达管家: the order of the ways, as administrators set it (C-06), and how it works.</summary>
internal sealed record StewardRules
{
    /// <summary>Whether the steward sends electronically by itself.</summary>
    public bool Auto { get; init; } = true;

    /// <summary>How long the clerk may look first.</summary>
    public int GraceMinutes { get; init; } = 30;

    /// <summary>Hours after which something due that was not done is told.</summary>
    public int NeverLeftHours { get; init; } = 24;

    /// <summary>Days before the last day of service at which somebody not served is told.</summary>
    public int ClearDaysWarning { get; init; } = 5;

    /// <summary>Hours after which a call whose recording is its evidence and did not come is told; 0: never. Only where the telephone system records into a
    /// folder.</summary>
    public int RecordingHours { get; init; } = 24;

    public static Setting<StewardRules> Setting { get; } =
        new()
        {
            Key = "service.steward",
            Label = "智能送达管家",
            Centre = "service",
            Affects = "此后的提醒和自动发送",
            Help = "管家按计划逐个方式送达：电子送达自动发出，电话、邮寄、上门进入各自的队列；失败或者无回应就转下一方式，第一次有效送达即停止。",
            Values =
            [
                new(nameof(Auto), "自动发出电子送达", "不自动时由书记员在任务页发出。") { Source = "C-06", Tag = SettingTags.Practice },
                new(nameof(GraceMinutes), "发出前留给书记员的时间", "接受工单之后多久自动发出。")
                {
                    Unit = "分钟",
                    Min = 0,
                    Max = 1440,
                    Source = "C-06：惯例",
                    Tag = SettingTags.Practice,
                },
                new(nameof(NeverLeftHours), "应办未办多久提醒", "从应办的时间起算。")
                {
                    Unit = "小时",
                    Min = 1,
                    Max = 240,
                    Source = "C-07：惯例",
                    Tag = SettingTags.Practice,
                },
                new(nameof(RecordingHours), "通话没有录音多久提醒", "从通话登记起算；0 表示不提醒。电话系统不往录音文件夹存录音的，不提醒。")
                {
                    Unit = "小时",
                    Min = 0,
                    Max = 240,
                    Source = "电话送达须录音备查：惯例",
                    Tag = SettingTags.Practice,
                },
                new(nameof(ClearDaysWarning), "开庭前送达期限提前几天提醒", "从传票最迟送达日往前数。")
                {
                    Unit = "日",
                    Min = 1,
                    Max = 30,
                    Source = "民诉法第139条；提前天数是惯例",
                    Tag = SettingTags.Practice,
                },
            ],
        };
}

internal static class PlanTable
{
    public const string Name = "service.plan";

    private static readonly Dictionary<string, string> Addresses = new()
    {
        ["provided"] = "本人提供或确认",
        ["obtained"] = "法院查得",
        ["refused"] = "不同意电子送达",
        ["none"] = "没有电子地址",
    };
    private static readonly Dictionary<string, string> Posts = new()
    {
        ["confirmed"] = "本人确认的地址",
        ["fallback"] = "其他来源的地址",
        ["none"] = "没有地址",
    };
    private static readonly Dictionary<string, string> Procedures = new()
    {
        ["ordinary"] = "普通程序",
        ["simple"] = "简易、小额程序",
        ["criminal"] = "刑事",
        ["other"] = "其他程序",
    };
    private static readonly Dictionary<string, string> Documents = new()
    {
        ["mediation"] = "含调解书",
        ["judgment"] = "含裁判文书",
        ["other"] = "其他文书",
    };

    public static readonly DecisionTable<PlanFacts, PlanOutcome> Table = new()
    {
        Key = Name,
        Label = "送达方式顺序",
        Centre = "service",
        Source = "C-06",
        Affects = "此后接受的送达",
        TwoPersons = true,
        Help = "每名受送达人按哪些方式、什么顺序送达。法律不许的方式（电话送达裁判文书、留置调解书、简易程序公告）由系统去掉，表里写了也不会执行。",
        Facts =
        [
            new(nameof(PlanFacts.Address), "电子地址") { Choices = Addresses },
            new(nameof(PlanFacts.Phone), "有电话"),
            new(nameof(PlanFacts.Post), "邮寄地址") { Choices = Posts },
            new(nameof(PlanFacts.Procedure), "程序") { Choices = Procedures },
            new(nameof(PlanFacts.Document), "文书") { Choices = Documents },
            new(nameof(PlanFacts.Custody), "在押、服刑或服役"),
        ],
        Outcome =
        [
            new(nameof(PlanOutcome.Channels), "方式和顺序") { Choices = PlanRules.Channels },
            new(nameof(PlanOutcome.PhoneDays), "电话等待")
            {
                Unit = "日",
                Min = 1,
                Max = 30,
            },
            new(nameof(PlanOutcome.PostDays), "邮寄等待")
            {
                Unit = "日",
                Min = 3,
                Max = 60,
            },
            new(nameof(PlanOutcome.VisitDays), "上门期限")
            {
                Unit = "日",
                Min = 1,
                Max = 60,
            },
            new(nameof(PlanOutcome.EntrustDays), "委托、转交期限")
            {
                Unit = "日",
                Min = 5,
                Max = 90,
            },
        ],
        Default = new TableBody
        {
            Rows =
            [
                Row(
                    "transferred direct",
                    "在押、服刑、服役的由监所或者部队转交（民诉法第92–94条）",
                    (nameof(PlanFacts.Custody), new Condition(Ops.Is, ["yes"]))
                ),
                Row("electronic phone direct postal", "调解书须本人签收，不留置、不公告", (nameof(PlanFacts.Document), new Condition(Ops.Is, ["mediation"]))),
                Row(
                    "phone postal direct leave announcement",
                    "不同意电子送达或者没有电子地址",
                    (nameof(PlanFacts.Address), new Condition(Ops.In, ["refused", "none"]))
                ),
                Row("electronic phone postal direct leave announcement", "先电子，再电话、邮寄、上门、留置，最后公告"),
            ],
        },
    };

    private static TableRow Row(string channels, string note, params (string Fact, Condition Condition)[] when) =>
        new()
        {
            When = when.ToDictionary(w => w.Fact, w => w.Condition),
            Note = note,
            Then = new Dictionary<string, string>
            {
                [nameof(PlanOutcome.Channels)] = channels,
                [nameof(PlanOutcome.PhoneDays)] = "1",
                [nameof(PlanOutcome.PostDays)] = "10",
                [nameof(PlanOutcome.VisitDays)] = "7",
                [nameof(PlanOutcome.EntrustDays)] = "15",
            },
        };
}
