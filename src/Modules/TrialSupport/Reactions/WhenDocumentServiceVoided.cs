using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using MediatR;

namespace CourtOps.TrialSupport.Reactions;

/// <summary>A service that never was: nothing is counted from it any more, unless it was served anew meanwhile.</summary>
internal sealed class WhenDocumentServiceVoided(Db db) : INotificationHandler<DocumentServiceVoided>
{
    public Task Handle(DocumentServiceVoided notification, CancellationToken cancellationToken) =>
        db.ExecuteAsync(
            "DELETE FROM trial_served WHERE document_id = @DocumentId AND party_id = @PartyId AND served_on = @WasOn",
            new
            {
                notification.DocumentId,
                notification.PartyId,
                notification.WasOn,
            },
            cancellationToken
        );
}
