using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Jobs;

/// <summary>Orders that stood paused when their last proof came are finished here.</summary>
internal sealed class FinishOrders(Db db, Round round, IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        var orders = await db.PageAsync<long>(
            """
            SELECT o.id FROM workzone_order_card o
            WHERE o.order_type = 'service.serve' AND o.state = 'accepted' AND o.is_open = 1
              AND EXISTS (SELECT 1 FROM service_notice n WHERE n.order_id = o.id)
              AND NOT EXISTS (SELECT 1 FROM service_notice n WHERE n.order_id = o.id AND n.state <> 'failed' AND n.state <> 'unread' AND n.state <> 'voided' AND
                  n.state <> 'cancelled' AND NOT (n.state = 'served' AND n.proof_document_id IS NOT NULL))
              AND NOT EXISTS (SELECT 1 FROM service_step s JOIN service_notice m ON m.id = s.notice_id WHERE m.order_id = o.id AND m.state IN ('failed',
                  'unread') AND s.state IN ('planned', 'due', 'waiting'))
            ORDER BY o.id
            """,
            null,
            200,
            ct
        );
        foreach (var id in orders)
            await round.TryAsync(id, () => mediator.Send(new Tasks.FinishOrders { OrderId = id }, ct));
        // what the system asked for has no person to confirm it
        foreach (
            var id in await db.PageAsync<long>(
                "SELECT o.id FROM workzone_order_card o WHERE o.order_type IN ('service.alarm', 'service.contest') AND o.state = 'feedback' AND "
                    + "o.is_open = 1 AND o.asked_by = 0 ORDER BY o.id",
                null,
                200,
                ct
            )
        )
            await round.TryAsync(id, () => mediator.Send(new Tasks.CloseAsked { OrderId = id }, ct));
        round.End();
    }
}
