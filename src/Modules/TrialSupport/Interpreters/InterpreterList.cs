using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
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

internal sealed record InterpreterAway
{
    public long InterpreterId { get; init; }
    public DateOnly FromOn { get; init; }
    public DateOnly UntilOn { get; init; }
    public string Reason { get; init; } = "";
}

/// <summary>The lead of the centre keeps the list of the court's interpreters.</summary>
[Permit("trial.interpreters")]
[Audited("trial.interpreter.save")]
internal sealed record SaveInterpreter : ICommand<long>
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
            RuleFor(c => c.Name).NotEmpty().WithMessage("请填写姓名。").MaximumLength(60).WithMessage("姓名最长 60 个字符。");
            RuleFor(c => c.Languages).NotEmpty().WithMessage("请填写语言，几种的用顿号分开。").MaximumLength(200).WithMessage("最长 200 个字符。");
            RuleFor(c => c.Note).MaximumLength(200).WithMessage("最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, AuditTrail audit) : ICommandHandler<SaveInterpreter, long>
    {
        public async Task<long> Handle(SaveInterpreter c, CancellationToken cancellationToken)
        {
            var languages = InterpreterRules.Languages(c.Languages);
            if (languages.Count == 0)
                throw new RuleBroken("请填写语言，几种的用顿号分开。", "Languages", "language");
            var id = c.Id ?? ids.Next();
            var args = new
            {
                id,
                court = actor.CourtId,
                name = c.Name.Trim(),
                languages = string.Join('、', languages),
                note = c.Note.Trim(),
                c.Active,
                c.Version,
            };
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_interpreter WHERE court_id = @court AND name = @name AND languages = @languages AND id <> @id",
                    args,
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken($"{args.name}（{args.languages}）已在名单中；同名的人请在姓名后加以区别。", "Name", "duplicate");
            if (c.Id is null)
                await db.ExecuteAsync(
                    "INSERT INTO trial_interpreter (id, court_id, name, languages, note, active, version) VALUES (@id, @court, @name, @languages, @note, "
                        + "@Active, 1)",
                    args,
                    cancellationToken
                );
            else if (
                await db.ExecuteAsync(
                    "UPDATE trial_interpreter SET name = @name, languages = @languages, note = @note, active = @Active, version = version + 1 WHERE "
                        + "id = @id AND court_id = @court AND version = @Version",
                    args,
                    cancellationToken
                ) == 0
            )
                throw await db.ScalarAsync<int>("SELECT COUNT(*) FROM trial_interpreter WHERE id = @id AND court_id = @court", args, cancellationToken) == 0
                    ? new NotFound("翻译人员", id)
                    : new Conflict("名单刚被他人修改，请刷新后再看。");
            audit.Note(
                "trial-interpreter",
                id,
                new
                {
                    args.name,
                    args.languages,
                    c.Active,
                }
            );
            return id;
        }
    }
}

/// <summary>Days on which an interpreter cannot come.</summary>
[Permit("trial.interpreters")]
[Audited("trial.interpreter.away")]
internal sealed record InterpreterLeave : ICommand<long>
{
    public long Id { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<InterpreterLeave>
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

    internal sealed class Handler(Db db, Ids ids, Actor actor, AuditTrail audit) : ICommandHandler<InterpreterLeave, long>
    {
        public async Task<long> Handle(InterpreterLeave c, CancellationToken cancellationToken)
        {
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_interpreter WHERE id = @Id AND court_id = @court",
                    new { c.Id, court = actor.CourtId },
                    cancellationToken
                ) == 0
            )
                throw new NotFound("翻译人员", c.Id);
            var away = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO trial_interpreter_away (id, interpreter_id, from_on, until_on, reason) VALUES (@away, @Id, @From, @until, @reason)",
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
            audit.Note("trial-interpreter", c.Id, new { c.From, c.Until });
            return away;
        }
    }
}

/// <summary>The interpreters of the court acted in, and when they are away from today on.</summary>
[Permit("trial.read")]
internal sealed record ListInterpreters : IQuery<ListInterpreters.Result>
{
    internal sealed record Result(IReadOnlyList<InterpreterRow> Rows, IReadOnlyList<InterpreterAway> Away);

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock) : IQueryHandler<ListInterpreters, Result>
    {
        public async Task<Result> Handle(ListInterpreters request, CancellationToken cancellationToken)
        {
            var args = new { court = actor.CourtId, today = Times.Day(clock.GetUtcNow()) };
            return new Result(
                await db.QueryAsync<InterpreterRow>(
                    "SELECT id, name, languages, note, active, version FROM trial_interpreter WHERE court_id = @court ORDER BY active DESC, name, id",
                    args,
                    cancellationToken
                ),
                await db.QueryAsync<InterpreterAway>(
                    "SELECT w.interpreter_id, w.from_on, w.until_on, w.reason FROM trial_interpreter_away w JOIN trial_interpreter i ON "
                        + "i.id = w.interpreter_id WHERE i.court_id = @court AND w.until_on >= @today ORDER BY w.from_on, w.id",
                    args,
                    cancellationToken
                )
            );
        }
    }
}

/// <summary>Reads who of a court may interpret, for the docket.</summary>
internal sealed class InterpreterBook(Db db)
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
        if (rows.Count == 0)
            return [];
        var away = (
            await db.QueryAsync<InterpreterAway>(
                "SELECT interpreter_id, from_on, until_on, reason FROM trial_interpreter_away WHERE interpreter_id IN @ids AND from_on <= @until AND "
                    + "until_on >= @from",
                new
                {
                    ids = rows.Select(r => r.Id).ToList(),
                    from,
                    until,
                },
                ct
            )
        ).ToLookup(w => w.InterpreterId, w => (w.FromOn, w.UntilOn));
        return
        [
            .. rows.Select(r => new Hearings.FitPerson(InterpreterRules.Resource(r.Id), r.Name, [.. away[r.Id]])).OrderBy(p => p.Resource == first ? 0 : 1),
        ];
    }
}
