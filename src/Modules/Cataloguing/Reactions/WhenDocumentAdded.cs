using CourtOps.Cataloguing.Efile;
using CourtOps.Contracts;
using MediatR;

namespace CourtOps.Cataloguing.Reactions;

/// <summary>A paper another module added to a case goes straight to its place; what this centre bound is filed already.</summary>
internal sealed class WhenDocumentAdded(Filing filing) : INotificationHandler<DocumentAdded>
{
    public Task Handle(DocumentAdded notification, CancellationToken cancellationToken) =>
        notification.Source == Filing.Own ? Task.CompletedTask : filing.FileAsync(notification.CaseId, notification.DocumentId, "", cancellationToken);
}
