using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Closing;
using CourtOps.Workzone;
using MediatR;

namespace CourtOps.TrialSupport.Reactions;

/// <summary>Answers for this centre what of a case is still open here.</summary>
internal sealed class WhenClosingCheckRequested(ClosingBook book, Outbox outbox) : INotificationHandler<ClosingCheckRequested>
{
    public async Task Handle(ClosingCheckRequested notification, CancellationToken cancellationToken) =>
        await outbox.AddAsync(
            Catalogue.CaseKey(notification.CaseId),
            new ClosingCheckAnswered
            {
                AskId = notification.AskId,
                CaseId = notification.CaseId,
                Centre = Centres.Trial,
                Missing = await book.MissingAsync(notification.CaseId, cancellationToken),
            },
            cancellationToken
        );
}
