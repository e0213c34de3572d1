using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>Keeps which cases have taken effect: only those are enforced.</summary>
internal sealed class WhenCaseTakesEffect(Db db) : INotificationHandler<CaseEventRecorded>
{
    public async Task Handle(CaseEventRecorded notification, CancellationToken cancellationToken)
    {
        if (notification.Event != "effective")
            return;
        if (
            await db.ExecuteAsync(
                "UPDATE triage_effective SET on_day = @On WHERE case_id = @CaseId",
                new { notification.CaseId, notification.On },
                cancellationToken
            ) == 0
        )
            await db.ExecuteAsync(
                "INSERT INTO triage_effective (case_id, on_day) VALUES (@CaseId, @On)",
                new { notification.CaseId, notification.On },
                cancellationToken
            );
    }
}
