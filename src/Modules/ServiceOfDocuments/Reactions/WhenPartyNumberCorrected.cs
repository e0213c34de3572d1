using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.ServiceOfDocuments.Party;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>A party whose number was wrong could not identify itself: its links that are open go by the corrected one.</summary>
internal sealed class WhenPartyNumberCorrected(Db db, Tails tails) : INotificationHandler<PartyNumberCorrected>
{
    public async Task Handle(PartyNumberCorrected notification, CancellationToken cancellationToken)
    {
        var notices = await db.QueryAsync<long>(
            "SELECT id FROM service_notice WHERE case_id = @CaseId AND party_id = @PartyId AND released_at IS NOT NULL AND state NOT IN (@failed, @cancelled)",
            new
            {
                notification.CaseId,
                notification.PartyId,
                failed = NoticeState.Failed,
                cancelled = NoticeState.Cancelled,
            },
            cancellationToken
        );
        if (notices.Count == 0)
            return;
        var (tail, longer) = await tails.NowAsync(notification.CaseId, notification.PartyId, cancellationToken);
        if (tail.Length > 0)
            await db.ExecuteAsync(
                "UPDATE service_public_notice SET tail_keyed = @tail, tail2_keyed = @longer WHERE notice_id IN @notices AND opened_at IS NULL",
                new
                {
                    tail,
                    longer,
                    notices,
                },
                cancellationToken
            );
    }
}
