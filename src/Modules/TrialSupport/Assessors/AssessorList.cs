using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;

namespace CourtOps.TrialSupport.Assessors;

internal sealed record AssessorRow
{
    public long Id { get; init; }
    public string Name { get; init; } = "";

    /// <summary>Field of knowledge: 医疗, 建筑 …; blank for none.</summary>
    public string Field { get; init; } = "";
    public string Note { get; init; } = "";
    public bool Active { get; init; }
    public int Version { get; init; }
    public int Cases { get; init; }
}

internal sealed record AssessorAway
{
    public long AssessorId { get; init; }
    public DateOnly FromOn { get; init; }
    public DateOnly UntilOn { get; init; }
    public string Reason { get; init; } = "";
}

/// <summary>The lead of the centre keeps the list of the court's assessors.</summary>
[Permit("trial.assessors")]
[Audited("trial.assessor.save")]
internal sealed record SaveAssessor : ICommand<long>
{
    public long? Id { get; init; }
    public int? Version { get; init; }
    public string Name { get; init; } = "";
    public string Field { get; init; } = "";
    public string Note { get; init; } = "";
    public bool Active { get; init; } = true;

    internal sealed class Validator : AbstractValidator<SaveAssessor>
    {
        public Validator()
        {
            RuleFor(c => c.Name).NotEmpty().WithMessage("请填写姓名。").MaximumLength(60).WithMessage("姓名最长 60 个字符。");
            RuleFor(c => c.Field).MaximumLength(60).WithMessage("专业最长 60 个字符。");
            RuleFor(c => c.Note).MaximumLength(200).WithMessage("最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, AuditTrail audit) : ICommandHandler<SaveAssessor, long>
    {
        public async Task<long> Handle(SaveAssessor c, CancellationToken cancellationToken)
        {
            var id = c.Id ?? ids.Next();
            var args = new
            {
                id,
                court = actor.CourtId,
                name = c.Name.Trim(),
                field = c.Field.Trim(),
                note = c.Note.Trim(),
                c.Active,
                c.Version,
            };
            if (c.Id is null)
                await db.ExecuteAsync(
                    "INSERT INTO trial_assessor (id, court_id, name, field, note, active, version) VALUES (@id, @court, @name, @field, @note, @Active, 1)",
                    args,
                    cancellationToken
                );
            else if (
                await db.ExecuteAsync(
                    "UPDATE trial_assessor SET name = @name, field = @field, note = @note, active = @Active, version = version + 1 WHERE id = @id AND "
                        + "court_id = @court AND version = @Version",
                    args,
                    cancellationToken
                ) == 0
            )
                throw await db.ScalarAsync<int>("SELECT COUNT(*) FROM trial_assessor WHERE id = @id AND court_id = @court", args, cancellationToken) == 0
                    ? new NotFound("人民陪审员", id)
                    : new Conflict("名单刚被他人修改，请刷新后再看。");
            audit.Note(
                "trial-assessor",
                id,
                new
                {
                    args.name,
                    args.field,
                    c.Active,
                }
            );
            return id;
        }
    }
}

/// <summary>Days on which an assessor cannot come.</summary>
[Permit("trial.assessors")]
[Audited("trial.assessor.away")]
internal sealed record AssessorLeave : ICommand<long>
{
    public long Id { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AssessorLeave>
    {
        public Validator()
        {
            RuleFor(c => c.From)
                .NotNull()
                .WithMessage("请填写起始日期。")
                .Must(d => d is null or { Year: >= 2000 and <= 2100 })
                .WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Until)
                .Must((c, u) => u is null || u >= c.From)
                .WithMessage("结束日期早于开始日期。")
                .Must(d => d is null or { Year: >= 2000 and <= 2100 })
                .WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明原因。").MaximumLength(200).WithMessage("原因最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, AuditTrail audit) : ICommandHandler<AssessorLeave, long>
    {
        public async Task<long> Handle(AssessorLeave c, CancellationToken cancellationToken)
        {
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_assessor WHERE id = @Id AND court_id = @court",
                    new { c.Id, court = actor.CourtId },
                    cancellationToken
                ) == 0
            )
                throw new NotFound("人民陪审员", c.Id);
            var away = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO trial_assessor_away (id, assessor_id, from_on, until_on, reason) VALUES (@away, @Id, @From, @until, @reason)",
                new
                {
                    away,
                    c.Id,
                    c.From,
                    until = c.Until ?? c.From,
                    reason = c.Reason.Trim(),
                },
                cancellationToken
            );
            audit.Note("trial-assessor", c.Id, new { c.From, c.Until });
            return away;
        }
    }
}

/// <summary>The assessors of the court acted in with their cases of this year, and when they are away from today on.</summary>
[Permit("trial.read")]
internal sealed record ListAssessors : IQuery<ListAssessors.Result>
{
    internal sealed record Result(IReadOnlyList<AssessorRow> Rows, IReadOnlyList<AssessorAway> Away);

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock) : IQueryHandler<ListAssessors, Result>
    {
        public async Task<Result> Handle(ListAssessors request, CancellationToken cancellationToken)
        {
            var today = Times.Day(clock.GetUtcNow());
            var args = new
            {
                court = actor.CourtId,
                today,
                first = new DateOnly(today.Year, 1, 1),
                last = new DateOnly(today.Year, 12, 31),
            };
            return new Result(
                await db.QueryAsync<AssessorRow>(
                    $"SELECT a.id, a.name, a.field, a.note, a.active, a.version, {DrawBook.CasesOfYear} AS cases FROM trial_assessor a WHERE "
                        + "a.court_id = @court ORDER BY a.active DESC, a.name, a.id",
                    args,
                    cancellationToken
                ),
                await db.QueryAsync<AssessorAway>(
                    "SELECT w.assessor_id, w.from_on, w.until_on, w.reason FROM trial_assessor_away w JOIN trial_assessor a ON a.id = w.assessor_id "
                        + "WHERE a.court_id = @court AND w.until_on >= @today ORDER BY w.from_on, w.id",
                    args,
                    cancellationToken
                )
            );
        }
    }
}
