using CourtOps.Cataloguing.Archive;
using CourtOps.Contracts;
using MediatR;

namespace CourtOps.Cataloguing.Reactions;

/// <summary>Who is an agent no more reads no more.</summary>
internal sealed class WhenAgencyEnds(ReadingDoors doors) : INotificationHandler<AgencyEnded>
{
    public Task Handle(AgencyEnded notification, CancellationToken cancellationToken) => doors.EndWithAgencyAsync([notification.CaseId], cancellationToken);
}
