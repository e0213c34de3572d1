using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>What is not yet served is withdrawn; what is served stays served.</summary>
internal sealed class WhenWorkOrderCancelled(Db db, Notices notices, NoticeBook book, Steward.StewardBook steward) : INotificationHandler<WorkOrderCancelled>
{
    public async Task Handle(WorkOrderCancelled notification, CancellationToken cancellationToken)
    {
        if (notification.Type != ServeOrder.Type)
            return;
        foreach (
            var notice in (await notices.OfOrderAsync(notification.OrderId, cancellationToken)).Where(n =>
                n.ServedAt is null && n.State is not (NoticeState.Failed or NoticeState.Unread or NoticeState.Cancelled)
            )
        )
        {
            await book.MoveAsync(
                notice,
                NoticeStep.Cancel,
                cancellationToken,
                "reason = @Reason, reason_said = NULL",
                new
                {
                    notice.Id,
                    notice.Version,
                    notification.Reason,
                }
            );
            await steward.StopAsync(notice, null, "工单已撤回", "", cancellationToken);
            await notices.ForgetDoubtAsync(notice, cancellationToken);
            await db.ExecuteAsync(
                "UPDATE service_public_notice SET withdrawn_at = @At WHERE notice_id = @Id",
                new { notice.Id, notification.At },
                cancellationToken
            );
        }
    }
}
