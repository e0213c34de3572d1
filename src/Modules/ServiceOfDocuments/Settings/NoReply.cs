using CourtOps.Kernel.Settings;

namespace CourtOps.ServiceOfDocuments.Settings;

/// <summary>How long silence is waited for at an address that the court found out. What was sent goes on by the value of its day.</summary>
internal sealed record NoReply
{
    /// <summary>Whole days of 24 hours after sending.</summary>
    public int Days { get; init; } = 3;

    public static Setting<NoReply> Setting { get; } =
        new()
        {
            Key = "service.no-reply",
            Label = "电子送达无回应等待天数",
            Centre = "service",
            Affects = "此后发出的送达；已发出的按发出时的天数办完",
            Help = "法院查得的地址，发出后几日内既未阅知也未回复，就不能视为送达，转下一方式。本人确认的地址到达即送达，不受影响。",
            TwoPersons = true,
            Values =
            [
                new(nameof(Days), "等待天数", "自发出起满几个 24 小时。")
                {
                    Unit = "日",
                    Min = 1,
                    Max = 10,
                    Source = "C-04、C-06：天数是惯例，不是法定期限",
                    Tag = SettingTags.Practice,
                },
            ],
        };
}
