using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>Answers for this centre what of a case is still open here: a mediation that has not ended. A fee that is owed does not keep a case open: it is
/// collected after the judgment.</summary>
internal sealed class WhenClosingCheckRequested(Db db, Outbox outbox) : INotificationHandler<ClosingCheckRequested>
{
    public async Task Handle(ClosingCheckRequested notification, CancellationToken cancellationToken)
    {
        var open = await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM triage_mediation WHERE case_id = @CaseId AND is_open = 1",
            new { notification.CaseId },
            cancellationToken
        );
        await outbox.AddAsync(
            Catalogue.CaseKey(notification.CaseId),
            new ClosingCheckAnswered
            {
                AskId = notification.AskId,
                CaseId = notification.CaseId,
                Centre = Centres.Triage,
                Missing = open == 0 ? [] : ["调解没有结束"],
            },
            cancellationToken
        );
    }
}
