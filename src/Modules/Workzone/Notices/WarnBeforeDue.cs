using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.WorkOrders;
using MediatR;

namespace CourtOps.Workzone.Notices;

/// <summary>Tells whoever has an order in hand that its target is two hours away; once for each order.</summary>
internal sealed class WarnBeforeDue(IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        while (await mediator.Send(new Chunk(), ct) > 0) { }
    }

    /// <summary>A few hundred orders; the number told.</summary>
    [Permit(PermitAttribute.System)]
    [Audited("workzone.notice.warn")]
    internal sealed record Chunk : ICommand<int>
    {
        internal sealed class Handler(Db db, Notifier notifier, TimeProvider clock) : ICommandHandler<Chunk, int>
        {
            public async Task<int> Handle(Chunk request, CancellationToken cancellationToken)
            {
                var now = clock.GetUtcNow();
                var rows = await db.PageAsync<Row>(
                    """
                    SELECT o.id, o.title, o.assignee_id, o.due_at FROM workzone_order o
                    WHERE o.is_open = 1 AND o.due_at >= @now AND o.due_at < @soon AND o.assignee_id IS NOT NULL AND o.state IN ('assigned', 'accepted')
                      AND NOT EXISTS (SELECT 1 FROM workzone_notice n WHERE n.person_id = o.assignee_id AND n.notice_key = CONCAT('due-soon:', o.id))
                    ORDER BY o.due_at, o.id
                    """,
                    new { now, soon = now.AddHours(2) },
                    300,
                    cancellationToken
                );
                foreach (var o in rows)
                    await notifier.AddAsync(o.AssigneeId, NoticeKinds.DueSoon, $"due-soon:{o.Id}", new { o.Title, due = o.DueAt }, o.Id, ct: cancellationToken);
                return rows.Count;
            }
        }
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public string Title { get; init; } = "";
        public long AssigneeId { get; init; }
        public DateTimeOffset DueAt { get; init; }
    }
}
