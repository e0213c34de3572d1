using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using MediatR;

namespace CourtOps.TrialSupport.Reactions;

/// <summary>What was served on whom and when: periods before a hearing and the clear days of a summons are counted from it. One row for each document and
/// party.</summary>
internal sealed class WhenDocumentServed(Db db, ICases cases, IDocuments documents, ICalendarSource calendars) : INotificationHandler<DocumentServed>
{
    public async Task Handle(DocumentServed notification, CancellationToken cancellationToken)
    {
        var paper = await documents.GetAsync(notification.DocumentId, cancellationToken);
        var row = new
        {
            notification.CaseId,
            notification.PartyId,
            notification.DocumentId,
            paper.Kind,
            notification.EffectiveOn,
            made = paper.CreatedAt,
            counts = notification.CountsOn,
            appeal = notification.AppealEnds,
            ends = paper.Kind == "complaint" ? await EndsAsync(notification, cancellationToken) : (DateOnly?)null,
        };
        if (
            await db.ExecuteAsync(
                "UPDATE trial_served SET served_on = @EffectiveOn, ends_on = @ends, made_at = @made, counts_on = @counts, "
                    + "appeal_ends = @appeal WHERE document_id = @DocumentId AND party_id = "
                    + "@PartyId",
                row,
                cancellationToken
            ) == 0
        )
            await db.ExecuteAsync(
                "INSERT INTO trial_served (case_id, party_id, document_id, kind, served_on, ends_on, made_at, counts_on, appeal_ends) VALUES "
                    + "(@CaseId, @PartyId, @DocumentId, @Kind, @EffectiveOn, @ends, @made, @counts, @appeal)",
                row,
                cancellationToken
            );
    }

    // the complaint starts the period to answer (CPL 128), which is as long as the least period of evidence in ordinary procedure
    private async Task<DateOnly> EndsAsync(DocumentServed served, CancellationToken ct)
    {
        var card = await cases.GetAsync(served.CaseId, ct);
        var calendar = calendars.For(CaseNumber.TryParse(card.Number, out var number) ? number.Court : null);
        return NamedPeriods.Due("DEFENCE", served.EffectiveOn, calendar).LegalLastDay;
    }
}
