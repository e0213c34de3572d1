using CourtOps.Contracts;
using CourtOps.Workzone.Cases;
using MediatR;

namespace CourtOps.Workzone.Reactions;

/// <summary>While an expert works the trial limit stands still (D-JD, CPL-I 243). The entrusting and its end may arrive in any order.</summary>
internal sealed class WhenExpertActs(ICaseRegister cases) : INotificationHandler<ExpertEntrusted>
{
    public async Task Handle(ExpertEntrusted notification, CancellationToken cancellationToken) =>
        await cases.DeductAsync(
            notification.CaseId,
            "D-JD",
            notification.On,
            null,
            Key(notification.OpinionId),
            notification.DocumentId,
            "委托鉴定",
            ct: cancellationToken
        );

    internal static string Key(long opinionId) => $"expert:{opinionId}";
}

/// <summary>The opinion has come: the limit runs on.</summary>
internal sealed class WhenExpertEnded(ICaseRegister cases) : INotificationHandler<ExpertEnded>
{
    public Task Handle(ExpertEnded notification, CancellationToken cancellationToken) =>
        cases.EndDeductionAsync(notification.CaseId, WhenExpertActs.Key(notification.OpinionId), notification.On, cancellationToken);
}
