using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Mediation;
using MediatR;

namespace CourtOps.Triage.Jobs;

/// <summary>Mediations whose next day is past: who has not answered is escalated, what has run out goes to trial. Costs what is due.</summary>
internal sealed class WatchMediations(Round round, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        await round.EachAsync(
            "SELECT id FROM triage_mediation WHERE next_on < @today AND id > @after ORDER BY id",
            new Dictionary<string, object?> { ["today"] = Times.Day(clock.GetUtcNow()) },
            id => mediator.Send(new WatchMediation { Id = id }, ct),
            ct
        );
        round.End();
    }
}

/// <summary>One mediation whose day is past.</summary>
[Permit(PermitAttribute.System)]
[Audited("triage.mediation.watch")]
internal sealed record WatchMediation : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(MediationBook book, AuditTrail audit) : CommandHandler<WatchMediation>
    {
        protected override async Task RunAsync(WatchMediation command, CancellationToken ct)
        {
            if (await book.PlainAsync(command.Id, ct) is not { } row || !(row.NextOn < book.Today))
                return;
            audit.Note("mediation", row.Id, new { row.State, row.NextOn }, row.CaseId);
            switch (row.State)
            {
                case MediationState.Invited:
                    await book.DropAsync(row, true, "", ct);
                    break;
                case MediationState.Running:
                    await book.NoteAsync(row.Id, "late", "", ct);
                    await book.EndAsync(row, "failed", "调解期限届满，未达成协议", null, ct);
                    break;
                case MediationState.Cooling:
                    // the wait is over: the mediator goes on for a week
                    var until = book.Today.AddDays(7);
                    await book.MoveAsync(
                        row,
                        "resume",
                        new
                        {
                            row.Id,
                            row.Version,
                            until,
                        },
                        "due_on = CASE WHEN due_on < @until THEN @until ELSE due_on END, next_on = @until",
                        ct
                    );
                    await book.ReleaseAsync(row.Id, MediationState.Running, until, ct);
                    await book.NoteAsync(row.Id, "resume", "", ct);
                    break;
                default:
                    var why = row.State switch
                    {
                        MediationState.Asking => "consent",
                        MediationState.Choosing => "assign",
                        _ => row.Confirmed == "asked" ? "confirm" : "follow",
                    };
                    await book.MoveAsync(
                        row,
                        "note",
                        new
                        {
                            row.Id,
                            row.Version,
                            now = book.Now,
                            why,
                        },
                        "escalated_at = @now, escalated_why = @why, next_on = NULL",
                        ct
                    );
                    break;
            }
        }
    }
}
