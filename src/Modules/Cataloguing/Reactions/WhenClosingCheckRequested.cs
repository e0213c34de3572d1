using CourtOps.Cataloguing.Archive;
using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone;
using MediatR;

namespace CourtOps.Cataloguing.Reactions;

/// <summary>Answers for this centre what of a case is still open here.</summary>
internal sealed class WhenClosingCheckRequested(ArchiveBook book, Outbox outbox) : INotificationHandler<ClosingCheckRequested>
{
    public async Task Handle(ClosingCheckRequested notification, CancellationToken cancellationToken) =>
        await outbox.AddAsync(
            Catalogue.CaseKey(notification.CaseId),
            new ClosingCheckAnswered
            {
                AskId = notification.AskId,
                CaseId = notification.CaseId,
                Centre = Centres.Cataloguing,
                Missing = await book.OpenAsync(notification.CaseId, cancellationToken),
            },
            cancellationToken
        );
}
