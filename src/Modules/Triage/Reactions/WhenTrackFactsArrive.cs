using CourtOps.Contracts;
using CourtOps.Triage.Split;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>An expert was entrusted: the split is looked at again.</summary>
internal sealed class WhenExpertIsEntrusted(Screening screening) : INotificationHandler<ExpertEntrusted>
{
    public Task Handle(ExpertEntrusted notification, CancellationToken cancellationToken) =>
        screening.LookAsync(notification.CaseId, "expert", "expert", notification.On, cancellationToken);
}

/// <summary>A paper was served by announcement: the split is looked at again.</summary>
internal sealed class WhenServedByAnnouncement(Screening screening) : INotificationHandler<DocumentServed>
{
    public Task Handle(DocumentServed notification, CancellationToken cancellationToken) =>
        notification.Method == "announcement"
            ? screening.LookAsync(notification.CaseId, "announcement", "announcement", notification.EffectiveOn, cancellationToken)
            : Task.CompletedTask;
}

/// <summary>A counterclaim, another claim, a party added: the split is looked at again.</summary>
internal sealed class WhenClaimsChange(Screening screening) : INotificationHandler<CaseEventRecorded>
{
    public Task Handle(CaseEventRecorded notification, CancellationToken cancellationToken)
    {
        var words = string.Join(' ', notification.Facts.Values);
        var fact = notification.Event switch
        {
            "counterclaim" => "counterclaim",
            "party-added" => "party",
            "claims-changed" when words.Contains("反诉", StringComparison.Ordinal) || words.Contains("counterclaim", StringComparison.Ordinal) =>
                "counterclaim",
            "claims-changed" when words.Contains("第三人", StringComparison.Ordinal) => "third-party",
            "claims-changed" when words.Contains("追加", StringComparison.Ordinal) => "party",
            "claims-changed" => "claims",
            _ => "",
        };
        return fact.Length == 0
            ? Task.CompletedTask
            : screening.LookAsync(notification.CaseId, fact, $"{fact}:{notification.EventId}", notification.On, cancellationToken);
    }
}

/// <summary>A list brought other parties to a case: the split is looked at again.</summary>
internal sealed class WhenPartiesAreImported(Screening screening) : INotificationHandler<CaseImported>
{
    public async Task Handle(CaseImported notification, CancellationToken cancellationToken)
    {
        foreach (var c in notification.Cases.Where(c => c.Updated))
            await screening.LookAsync(c.CaseId, "party", $"import:{notification.ImportId}", c.FiledOn, cancellationToken);
    }
}
