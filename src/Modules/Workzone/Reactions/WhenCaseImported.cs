using CourtOps.Contracts;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Triggers;
using MediatR;

namespace CourtOps.Workzone.Reactions;

/// <summary>Where the court wants it, cases of a list begin as registered ones do: their filing and allotment are events that open orders.</summary>
internal sealed class WhenCaseImported(ICaseRegister cases, ISettings settings) : INotificationHandler<CaseImported>
{
    public async Task Handle(CaseImported notification, CancellationToken cancellationToken)
    {
        foreach (var item in notification.Cases)
        {
            if (!settings.Current<TriggerRules>(item.CourtId).Imported)
                continue;
            await cases.RecordAsync(item.CaseId, "registered", item.FiledOn, "registered", null, null, cancellationToken);
            if (item.JudgeId is { } judge)
                await cases.RecordAsync(item.CaseId, "allotted", item.FiledOn, $"allotted:{judge}", null, null, cancellationToken);
        }
    }
}
