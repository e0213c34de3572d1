using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>The party's page tells of the trial limit with its deductions, extensions and reasons (2018 规定 on process information): as it stands now.</summary>
internal sealed class WhenClockMoved(Db db, ICases cases) : INotificationHandler<ClockMoved>
{
    public async Task Handle(ClockMoved notification, CancellationToken cancellationToken)
    {
        var notices = await db.QueryAsync<long>(
            "SELECT n.id FROM service_notice n WHERE n.case_id = @CaseId AND n.released_at IS NOT NULL",
            new { notification.CaseId },
            cancellationToken
        );
        if (notices.Count == 0)
            return;
        var history = JsonSerializer.Serialize(await cases.LimitHistoryAsync(notification.CaseId, cancellationToken), Json.Stored);
        foreach (var some in notices.Chunk(500))
            await db.ExecuteAsync(
                "UPDATE service_public_notice SET limit_history = @history WHERE notice_id IN @some AND withdrawn_at IS NULL",
                new { history, some },
                cancellationToken
            );
    }
}
