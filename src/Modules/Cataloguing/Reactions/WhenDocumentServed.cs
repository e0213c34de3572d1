using CourtOps.Cataloguing.Efile;
using CourtOps.Contracts;
using MediatR;

namespace CourtOps.Cataloguing.Reactions;

/// <summary>A served document belongs into the e-file. Several recipients of one document file it once.</summary>
internal sealed class WhenDocumentServed(Filing filing) : INotificationHandler<DocumentServed>
{
    public Task Handle(DocumentServed notification, CancellationToken cancellationToken) =>
        filing.FileAsync(
            notification.CaseId,
            notification.DocumentId,
            $"{notification.EffectiveOn:yyyy-MM-dd} 送达{notification.RecipientName}",
            cancellationToken
        );
}
