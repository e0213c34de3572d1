using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.People;
using FluentValidation;

namespace CourtOps.Triage.Contacts;

/// <summary>The mark of satisfaction, as it was given at the desk or by phone; one or two opens it again.</summary>
[Permit("triage.work")]
[Audited("triage.contact.mark")]
internal sealed record MarkContact : ICommand
{
    public long Id { get; init; }

    /// <summary>One to five.</summary>
    public int? Mark { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<MarkContact>
    {
        public Validator()
        {
            RuleFor(c => c.Mark).NotNull().InclusiveBetween(1, 5).WithMessage("评价应为一至五分。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("评价最长 400 个字符。");
        }
    }

    internal sealed class Handler(ContactBook book, Marking marking, AuditTrail audit) : CommandHandler<MarkContact>
    {
        protected override async Task RunAsync(MarkContact command, CancellationToken ct)
        {
            var k = await book.GetAsync(command.Id, null, ct);
            await marking.MarkAsync(k, command.Mark!.Value, command.Words.Trim(), ct);
            audit.Note("contact", k.Id, new { command.Mark });
        }
    }
}

/// <summary>Keeps a mark; called inside a transaction.</summary>
internal sealed class Marking(ContactBook book)
{
    public async Task MarkAsync(Contact k, int mark, string words, CancellationToken ct)
    {
        await book.MoveAsync(
            k,
            "mark",
            new
            {
                k.Id,
                k.Version,
                mark,
                words,
                now = book.Now,
            },
            "mark = @mark, mark_words = @words, marked_at = @now",
            ct
        );
        await book.NoteAsync(k.Id, "mark", $"{mark} 分。{words}".Trim(), null, ct);
        if (mark > 2)
            return;
        await book.MoveAsync(k, "reopen", new { k.Id, Version = k.Version + 1 }, "finished_at = NULL", ct);
        await book.NoteAsync(k.Id, "reopen", words, null, ct);
        await book.ReleaseAsync(k.Id, ct);
    }
}
