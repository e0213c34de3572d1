using CourtOps.Kernel.Data;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Supervision;

/// <summary>
/// Slips by the share of its target time an order has used: 80, 100 and 150 per cent, of the target its court has set, by the calendar of that court. To
/// whoever has it in hand; of an order that nobody has, to the leads of its centre.
/// </summary>
internal sealed class OrderSlips(
    Db db,
    SlipBook slips,
    SlipAddressees addressees,
    ISettings settings,
    OrderTypes types,
    WorkingTime working,
    TimeProvider clock
)
{
    private const int Page = 200;

    // a fifth of the longest target that makes sense is no further away
    private const int Ahead = 20;

    /// <summary>Some hundred orders; the last id, or null at the end.</summary>
    public async Task<long?> RaiseAsync(long after, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var rows = await db.PageAsync<Row>(
            """
            SELECT o.id, o.number, o.title, o.order_type, o.centre, o.court_id, t.code AS court_code, o.case_id, o.assignee_id, o.due_at
            FROM workzone_order o JOIN workzone_court t ON t.id = o.court_id
            WHERE o.is_open = 1 AND o.due_at < @soon AND o.id > @after AND o.state IN ('queued', 'assigned', 'accepted')
            ORDER BY o.id
            """,
            new { soon = now.AddDays(Ahead), after },
            Page,
            ct
        );
        foreach (var o in rows)
        {
            if (types.Find(o.OrderType) is null)
                continue;
            var target = settings.Current<Settings.OrderTarget>(Settings.OrderTargets.KeyOf(o.OrderType), o.CourtId).TargetHours;
            var calendar = working.Calendar(o.CourtCode);
            var left = o.DueAt >= now ? CourtHours.Between(now, o.DueAt, calendar).TotalHours : -CourtHours.Between(o.DueAt, now, calendar).TotalHours;
            if (SlipRules.ForOrder(1 - (left / target)) is not { } kind)
                continue;
            var post = o.AssigneeId is null ? SlipPosts.Lead : SlipPosts.Handler;
            IReadOnlyList<long> to = o.AssigneeId is { } person ? [person] : await addressees.LeadsAsync(o.CourtId, o.Centre, ct);
            foreach (var id in to)
                if (await addressees.ReachedAsync(id, o.CaseId, ct))
                    await slips.SendAsync(
                        new NewSlip
                        {
                            Kind = kind,
                            CourtId = o.CourtId,
                            CaseId = o.CaseId,
                            OrderId = o.Id,
                            ToId = id,
                            Post = post,
                            Subject = $"{o.Number} {o.Title}",
                            Words = Words(left, post),
                            Cause = $"order:{o.Id}:{kind}:{id}",
                        },
                        ct
                    );
        }
        return rows.Count < Page ? null : rows[^1].Id;
    }

    private static string Words(double left, string post) =>
        post == SlipPosts.Lead
            ? left < 0
                ? "工单无人办理，已超过目标时限，请派单并说明原因。"
                : "工单无人办理，目标时限已用去八成，请尽快派单。"
            : left < 0
                ? "工单已超过目标时限，请说明原因并尽快办理。"
                : "工单的目标时限已用去八成，请注意办理。";

    private sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Title { get; init; } = "";
        public string OrderType { get; init; } = "";
        public string Centre { get; init; } = "";
        public long CourtId { get; init; }
        public string CourtCode { get; init; } = "";
        public long? CaseId { get; init; }
        public long? AssigneeId { get; init; }
        public DateTimeOffset DueAt { get; init; }
    }
}
