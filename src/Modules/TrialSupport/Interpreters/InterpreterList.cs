using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Helpers;
using FluentValidation;

namespace CourtOps.TrialSupport.Interpreters;

internal sealed record InterpreterRow
{
    public long Id { get; init; }
    public string Name { get; init; } = "";

    /// <summary>As stored: parted by 、.</summary>
    public string Languages { get; init; } = "";
    public string Note { get; init; } = "";
    public bool Active { get; init; }
    public int Version { get; init; }
}

/// <summary>The lead of the centre keeps the list of the court's interpreters.</summary>
[Permit("trial.interpreters")]
[Audited("trial.interpreter.save")]
internal sealed record SaveInterpreter : ICommand<long>, IHelperSaved
{
    public long? Id { get; init; }
    public int? Version { get; init; }
    public string Name { get; init; } = "";

    /// <summary>One or several, parted by commas or blanks.</summary>
    public string Languages { get; init; } = "";
    public string Note { get; init; } = "";
    public bool Active { get; init; } = true;

    internal sealed class Validator : AbstractValidator<SaveInterpreter>
    {
        public Validator()
        {
            HelperRules.Saved(this);
            RuleFor(c => c.Languages).NotEmpty().WithMessage("请填写语言，几种的用顿号分开。").MaximumLength(200).WithMessage("最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, HelperList list) : ICommandHandler<SaveInterpreter, long>
    {
        public async Task<long> Handle(SaveInterpreter c, CancellationToken cancellationToken)
        {
            var spoken = InterpreterRules.Languages(c.Languages);
            if (spoken.Count == 0)
                throw new RuleBroken("请填写语言，几种的用顿号分开。", "Languages", "language");
            var (name, languages) = (c.Name.Trim(), string.Join('、', spoken));
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_interpreter WHERE court_id = @court AND name = @name AND languages = @languages AND id <> @id",
                    new
                    {
                        court = actor.CourtId,
                        name,
                        languages,
                        id = c.Id ?? 0,
                    },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken($"{name}（{languages}）已在名单中；同名的人请在姓名后加以区别。", "Name", "duplicate");
            return await list.SaveAsync(HelperKind.Interpreters, new HelperEntry(c.Id, c.Version, name, languages, c.Note, c.Active), cancellationToken);
        }
    }
}

/// <summary>Days on which an interpreter cannot come.</summary>
[Permit("trial.interpreters")]
[Audited("trial.interpreter.away")]
internal sealed record InterpreterLeave : ICommand<long>, IHelperLeave
{
    public long Id { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<InterpreterLeave>
    {
        public Validator() => HelperRules.Leave(this);
    }

    internal sealed class Handler(HelperList list) : ICommandHandler<InterpreterLeave, long>
    {
        public Task<long> Handle(InterpreterLeave c, CancellationToken cancellationToken) => list.LeaveAsync(HelperKind.Interpreters, c, cancellationToken);
    }
}

/// <summary>The interpreters of the court acted in, and when they are away from today on.</summary>
[Permit("trial.read")]
internal sealed record ListInterpreters : IQuery<ListInterpreters.Result>
{
    internal sealed record Result(IReadOnlyList<InterpreterRow> Rows, IReadOnlyList<HelperAway> Away);

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, HelperList list) : IQueryHandler<ListInterpreters, Result>
    {
        public async Task<Result> Handle(ListInterpreters request, CancellationToken cancellationToken) =>
            new(
                await db.QueryAsync<InterpreterRow>(
                    "SELECT id, name, languages, note, active, version FROM trial_interpreter WHERE court_id = @court ORDER BY active DESC, name, id",
                    new { court = actor.CourtId },
                    cancellationToken
                ),
                await list.AwayAsync(HelperKind.Interpreters, Times.Day(clock.GetUtcNow()), cancellationToken)
            );
    }
}

/// <summary>Reads who of a court may interpret, for the docket.</summary>
internal sealed class InterpreterBook(Db db, HelperList list)
{
    /// <summary>Languages for which the court has an interpreter, by name.</summary>
    public async Task<IReadOnlyList<string>> LanguagesAsync(long courtId, CancellationToken ct) =>
        [
            .. (await db.QueryAsync<string>("SELECT languages FROM trial_interpreter WHERE court_id = @courtId AND active = 1", new { courtId }, ct))
                .SelectMany(InterpreterRules.Languages)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Active interpreters of a court for a language with their days away; the one booked already first.</summary>
    public async Task<IReadOnlyList<Hearings.FitPerson>> ForAsync(
        long courtId,
        string language,
        string? first,
        DateOnly from,
        DateOnly until,
        CancellationToken ct
    )
    {
        var rows = (
            await db.QueryAsync<InterpreterRow>(
                "SELECT id, name, languages, note, active, version FROM trial_interpreter WHERE court_id = @courtId AND active = 1 ORDER BY name, id",
                new { courtId },
                ct
            )
        )
            .Where(r => InterpreterRules.Languages(r.Languages).Contains(language))
            .ToList();
        var away = await list.AwayAsync(HelperKind.Interpreters, [.. rows.Select(r => r.Id)], from, until, ct);
        return
        [
            .. rows.Select(r => new Hearings.FitPerson(HelperKind.Interpreters.Resource(r.Id), r.Name, [.. away[r.Id]]))
                .OrderBy(p => p.Resource == first ? 0 : 1),
        ];
    }
}
