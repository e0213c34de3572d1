using CourtOps.Cataloguing.Efile;
using CourtOps.Contracts;
using MediatR;

namespace CourtOps.Cataloguing.Reactions;

/// <summary>The proof of service is filed beside what it proves.</summary>
internal sealed class WhenProofMade(Filing filing) : INotificationHandler<ProofMade>
{
    public Task Handle(ProofMade notification, CancellationToken cancellationToken) =>
        filing.FileAsync(notification.CaseId, notification.ProofDocumentId, $"受送达人 {notification.RecipientName}", cancellationToken);
}
