using CourtOps.Contracts;
using CourtOps.TrialSupport.Closing;
using MediatR;

namespace CourtOps.TrialSupport.Reactions;

/// <summary>Keeps what a centre answered, once.</summary>
internal sealed class WhenClosingCheckAnswered(ClosingBook book) : INotificationHandler<ClosingCheckAnswered>
{
    public Task Handle(ClosingCheckAnswered notification, CancellationToken cancellationToken) => book.KeepAsync(notification, cancellationToken);
}
