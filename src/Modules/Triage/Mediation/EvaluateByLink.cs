using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.Triage.Mediation;

/// <summary>An evaluation as it was released to its evaluator: all that the page ever reads. Nothing of the other evaluators.</summary>
internal sealed record PublicEvaluation
{
    public string TokenDigest { get; init; } = "";
    public long EvaluationId { get; init; }
    public long MediationId { get; init; }
    public string CourtName { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string EvaluatorName { get; init; } = "";
    public string QuestionEnc { get; init; } = "";
    public string? OpinionEnc { get; init; }
    public DateOnly DueOn { get; init; }
    public DateTimeOffset? GivenAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }

    private const string Columns =
        "token_digest, evaluation_id, mediation_id, court_name, case_number, cause, evaluator_name, question_enc, opinion_enc, due_on, given_at, expires_at";

    /// <exception cref="NotFound">No such link, withdrawn, or its time has run out: said alike.</exception>
    public static async Task<PublicEvaluation> FindAsync(Db db, string token, TimeProvider clock, CancellationToken ct)
    {
        if (token.Length != 32 || !token.All(char.IsAsciiHexDigitLower))
            throw new NotFound("中立评估");
        return await db.FirstAsync<PublicEvaluation>(
                $"SELECT {Columns} FROM triage_public_evaluation WHERE token_digest = @digest AND withdrawn_at IS NULL AND expires_at > @now",
                new { digest = Secrets.Digest(token), now = clock.GetUtcNow() },
                ct
            ) ?? throw new NotFound("中立评估");
    }

    /// <summary>For the inner side.</summary>
    public static Task<PublicEvaluation?> OfAsync(Db db, long evaluationId, CancellationToken ct) =>
        db.FirstAsync<PublicEvaluation>($"SELECT {Columns} FROM triage_public_evaluation WHERE evaluation_id = @evaluationId", new { evaluationId }, ct);
}

/// <summary>The page of an evaluator: what is asked, until when, and the own opinion once it is given.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindEvaluation : IQuery<FindEvaluation.Result>
{
    public string Token { get; init; } = "";

    internal sealed record Result(PublicEvaluation Evaluation, string Question, string? Opinion);

    internal sealed class Handler(Db db, Secrets secrets, TimeProvider clock, Kernel.Access.AccessLog reads) : IQueryHandler<FindEvaluation, Result>
    {
        public async Task<Result> Handle(FindEvaluation request, CancellationToken cancellationToken)
        {
            var e = await PublicEvaluation.FindAsync(db, request.Token, clock, cancellationToken);
            reads.Note("triage.mediator.view", "mediation", e.MediationId);
            return new Result(e, secrets.Reveal(e.QuestionEnc) ?? "", secrets.Reveal(e.OpinionEnc));
        }
    }
}

/// <summary>The evaluator gives the opinion, once and for all.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.evaluator.opinion")]
internal sealed record GiveOpinionByLink : ICommand
{
    public string Token { get; init; } = "";
    public string Opinion { get; init; } = "";

    internal sealed class Validator : AbstractValidator<GiveOpinionByLink>
    {
        public Validator() => RuleFor(c => c.Opinion).NotEmpty().WithMessage("请填写评估意见。").MaximumLength(4000).WithMessage("意见最长 4000 个字符。");
    }

    internal sealed class Handler(Db db, Secrets secrets, TimeProvider clock, Outbox outbox, AuditTrail audit) : CommandHandler<GiveOpinionByLink>
    {
        protected override async Task RunAsync(GiveOpinionByLink command, CancellationToken ct)
        {
            var e = await PublicEvaluation.FindAsync(db, command.Token, clock, ct);
            var now = clock.StoredNow();
            if (
                await db.ExecuteAsync(
                    "UPDATE triage_public_evaluation SET opinion_enc = @opinion, given_at = @now WHERE token_digest = @TokenDigest AND given_at IS NULL",
                    new
                    {
                        e.TokenDigest,
                        opinion = secrets.Protect(command.Opinion),
                        now,
                    },
                    ct
                ) == 0
            )
                throw new RuleBroken("您的意见已经交给法院，不能再改。", code: "given");
            await outbox.AddAsync(
                $"mediation:{e.MediationId}",
                new OpinionHandedIn
                {
                    MediationId = e.MediationId,
                    EvaluationId = e.EvaluationId,
                    At = now,
                },
                ct
            );
            audit.Note("mediation", e.MediationId, null);
        }
    }
}
