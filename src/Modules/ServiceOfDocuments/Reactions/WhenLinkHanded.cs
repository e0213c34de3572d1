using CourtOps.Contracts;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>A party is to get a link of another centre: it is sent once for each round.</summary>
internal sealed class WhenLinkHanded(WorkQueue work) : INotificationHandler<LinkHanded>
{
    public Task Handle(LinkHanded notification, CancellationToken cancellationToken) =>
        work.AddAsync(
            SendPartyLink.Name,
            FormattableString.Invariant($"{notification.LinkId}:{notification.Round}"),
            new SendPartyLink.Payload
            {
                LinkId = notification.LinkId,
                Round = notification.Round,
                CaseId = notification.CaseId,
                PartyId = notification.PartyId,
                Title = notification.Title,
                PathEnc = notification.PathEnc,
                Until = notification.Until,
            },
            ct: cancellationToken
        );
}
