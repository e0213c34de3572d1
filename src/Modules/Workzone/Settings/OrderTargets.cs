using CourtOps.Kernel.Settings;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Settings;

/// <summary>What a court expects of one type of order. The target of an order is taken when it is opened and stays.</summary>
public sealed record OrderTarget
{
    /// <summary>Court hours from opening.</summary>
    public int TargetHours { get; init; } = 14;
    public decimal Points { get; init; } = 1;

    /// <summary>What the same work took by hand.</summary>
    public int ManualMinutes { get; init; }
}

/// <summary>A setting for each type of order that a centre declared; the declaration is its default.</summary>
internal sealed class OrderTargets(OrderTypes types) : ISettingSource
{
    public static string KeyOf(string type) => "workzone.order." + type;

    public IEnumerable<SettingDefinition> Settings =>
        types.All.Select(t => new Setting<OrderTarget>
        {
            Key = KeyOf(t.Code),
            Label = t.Label,
            Centre = t.Centre,
            Affects = "此后发起的工单；已发起的目标时限不变",
            Help = "这类工单的目标时限、考核分值和人工用时。目标时限自发起按法院工作时间计，扣除挂起。",
            Default = new OrderTarget
            {
                TargetHours = t.TargetHours,
                Points = t.Points,
                ManualMinutes = t.ManualMinutes,
            },
            Values =
            [
                new(nameof(OrderTarget.TargetHours), "目标时限", "自发起起算的法院工作小时。")
                {
                    Unit = "工作小时",
                    Min = 1,
                    Max = 800,
                    Source = "中心声明",
                    Tag = SettingTags.Practice,
                },
                new(nameof(OrderTarget.Points), "考核分值", "办结一张计几分。")
                {
                    Unit = "分",
                    Min = 0,
                    Max = 100,
                    Source = "中心声明",
                    Tag = SettingTags.Practice,
                },
                new(nameof(OrderTarget.ManualMinutes), "人工用时", "同样的事过去由人做要多久，用来算节省。")
                {
                    Unit = "分钟",
                    Min = 0,
                    Max = 10_000,
                    Source = "中心声明",
                    Tag = SettingTags.Practice,
                },
            ],
        });
}
