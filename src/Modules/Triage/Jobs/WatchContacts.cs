using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Contacts;
using MediatR;

namespace CourtOps.Triage.Jobs;

/// <summary>Contacts and letters of filers whose answer is late go to whoever is on duty. Costs what is due.</summary>
internal sealed class WatchContacts(Round round, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        await round.EachAsync(
            "SELECT id FROM triage_contact WHERE state IN ('open', 'accepted') AND due_on < @today AND escalated_at IS NULL AND id > @after ORDER BY id",
            new Dictionary<string, object?> { ["today"] = Times.Day(clock.GetUtcNow()) },
            id => mediator.Send(new EscalateContact { Id = id }, ct),
            ct
        );
        await round.EachAsync(
            "SELECT id FROM triage_letter WHERE side = 'in' AND answered_at IS NULL AND due_on < @today AND escalated_at IS NULL AND id > @after ORDER BY id",
            new Dictionary<string, object?> { ["today"] = Times.Day(clock.GetUtcNow()) },
            id => mediator.Send(new EscalateLetter { Id = id }, ct),
            ct
        );
        round.End();
    }
}

/// <summary>One that is late.</summary>
[Permit(PermitAttribute.System)]
[Audited("triage.contact.escalate")]
internal sealed record EscalateContact : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, ContactBook book, AuditTrail audit) : CommandHandler<EscalateContact>
    {
        protected override async Task RunAsync(EscalateContact command, CancellationToken ct)
        {
            var k = await book.GetAsync(command.Id, null, ct);
            if (k.State == "done" || k.EscalatedAt is not null || k.DueOn >= book.Today)
                return;
            var duty =
                await db.FirstAsync<string>(
                    "SELECT person_name FROM triage_duty WHERE court_id = @ForCourtId AND on_day = @Today",
                    new { k.ForCourtId, book.Today },
                    ct
                ) ?? "";
            await book.MoveAsync(
                k,
                "note",
                new
                {
                    k.Id,
                    k.Version,
                    now = book.Now,
                    duty,
                },
                "escalated_at = @now, escalated_to = @duty",
                ct
            );
            await book.NoteAsync(k.Id, "escalate", duty, null, ct, k.ForCourtName);
            audit.Note("contact", k.Id, new { duty });
        }
    }
}

/// <summary>A letter of a filer that is late.</summary>
[Permit(PermitAttribute.System)]
[Audited("triage.letter.escalate")]
internal sealed record EscalateLetter : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, TimeProvider clock, AuditTrail audit) : CommandHandler<EscalateLetter>
    {
        protected override async Task RunAsync(EscalateLetter command, CancellationToken ct)
        {
            var now = clock.StoredNow();
            var today = Times.Day(now);
            var duty =
                await db.FirstAsync<string>(
                    "SELECT d.person_name FROM triage_duty d JOIN triage_letter l ON l.court_id = d.court_id WHERE l.id = @Id AND d.on_day = @today",
                    new { command.Id, today },
                    ct
                ) ?? "";
            if (
                await db.ExecuteAsync(
                    "UPDATE triage_letter SET escalated_at = @now, escalated_to = @duty WHERE id = @Id AND answered_at IS NULL AND escalated_at IS "
                        + "NULL AND due_on < @today",
                    new
                    {
                        command.Id,
                        now,
                        duty,
                        today,
                    },
                    ct
                ) > 0
            )
                audit.Note("letter", command.Id, new { duty });
        }
    }
}
