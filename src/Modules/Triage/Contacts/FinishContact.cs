using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using CourtOps.Workzone.People;
using FluentValidation;

namespace CourtOps.Triage.Contacts;

/// <summary>The court that finishes it signs for it.</summary>
[Permit("triage.work")]
[Audited("triage.contact.accept")]
internal sealed record AcceptContact : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Handler(ContactBook book, Actor actor, AuditTrail audit) : CommandHandler<AcceptContact>
    {
        protected override async Task RunAsync(AcceptContact command, CancellationToken ct)
        {
            var k = await book.MineAsync(command.Id, command.Version, ct);
            await book.MoveAsync(
                k,
                "accept",
                new
                {
                    k.Id,
                    k.Version,
                    now = book.Now,
                    me = actor.Id,
                    by = actor.Name,
                },
                "accepted_at = @now, accepted_by = @me, accepted_by_name = @by",
                ct
            );
            await book.NoteAsync(k.Id, "accept", "", null, ct);
            await book.ReleaseAsync(k.Id, ct);
            audit.Note("contact", k.Id);
        }
    }
}

/// <summary>It belongs to another court: passed on, and its day stays.</summary>
[Permit("triage.work")]
[Audited("triage.contact.pass")]
internal sealed record PassContact : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Court { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<PassContact>
    {
        public Validator()
        {
            RuleFor(c => c.Court).NotEmpty().WithMessage("请选择转交到哪个法院。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明为什么转交。").MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, ContactBook book, ICourts courts, AuditTrail audit) : CommandHandler<PassContact>
    {
        protected override async Task RunAsync(PassContact command, CancellationToken ct)
        {
            var k = await book.MineAsync(command.Id, command.Version, ct);
            var to = await courts.FindAsync(PartyReading.Fold(command.Court), ct) ?? throw new RuleBroken($"没有“{command.Court}”这个法院。", "Court");
            if (to.Id == k.ForCourtId)
                throw new RuleBroken("已经在这个法院办理。", "Court");
            var caseId =
                k.CaseNumber.Length == 0
                    ? null
                    : await db.FirstAsync<long?>(
                        "SELECT id FROM workzone_case_card WHERE number = @CaseNumber AND court_id = @Id",
                        new { k.CaseNumber, to.Id },
                        ct
                    );
            await book.MoveAsync(
                k,
                "pass",
                new
                {
                    k.Id,
                    k.Version,
                    court = to.Id,
                    name = to.Name,
                    caseId,
                },
                "for_court_id = @court, for_court_name = @name, case_id = @caseId, accepted_at = NULL, accepted_by = NULL, accepted_by_name = ''",
                ct
            );
            await book.NoteAsync(k.Id, "pass", $"{to.Name}：{command.Words.Trim()}", null, ct);
            await book.ReleaseAsync(k.Id, ct);
            audit.Note("contact", k.Id, new { to = to.Code }, null, command.Words);
        }
    }
}

/// <summary>The answer. Material is finished by its papers reaching the file, see <see cref="HandOver"/>.</summary>
[Permit("triage.work")]
[Audited("triage.contact.finish")]
internal sealed record FinishContact : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Answer { get; init; } = "";

    internal sealed class Validator : AbstractValidator<FinishContact>
    {
        public Validator() => RuleFor(c => c.Answer).NotEmpty().WithMessage("请写明答复。").MaximumLength(4000).WithMessage("答复最长 4000 个字符。");
    }

    internal sealed class Handler(ContactBook book, AuditTrail audit) : CommandHandler<FinishContact>
    {
        protected override async Task RunAsync(FinishContact command, CancellationToken ct)
        {
            var k = await book.MineAsync(command.Id, command.Version, ct);
            if (k.Service == "material" && (await book.PapersAsync(k.Id, ct)).Any(p => p.DocumentId is null))
                throw new RuleBroken("材料还没有入卷，请先交接入卷。", code: "papers");
            await book.MoveAsync(
                k,
                "finish",
                new
                {
                    k.Id,
                    k.Version,
                    now = book.Now,
                    answer = command.Answer.Trim(),
                },
                "finished_at = @now, accepted_at = COALESCE(accepted_at, @now), answer = @answer",
                ct
            );
            await book.NoteAsync(k.Id, "finish", command.Answer.Trim(), null, ct);
            await book.ReleaseAsync(k.Id, ct);
            audit.Note("contact", k.Id);
        }
    }
}
