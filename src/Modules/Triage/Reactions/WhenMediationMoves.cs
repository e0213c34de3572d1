using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Triage.Mediation;
using CourtOps.Workzone.Cases;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>Time of mediation that the trial limit does not count (D-TJ; D-HJ while both spouses cool off).</summary>
internal sealed class WhenMediationTakesTime(ICaseRegister register) : INotificationHandler<MediationTimeTaken>
{
    public Task Handle(MediationTimeTaken notification, CancellationToken cancellationToken) =>
        notification.Kind switch
        {
            "cooling" => register.DeductAsync(
                notification.CaseId,
                "D-HJ",
                notification.From,
                null,
                $"triage.cooling:{notification.MediationId}",
                null,
                "双方书面申请冷静期",
                ct: cancellationToken
            ),
            "mediation" => register.DeductAsync(
                notification.CaseId,
                "D-TJ",
                notification.From,
                null,
                $"triage.mediation:{notification.MediationId}",
                null,
                "调解期间",
                ct: cancellationToken
            ),
            _ => register.DeductAsync(
                notification.CaseId,
                "D-TJ",
                notification.From,
                null,
                $"triage.mediation:{notification.MediationId}",
                null,
                "双方同意延长调解",
                ct: cancellationToken
            ),
        };
}

/// <summary>The trial limit runs on when mediation has ended.</summary>
internal sealed class WhenMediationHasEnded(Db db, ICaseRegister register) : INotificationHandler<MediationEnded>
{
    public async Task Handle(MediationEnded notification, CancellationToken cancellationToken)
    {
        foreach (
            var row in await db.QueryAsync<MediationRow>(
                $"SELECT {MediationBook.Columns} FROM triage_mediation m WHERE m.case_id = @CaseId AND m.ended_on = @On",
                new { notification.CaseId, notification.On },
                cancellationToken
            )
        )
        {
            // an extension that was not needed has taken no time
            var first = row.BaseEnd is { } end && !row.ProcedureCode.StartsWith("AD-", StringComparison.Ordinal) ? end.AddDays(1) : notification.On;
            await register.EndDeductionAsync(row.CaseId, $"triage.mediation:{row.Id}", notification.On < first ? first : notification.On, cancellationToken);
            await register.EndDeductionAsync(row.CaseId, $"triage.cooling:{row.Id}", notification.On, cancellationToken);
        }
    }
}

/// <summary>What a mediator did on the phone page: its consequence is drawn here, by the same rules as at the desk; what cannot be is told on the
/// page.</summary>
internal sealed class WhenMediatorActed(Db db, MediationBook book, PhoneActs acts, Kernel.Work.WorkQueue work, TimeProvider clock)
    : INotificationHandler<MediatorActed>
{
    public async Task Handle(MediatorActed notification, CancellationToken cancellationToken)
    {
        if (
            await acts.GetAsync(notification.ActId, cancellationToken) is not { HeardAt: null } act
            || await book.PlainAsync(notification.MediationId, cancellationToken) is not { } row
        )
            return;
        var refused = "";
        try
        {
            await db.SavepointAsync(async () =>
            {
                switch (act.Act)
                {
                    case "accept" when row.State == MediationState.Invited:
                        await book.AcceptAsync(row, cancellationToken);
                        break;
                    case "decline" when row.State == MediationState.Invited:
                        await book.DropAsync(row, false, act.Words, cancellationToken);
                        break;
                    case "talk":
                        await book.NoteAsync(row.Id, "talk", act.Words, cancellationToken, row.MediatorName);
                        break;
                    case "extend" when row.State == MediationState.Running:
                        await book.ExtendAsync(row, act.Days ?? 0, act.Words, cancellationToken, row.MediatorName);
                        break;
                    case "agreed" or "withdrawn" or "failed" or "refused" when row.IsOpen && row.AcceptedOn is not null:
                        await book.EndAsync(row, act.Act, act.Words, act.Elements, cancellationToken, row.MediatorName);
                        if (act.Act == "agreed")
                            await work.AddAsync(PrintAgreement.Name, $"{row.Id}", new PrintAgreement.Payload { MediationId = row.Id }, ct: cancellationToken);
                        break;
                    default:
                        refused = "现在的状态不能这样办。";
                        break;
                }
            });
        }
        catch (Kernel.Messaging.RuleBroken e)
        {
            refused = e.Message.Length > 400 ? e.Message[..400] : e.Message;
        }
        await db.ExecuteAsync(
            "UPDATE triage_public_mediation_act SET heard_at = @now, refused = @refused WHERE id = @Id",
            new
            {
                act.Id,
                now = clock.GetUtcNow(),
                refused,
            },
            cancellationToken
        );
    }
}
