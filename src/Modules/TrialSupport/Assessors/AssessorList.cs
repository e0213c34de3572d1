using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Helpers;
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

/// <summary>The lead of the centre keeps the list of the court's assessors.</summary>
[Permit("trial.assessors")]
[Audited("trial.assessor.save")]
internal sealed record SaveAssessor : ICommand<long>, IHelperSaved
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
            HelperRules.Saved(this);
            RuleFor(c => c.Field).MaximumLength(60).WithMessage("专业最长 60 个字符。");
        }
    }

    internal sealed class Handler(HelperList list) : ICommandHandler<SaveAssessor, long>
    {
        public Task<long> Handle(SaveAssessor c, CancellationToken cancellationToken) =>
            list.SaveAsync(HelperKind.Assessors, new HelperEntry(c.Id, c.Version, c.Name, c.Field, c.Note, c.Active), cancellationToken);
    }
}

/// <summary>Days on which an assessor cannot come.</summary>
[Permit("trial.assessors")]
[Audited("trial.assessor.away")]
internal sealed record AssessorLeave : ICommand<long>, IHelperLeave
{
    public long Id { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AssessorLeave>
    {
        public Validator() => HelperRules.Leave(this);
    }

    internal sealed class Handler(HelperList list) : ICommandHandler<AssessorLeave, long>
    {
        public Task<long> Handle(AssessorLeave c, CancellationToken cancellationToken) => list.LeaveAsync(HelperKind.Assessors, c, cancellationToken);
    }
}

/// <summary>The assessors of the court acted in with their cases of this year, and when they are away from today on.</summary>
[Permit("trial.read")]
internal sealed record ListAssessors : IQuery<ListAssessors.Result>
{
    internal sealed record Result(IReadOnlyList<AssessorRow> Rows, IReadOnlyList<HelperAway> Away);

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, HelperList list) : IQueryHandler<ListAssessors, Result>
    {
        public async Task<Result> Handle(ListAssessors request, CancellationToken cancellationToken)
        {
            var today = Times.Day(clock.GetUtcNow());
            return new Result(
                await db.QueryAsync<AssessorRow>(
                    $"SELECT a.id, a.name, a.field, a.note, a.active, a.version, {DrawBook.CasesOfYear} AS cases FROM trial_assessor a WHERE "
                        + "a.court_id = @court ORDER BY a.active DESC, a.name, a.id",
                    new
                    {
                        court = actor.CourtId,
                        first = new DateOnly(today.Year, 1, 1),
                        last = new DateOnly(today.Year, 12, 31),
                    },
                    cancellationToken
                ),
                await list.AwayAsync(HelperKind.Assessors, today, cancellationToken)
            );
        }
    }
}
