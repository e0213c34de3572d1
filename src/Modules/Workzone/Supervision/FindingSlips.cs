using CourtOps.Kernel.Data;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Inspections;

namespace CourtOps.Workzone.Supervision;

/// <summary>Whoever has an order to correct the data of a case and lets its day pass is urged,
/// once for the order; unanswered slips rise by themselves.</summary>
internal sealed class FindingSlips(Db db, SlipBook slips, SlipAddressees addressees, ISettings settings, TimeProvider clock)
{
    private const int Page = 200;

    /// <summary>Some hundred findings; the last id, or null at the end.</summary>
    public async Task<long?> RaiseAsync(long after, CancellationToken ct)
    {
        var today = Times.Day(clock.GetUtcNow());
        var rows = await db.PageAsync<Row>(
            """
            SELECT i.id, i.case_id, i.due_on, o.id AS order_id, o.number, o.title, o.court_id,
                CASE WHEN o.assignee_id IS NULL THEN c.judge_id ELSE o.assignee_id END AS to_id
            FROM workzone_inspection i
            JOIN workzone_order o ON o.id = i.order_id AND o.is_open = 1
            JOIN workzone_case c ON c.id = i.case_id
            WHERE i.order_id IS NOT NULL AND i.due_on < @today AND i.id > @after
            ORDER BY i.id
            """,
            new { today, after },
            Page,
            ct
        );
        foreach (
            var r in rows.Where(r => r.ToId is not null && r.DueOn.AddDays(settings.Current<InspectionSampling>(r.CourtId).UrgeAfter) < today)
                .DistinctBy(r => r.OrderId)
        )
            if (await addressees.ReachedAsync(r.ToId!.Value, r.CaseId, ct))
                await slips.SendAsync(
                    new NewSlip
                    {
                        Kind = SlipKinds.Urge,
                        CourtId = r.CourtId,
                        CaseId = r.CaseId,
                        OrderId = r.OrderId,
                        ToId = r.ToId.Value,
                        Post = SlipPosts.Handler,
                        Subject = $"{r.Number} {r.Title}",
                        Words = $"案件信息质检发现的问题应在 {Times.Iso(r.DueOn)} 前补正，请尽快更正或者说明原因。",
                        Cause = $"inspection:{r.OrderId}:{r.ToId}",
                    },
                    ct
                );
        return rows.Count < Page ? null : rows[^1].Id;
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public DateOnly DueOn { get; init; }
        public long OrderId { get; init; }
        public string Number { get; init; } = "";
        public string Title { get; init; } = "";
        public long CourtId { get; init; }
        public long? ToId { get; init; }
    }
}
