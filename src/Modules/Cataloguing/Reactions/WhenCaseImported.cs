using CourtOps.Cataloguing.Archive;
using CourtOps.Contracts;
using MediatR;

namespace CourtOps.Cataloguing.Reactions;

/// <summary>A list brings the agents of a case anew: who is not among them reads no more.</summary>
internal sealed class WhenCaseImported(ReadingDoors doors) : INotificationHandler<CaseImported>
{
    public Task Handle(CaseImported notification, CancellationToken cancellationToken) =>
        doors.EndWithAgencyAsync([.. notification.Cases.Select(c => c.CaseId)], cancellationToken);
}
