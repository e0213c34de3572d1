using CourtOps.Contracts;
using CourtOps.Workzone.Inspections;
using MediatR;

namespace CourtOps.Workzone.Reactions;

/// <summary>Whatever happens to a case, its record is inspected. Twice or late it is inspected as it stands then.</summary>
internal sealed class InspectAfterEvent(InspectionBook inspections) : INotificationHandler<CaseEventRecorded>
{
    public Task Handle(CaseEventRecorded notification, CancellationToken cancellationToken) =>
        inspections.InspectAsync([notification.CaseId], cancellationToken);
}

/// <summary>The cases of a list, a chunk at a time.</summary>
internal sealed class InspectAfterImport(InspectionBook inspections) : INotificationHandler<CaseImported>
{
    public Task Handle(CaseImported notification, CancellationToken cancellationToken) =>
        inspections.InspectAsync([.. notification.Cases.Select(c => c.CaseId)], cancellationToken);
}
