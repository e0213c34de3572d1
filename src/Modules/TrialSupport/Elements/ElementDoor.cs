using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.TrialSupport.Elements;

/// <summary>What the party's page shows: the questions, never what was answered before.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindElements : IQuery<FindElements.Result>
{
    public string Token { get; init; } = "";

    internal sealed record Result(string CourtName, string CaseNumber, string Cause, ElementForm Form, bool NeedsTail, DateTimeOffset? FilledAt);

    internal sealed class Handler(Db db, TimeProvider clock) : IQueryHandler<FindElements, Result>
    {
        public async Task<Result> Handle(FindElements request, CancellationToken cancellationToken)
        {
            var row = await OpenElement.FindAsync(db, request.Token, clock, cancellationToken);
            return new Result(row.CourtName, row.CaseNumber, row.Cause, ElementForms.Find(row.Code)!, row.TailKeyed is not null, row.FilledAt);
        }
    }
}

/// <summary>A party's link as the public face has it.</summary>
internal sealed record OpenElement
{
    /// <summary>Wrong tails after which the link is shut; the court sends the form anew or writes the answers down.</summary>
    public const int MostTries = 8;

    public long Id { get; init; }
    public string CourtName { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string Code { get; init; } = "";
    public string? TailKeyed { get; init; }
    public int Tries { get; init; }
    public DateTimeOffset? FilledAt { get; init; }

    /// <exception cref="NotFound">No such link, shut, or over.</exception>
    public static async Task<OpenElement> FindAsync(Db db, string token, TimeProvider clock, CancellationToken ct) =>
        await db.FirstAsync<OpenElement>(
            "SELECT p.id, p.court_name, p.case_number, p.cause, p.code, p.tail_keyed, p.tries, p.filled_at FROM trial_public_element p WHERE "
                + "p.token_digest = @digest AND p.expires_at > @now AND p.tries < @most",
            new
            {
                digest = Secrets.Digest(token),
                now = clock.StoredNow(),
                most = MostTries,
            },
            ct
        ) ?? throw new NotFound("要素表", "");
}

/// <summary>A party answers by its link; who has a number of identity names its last four signs.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("trial.element.own")]
internal sealed record FillByLink : ICommand<bool>
{
    public string Token { get; init; } = "";
    public string Tail { get; init; } = "";
    public IReadOnlyDictionary<string, string> Answers { get; init; } = new Dictionary<string, string>();

    internal sealed class Validator : AbstractValidator<FillByLink>
    {
        public Validator()
        {
            RuleFor(c => c.Tail).MaximumLength(4).WithMessage("证件号码后 4 位。");
            RuleFor(c => c.Answers).Must(a => a.Count <= 60).WithMessage("填写的项目太多。");
        }
    }

    /// <summary>False: the tail is wrong, and that is counted.</summary>
    internal sealed class Handler(Db db, Secrets secrets, TimeProvider clock, ElementBook book, AuditTrail audit) : ICommandHandler<FillByLink, bool>
    {
        public async Task<bool> Handle(FillByLink c, CancellationToken cancellationToken)
        {
            var row = await OpenElement.FindAsync(db, c.Token, clock, cancellationToken);
            if (row.TailKeyed is not null && !secrets.SameKeyed(row.TailKeyed, "element-tail", c.Tail.Trim().ToUpperInvariant()))
            {
                await db.ExecuteAsync("UPDATE trial_public_element SET tries = tries + 1 WHERE id = @Id", new { row.Id }, cancellationToken);
                audit.Note("element-link", row.Id, new { wrong = row.Tries + 1 });
                return false;
            }
            var form = ElementForms.Find(row.Code)!;
            ElementBook.Check(form, c.Answers);
            await db.ExecuteAsync(
                "UPDATE trial_public_element SET answers_enc = @answers, filled_at = @now, tries = 0 WHERE id = @Id",
                new
                {
                    row.Id,
                    answers = book.Sealed(form, c.Answers),
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            audit.Note("element-link", row.Id, new { fields = c.Answers.Count(a => a.Value.Trim().Length > 0) });
            return true;
        }
    }
}
