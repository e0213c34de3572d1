using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>What is not yet served is withdrawn; what is served stays served.</summary>
internal sealed class WhenWorkOrderCancelled(Db db, Notices notices) : INotificationHandler<WorkOrderCancelled>
{
    public async Task Handle(WorkOrderCancelled notification, CancellationToken cancellationToken)
    {
        if (notification.Type != ServeOrder.Type)
            return;
        foreach (var notice in (await notices.OfOrderAsync(notification.OrderId, cancellationToken)).Where(n => n.ServedAt is null && n.State is not (NoticeState.Failed or NoticeState.Unread or NoticeState.Cancelled)))
        {
            await db.ExecuteAsync("UPDATE service_notice SET state = 'cancelled', reason = @Reason, reason_said = NULL, version = version + 1 WHERE id = @Id", new { notice.Id, notification.Reason }, cancellationToken);
            await notices.ForgetDoubtAsync(notice, cancellationToken);
            await db.ExecuteAsync("UPDATE service_public_notice SET withdrawn_at = @At WHERE notice_id = @Id", new { notice.Id, notification.At }, cancellationToken);
        }
    }
}
