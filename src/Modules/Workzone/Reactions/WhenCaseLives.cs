using CourtOps.Contracts;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using MediatR;

namespace CourtOps.Workzone.Reactions;

/// <summary>A hearing is an event of the case, each version of it once.</summary>
internal sealed class WhenHearingScheduled(ICaseRegister cases) : INotificationHandler<HearingScheduled>
{
    public Task Handle(HearingScheduled notification, CancellationToken cancellationToken) =>
        cases.RecordAsync(
            notification.CaseId,
            "hearing-scheduled",
            Times.Day(notification.Start),
            $"hearing:{notification.HearingId}:{notification.Version}",
            new Dictionary<string, string> { ["room"] = notification.Room, ["start"] = Times.Full(notification.Start) },
            notification.SummonsId,
            cancellationToken
        );
}

/// <summary>A hearing that will not take place.</summary>
internal sealed class WhenHearingCancelled(ICaseRegister cases) : INotificationHandler<HearingCancelled>
{
    public Task Handle(HearingCancelled notification, CancellationToken cancellationToken) =>
        cases.RecordAsync(
            notification.CaseId,
            "hearing-cancelled",
            Times.Day(notification.At),
            $"hearing-cancelled:{notification.HearingId}",
            new Dictionary<string, string> { ["note"] = notification.Reason },
            null,
            cancellationToken
        );
}

internal sealed class WhenHearingHeld(ICaseRegister cases) : INotificationHandler<HearingHeld>
{
    public Task Handle(HearingHeld notification, CancellationToken cancellationToken) =>
        cases.RecordAsync(
            notification.CaseId,
            "hearing-held",
            notification.On,
            $"held:{notification.HearingId}:{Times.Iso(notification.On)}",
            new Dictionary<string, string> { ["outcome"] = notification.Outcome },
            null,
            cancellationToken
        );
}

internal sealed class WhenDocumentIssued(ICaseRegister cases) : INotificationHandler<DocumentIssued>
{
    public Task Handle(DocumentIssued notification, CancellationToken cancellationToken) =>
        cases.RecordAsync(
            notification.CaseId,
            "document-issued",
            notification.On,
            $"issued:{notification.DocumentId}",
            new Dictionary<string, string> { ["kind"] = notification.Kind },
            notification.DocumentId,
            cancellationToken
        );
}

/// <summary>One event for each document and recipient that took effect; when the last party has the judgment, the day it takes effect is known.</summary>
internal sealed class WhenDocumentServed(ICaseRegister cases, Effects effects) : INotificationHandler<DocumentServed>
{
    public async Task Handle(DocumentServed notification, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, string> { ["recipient"] = notification.RecipientName, ["method"] = notification.Method };
        if (notification.PartyId != 0)
            facts["party"] = notification.PartyId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (notification.AppealEnds is { } ends)
            facts["appealEnds"] = Times.Iso(ends);
        await cases.RecordAsync(
            notification.CaseId,
            "document-served",
            notification.EffectiveOn,
            $"served:{notification.TaskId}",
            facts,
            notification.DocumentId,
            cancellationToken
        );
        await effects.LookAsync(notification.CaseId, cancellationToken);
    }
}

/// <summary>A recorded service was decided to be void: the event of it stays, and this one beside it; nothing takes effect from it.</summary>
internal sealed class WhenDocumentServiceVoided(ICaseRegister cases, Effects effects) : INotificationHandler<DocumentServiceVoided>
{
    public async Task Handle(DocumentServiceVoided notification, CancellationToken cancellationToken)
    {
        await cases.RecordAsync(
            notification.CaseId,
            "service-voided",
            Times.Day(notification.At),
            $"voided:{notification.TaskId}:{notification.At:yyyyMMddHHmmss}",
            new Dictionary<string, string> { ["recipient"] = notification.RecipientName, ["was"] = Times.Iso(notification.WasOn) },
            notification.DocumentId,
            cancellationToken
        );
        await effects.LookAsync(notification.CaseId, cancellationToken);
    }
}

internal sealed class WhenMeasureChanged(ICaseRegister cases) : INotificationHandler<MeasureChanged>
{
    public Task Handle(MeasureChanged notification, CancellationToken cancellationToken) =>
        cases.RecordAsync(
            notification.CaseId,
            "measure-" + notification.Change,
            Times.Day(notification.At),
            $"measure:{notification.MeasureId}:{notification.Change}:{notification.At:yyyyMMddHHmmss}",
            notification.End is { } end ? new Dictionary<string, string> { ["end"] = Times.Iso(end) } : null,
            null,
            cancellationToken
        );
}

internal sealed class WhenCaseArchived(ICaseRegister cases) : INotificationHandler<CaseArchived>
{
    public Task Handle(CaseArchived notification, CancellationToken cancellationToken) =>
        cases.RecordAsync(notification.CaseId, "archived", notification.On, "archived:" + Times.Iso(notification.On), null, null, cancellationToken);
}

internal sealed class WhenMediationEnded(ICaseRegister cases) : INotificationHandler<MediationEnded>
{
    public Task Handle(MediationEnded notification, CancellationToken cancellationToken) =>
        cases.RecordAsync(
            notification.CaseId,
            "mediation-ended",
            notification.On,
            $"mediation:{Times.Iso(notification.On)}:{notification.Outcome}",
            new Dictionary<string, string> { ["outcome"] = notification.Outcome },
            null,
            cancellationToken
        );
}
