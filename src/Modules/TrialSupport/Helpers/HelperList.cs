using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;

namespace CourtOps.TrialSupport.Helpers;

/// <summary>A list of people who help at hearings without being of the court: each has a name, one thing that is known of them, and days away.</summary>
/// <param name="Code">Part of the names of table, key and resource.</param>
/// <param name="What">Chinese; the key of its translation.</param>
/// <param name="Known">The column of what is known: the field of an assessor, the languages of an interpreter.</param>
internal sealed record HelperKind(string Code, string What, string Known)
{
    public static readonly HelperKind Assessors = new("assessor", "人民陪审员", "field");
    public static readonly HelperKind Interpreters = new("interpreter", "翻译人员", "languages");

    public string Table => "trial_" + Code;

    public string AwayTable => Table + "_away";

    public string Key => Code + "_id";

    public string ObjectType => "trial-" + Code;

    /// <summary>The key under which one is booked.</summary>
    public string Resource(long id) => FormattableString.Invariant($"{Code}:{id}");
}

/// <summary>One of a list as it is saved; null id: a new one.</summary>
internal sealed record HelperEntry(long? Id, int? Version, string Name, string Known, string Note, bool Active);

/// <summary>Days on which one of a list cannot come.</summary>
internal sealed record HelperAway
{
    public long HelperId { get; init; }
    public DateOnly FromOn { get; init; }
    public DateOnly UntilOn { get; init; }
    public string Reason { get; init; } = "";
}

/// <summary>What commands about days away have.</summary>
internal interface IHelperLeave
{
    long Id { get; }
    DateOnly? From { get; }
    DateOnly? Until { get; }
    string Reason { get; }
}

/// <summary>What commands that save one of a list have.</summary>
internal interface IHelperSaved
{
    string Name { get; }
    string Note { get; }
}

/// <summary>What is asked of the forms of every list.</summary>
internal static class HelperRules
{
    public static void Saved<T>(AbstractValidator<T> of)
        where T : IHelperSaved
    {
        of.RuleFor(c => c.Name).NotEmpty().WithMessage("请填写姓名。").MaximumLength(60).WithMessage("姓名最长 60 个字符。");
        of.RuleFor(c => c.Note).MaximumLength(200).WithMessage("最长 200 个字符。");
    }

    public static void Leave<T>(AbstractValidator<T> of)
        where T : IHelperLeave
    {
        of.RuleFor(c => c.From)
            .NotNull()
            .WithMessage("请填写起始日期。")
            .Must(d => d is null or { Year: >= 2000 and <= 2100 })
            .WithMessage("日期应在 2000 年到 2100 年之间。");
        of.RuleFor(c => c.Until)
            .Must((c, u) => u is null || u >= c.From)
            .WithMessage("结束日期早于开始日期。")
            .Must(d => d is null or { Year: >= 2000 and <= 2100 })
            .WithMessage("日期应在 2000 年到 2100 年之间。");
        of.RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明原因。").MaximumLength(200).WithMessage("原因最长 200 个字符。");
    }
}

/// <summary>The one place where the lists of the court acted in are read and change.</summary>
internal sealed class HelperList(Db db, Ids ids, Actor actor, AuditTrail audit)
{
    /// <exception cref="NotFound">Not in the list of this court.</exception>
    /// <exception cref="Conflict">It was changed since the person saw it.</exception>
    public async Task<long> SaveAsync(HelperKind kind, HelperEntry e, CancellationToken ct)
    {
        var args = new
        {
            id = e.Id ?? ids.Next(),
            court = actor.CourtId,
            name = e.Name.Trim(),
            known = e.Known.Trim(),
            note = e.Note.Trim(),
            e.Active,
            e.Version,
        };
        if (e.Id is null)
            await db.ExecuteAsync(
                $"INSERT INTO {kind.Table} (id, court_id, name, {kind.Known}, note, active, version) VALUES (@id, @court, @name, @known, @note, @Active, 1)",
                args,
                ct
            );
        else if (
            await db.ExecuteAsync(
                $"UPDATE {kind.Table} SET name = @name, {kind.Known} = @known, note = @note, active = @Active, version = version + 1 WHERE id = @id AND "
                    + "court_id = @court AND version = @Version",
                args,
                ct
            ) == 0
        )
            throw await IsThereAsync(kind, args.id, ct) ? new Conflict("名单刚被他人修改，请刷新后再看。") : new NotFound(kind.What, args.id);
        audit.Note(
            kind.ObjectType,
            args.id,
            new
            {
                args.name,
                args.known,
                e.Active,
            }
        );
        return args.id;
    }

    /// <exception cref="NotFound">Not in the list of this court.</exception>
    public async Task<long> LeaveAsync(HelperKind kind, IHelperLeave c, CancellationToken ct)
    {
        if (!await IsThereAsync(kind, c.Id, ct))
            throw new NotFound(kind.What, c.Id);
        var away = ids.Next();
        await db.ExecuteAsync(
            $"INSERT INTO {kind.AwayTable} (id, {kind.Key}, from_on, until_on, reason) VALUES (@away, @Id, @From, @until, @reason)",
            new
            {
                away,
                c.Id,
                c.From,
                until = c.Until ?? c.From,
                reason = c.Reason.Trim(),
            },
            ct
        );
        audit.Note(kind.ObjectType, c.Id, new { c.From, c.Until });
        return away;
    }

    /// <summary>Days away of everybody in the court's list, from a day on.</summary>
    public Task<IReadOnlyList<HelperAway>> AwayAsync(HelperKind kind, DateOnly from, CancellationToken ct) =>
        db.QueryAsync<HelperAway>(
            $"SELECT w.{kind.Key} AS helper_id, w.from_on, w.until_on, w.reason FROM {kind.AwayTable} w JOIN {kind.Table} a ON a.id = w.{kind.Key} "
                + "WHERE a.court_id = @court AND w.until_on >= @from ORDER BY w.from_on, w.id",
            new { court = actor.CourtId, from },
            ct
        );

    /// <summary>Days away of some, that touch a span.</summary>
    public async Task<ILookup<long, (DateOnly From, DateOnly Until)>> AwayAsync(
        HelperKind kind,
        IReadOnlyCollection<long> some,
        DateOnly from,
        DateOnly until,
        CancellationToken ct
    ) =>
        (
            some.Count == 0
                ? []
                : await db.QueryAsync<HelperAway>(
                    $"SELECT w.{kind.Key} AS helper_id, w.from_on, w.until_on, w.reason FROM {kind.AwayTable} w WHERE w.{kind.Key} IN @some AND "
                        + "w.from_on <= @until AND w.until_on >= @from",
                    new
                    {
                        some,
                        from,
                        until,
                    },
                    ct
                )
        ).ToLookup(w => w.HelperId, w => (w.FromOn, w.UntilOn));

    private async Task<bool> IsThereAsync(HelperKind kind, long id, CancellationToken ct) =>
        await db.ScalarAsync<int>($"SELECT COUNT(*) FROM {kind.Table} WHERE id = @id AND court_id = @court", new { id, court = actor.CourtId }, ct) > 0;
}
