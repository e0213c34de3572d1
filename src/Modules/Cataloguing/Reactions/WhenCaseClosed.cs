using CourtOps.Cataloguing.Archive;
using CourtOps.Contracts;
using MediatR;

namespace CourtOps.Cataloguing.Reactions;

/// <summary>A closed case is to be archived; one that was reopened before is not.</summary>
internal sealed class WhenCaseClosed(ArchiveBook book) : INotificationHandler<CaseClosed>
{
    public Task Handle(CaseClosed notification, CancellationToken cancellationToken) =>
        book.CloseAsync(notification.CaseId, notification.On, notification.How, notification.Reopened, cancellationToken);
}
