using CourtOps.Kernel.Settings;

namespace CourtOps.ServiceOfDocuments.Settings;

/// <summary>A notice at an address that the court found out, when its waiting has ended.</summary>
/// <param name="NoticeId">Which.</param>
/// <param name="RepliedAfterHours">Whole hours from sending to reading or reply; null where there was none.</param>
internal sealed record SilenceFacts(long NoticeId, int? RepliedAfterHours);

/// <param name="Next">effect: served by reading or reply; other: on by another method.</param>
/// <param name="AfterHours">When that was settled.</param>
internal sealed record SilenceOutcome(string Next, int AfterHours);

/// <summary>What comes after the waiting (C-04): read or replied in time is service, silence is not.</summary>
internal static class Silence
{
    public const string Name = "service.after-silence";

    public static Decision<SilenceFacts, NoReply, SilenceOutcome> Decision { get; } =
        new()
        {
            Name = Name,
            Label = "电子送达等待之后",
            Setting = NoReply.Setting.Key,
            Decide = Decide,
            Group = o => o.Next == "effect" ? "电子送达生效" : "转其他方式",
            Measures = [new("转其他方式", "件", (_, o) => o.Next == "other" ? 1 : 0), new("平均等待", "小时", (_, o) => o.AfterHours, Average: true)],
            Words = (t, facts, fired) =>
                facts.RepliedAfterHours is { } hours
                    ? t["发出后第 {0} 小时回应：{1}", hours, t[fired.Outcome.Next == "effect" ? "电子送达生效" : "转其他方式"]]
                    : t["没有回应：{0}", t["转其他方式"]],
        };

    // the job looks once an hour: what comes within the hour after the end is still in time
    private static Fired<SilenceOutcome> Decide(SilenceFacts facts, NoReply rules) =>
        facts.RepliedAfterHours is { } hours && hours <= rules.Days * 24
            ? new(new SilenceOutcome("effect", hours), "replied")
            : new(new SilenceOutcome("other", rules.Days * 24), "silent");
}
