using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>Another centre asks for service: one order for one request id, however often it is heard.</summary>
internal sealed class WhenServiceRequested(Db db, ServiceRequests requests, TimeProvider clock) : INotificationHandler<ServiceRequested>
{
    public async Task Handle(ServiceRequested notification, CancellationToken cancellationToken)
    {
        if (
            await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_request WHERE request_id = @RequestId", new { notification.RequestId }, cancellationToken)
            > 0
        )
            return;
        try
        {
            var result = await requests.OpenAsync(
                new RequestService
                {
                    CaseId = notification.CaseId,
                    DocumentIds = notification.DocumentIds,
                    PartyIds = notification.PartyIds,
                    Note = notification.Note,
                    Reason = notification.Note,
                    AskedBy = notification.AskedBy,
                },
                cancellationToken
            );
            await db.ExecuteAsync(
                "INSERT INTO service_request (request_id, order_id, created_at) VALUES (@RequestId, @OrderId, @now)",
                new
                {
                    notification.RequestId,
                    result.OrderId,
                    now = clock.GetUtcNow(),
                },
                cancellationToken
            );
        }
        catch (RuleBroken e) when (e.Code is "served-once" or "reason")
        {
            // served or under way already: what was asked for is being done
            await db.ExecuteAsync(
                "INSERT INTO service_request (request_id, order_id, created_at) VALUES (@RequestId, 0, @now)",
                new { notification.RequestId, now = clock.GetUtcNow() },
                cancellationToken
            );
        }
    }
}
