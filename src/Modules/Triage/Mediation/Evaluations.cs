using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Mediation;

/// <summary>中立评估: one to three evaluators, each without seeing the others' opinion, fifteen days; no evidence.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.evaluate")]
internal sealed record AskEvaluation : ICommand
{
    public long Id { get; init; }
    public IReadOnlyList<long> Evaluators { get; init; } = [];

    /// <summary>What is asked of the evaluators: the facts and the question, as their page shows it.</summary>
    public string Question { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskEvaluation>
    {
        public Validator()
        {
            RuleFor(c => c.Evaluators).Must(e => e.Distinct().Count() is >= 1 and <= 3).WithMessage("请选择一至三名评估员。");
            RuleFor(c => c.Question).MaximumLength(2000).WithMessage("请评估的问题最长 2000 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, MediationBook book, ICourts courts, Secrets secrets, TimeProvider clock, AuditTrail audit)
        : CommandHandler<AskEvaluation>
    {
        protected override async Task RunAsync(AskEvaluation command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, ct);
            if (row.State is not (MediationState.Running or MediationState.Cooling))
                throw new RuleBroken("调解进行中才能委托中立评估。", code: "state");
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM triage_evaluation WHERE mediation_id = @Id", new { row.Id }, ct) > 0)
                throw new RuleBroken("本次调解已经委托过中立评估。", code: "once");
            var due = Law
                .Periods.Compute(book.Today, book.Rules(row.CourtId).EvaluationDays, Law.PeriodUnit.Day, await book.CalendarAsync(row.CourtId, ct))
                .LegalLastDay;
            var court = await courts.GetAsync(row.CourtId, ct);
            foreach (var e in command.Evaluators.Distinct())
            {
                var name =
                    await db.FirstAsync<string>(
                        "SELECT name FROM triage_mediator WHERE id = @e AND court_id = @CourtId AND evaluator = 1 AND active = 1 AND id <> @mediator",
                        new
                        {
                            e,
                            row.CourtId,
                            mediator = row.MediatorId ?? 0,
                        },
                        ct
                    ) ?? throw new RuleBroken("评估员应是本院在册、能作评估，且不是本件的调解员。", "Evaluators");
                var (id, token) = (ids.Next(), Secrets.NewToken());
                await db.ExecuteAsync(
                    "INSERT INTO triage_evaluation (id, mediation_id, evaluator_id, evaluator_name, due_on, token_enc) VALUES (@id, @mediation, @e, "
                        + "@name, @due, @token)",
                    new
                    {
                        id,
                        mediation = row.Id,
                        e,
                        name,
                        due,
                        token = secrets.Protect(token),
                    },
                    ct
                );
                await db.ExecuteAsync(
                    """
                    INSERT INTO triage_public_evaluation (token_digest, evaluation_id, mediation_id, court_name, case_number, cause, evaluator_name,
                        question_enc, due_on, expires_at)
                    VALUES (@digest, @id, @mediation, @court, @CaseNumber, @Cause, @name, @question, @due, @ends)
                    """,
                    new
                    {
                        digest = Secrets.Digest(token),
                        id,
                        mediation = row.Id,
                        court = court.Name,
                        row.CaseNumber,
                        row.Cause,
                        name,
                        question = secrets.Protect(command.Question) ?? secrets.Protect("—"),
                        due,
                        ends = clock.GetUtcNow().AddDays(due.DayNumber - book.Today.DayNumber + 1),
                    },
                    ct
                );
            }
            await book.NoteAsync(row.Id, "evaluate", Times.Iso(due), ct);
            audit.Note("mediation", row.Id, new { evaluators = command.Evaluators.Count }, row.CaseId);
        }
    }
}

/// <summary>An evaluator's opinion is taken in; shown to nobody before all are there or their day is past.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.opinion")]
internal sealed record GiveOpinion : ICommand
{
    public long Id { get; init; }
    public long EvaluatorId { get; init; }
    public string Opinion { get; init; } = "";

    internal sealed class Validator : AbstractValidator<GiveOpinion>
    {
        public Validator() => RuleFor(c => c.Opinion).NotEmpty().WithMessage("请填写评估意见。").MaximumLength(4000).WithMessage("意见最长 4000 个字符。");
    }

    internal sealed class Handler(Db db, MediationBook book, TimeProvider clock, AuditTrail audit) : CommandHandler<GiveOpinion>
    {
        protected override async Task RunAsync(GiveOpinion command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, ct);
            if (
                await db.ExecuteAsync(
                    "UPDATE triage_evaluation SET opinion = @opinion, given_at = @now WHERE mediation_id = @Id AND evaluator_id = @EvaluatorId AND "
                        + "given_at IS NULL",
                    new
                    {
                        row.Id,
                        command.EvaluatorId,
                        opinion = command.Opinion.Trim(),
                        now = book.Now,
                    },
                    ct
                ) == 0
            )
                throw new RuleBroken("这名评估员的意见已经收到，或者没有委托过。", "EvaluatorId");
            await db.ExecuteAsync(
                "UPDATE triage_public_evaluation SET withdrawn_at = @now WHERE given_at IS NULL AND evaluation_id IN (SELECT e.id FROM "
                    + "triage_evaluation e WHERE e.mediation_id = @Id AND e.evaluator_id = @EvaluatorId)",
                new
                {
                    now = clock.GetUtcNow(),
                    row.Id,
                    command.EvaluatorId,
                },
                ct
            );
            await book.NoteAsync(row.Id, "opinion", "", ct);
            audit.Note("mediation", row.Id, new { command.EvaluatorId }, row.CaseId);
        }
    }
}
