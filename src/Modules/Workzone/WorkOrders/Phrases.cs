using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Words that are said again and again in a step: one's own, or those of the court.</summary>
internal sealed record Phrase
{
    public const int MostOwn = 50;
    public const int MostOfCourt = 100;
    public const int Length = 500;

    /// <summary>The steps that have them.</summary>
    public static readonly IReadOnlyList<string> Steps = [OrderStep.Return, OrderStep.Pause, OrderStep.Cancel, OrderStep.Comment];

    public long Id { get; init; }
    public string Step { get; init; } = "";
    public string Words { get; init; } = "";

    /// <summary>For everybody of the court.</summary>
    public bool Shared { get; init; }
}

/// <summary>The words a person can put in: their own first, then the court's.</summary>
[Permit("workzone.orders.read")]
internal sealed record ListPhrases : IQuery<IReadOnlyList<Phrase>>
{
    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListPhrases, IReadOnlyList<Phrase>>
    {
        public async Task<IReadOnlyList<Phrase>> Handle(ListPhrases request, CancellationToken cancellationToken) =>
            [
                .. await db.QueryAsync<Phrase>(
                    "SELECT id, step, words, 0 AS shared FROM workzone_phrase WHERE owner_id = @Id ORDER BY step, id",
                    new { actor.Id },
                    cancellationToken
                ),
                .. await db.QueryAsync<Phrase>(
                    "SELECT id, step, words, 1 AS shared FROM workzone_phrase WHERE court_id = @CourtId AND owner_id IS NULL ORDER BY step, id",
                    new { actor.CourtId },
                    cancellationToken
                ),
            ];
    }
}

/// <summary>Adds words, or changes those with the id.</summary>
[Permit("workzone.orders.step")]
[Audited("workzone.phrase.save")]
internal sealed record SavePhrase : ICommand<long>
{
    public long Id { get; init; }
    public string Step { get; init; } = "";
    public string Words { get; init; } = "";
    public bool Shared { get; init; }

    internal sealed class Validator : AbstractValidator<SavePhrase>
    {
        public Validator()
        {
            RuleFor(c => c.Step).Must(Phrase.Steps.Contains).WithMessage("常用语用于退回、挂起、撤回或留言，请选择其一。");
            RuleFor(c => c.Words)
                .Must(w => !string.IsNullOrWhiteSpace(w))
                .WithMessage("请写常用语的内容。")
                .MaximumLength(Phrase.Length)
                .WithMessage("常用语最长 500 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, AuditTrail audit) : ICommandHandler<SavePhrase, long>
    {
        public async Task<long> Handle(SavePhrase request, CancellationToken cancellationToken)
        {
            if (request.Shared)
                actor.Demand("workzone.phrases.court");
            var row = new
            {
                id = request.Id == 0 ? ids.Next() : request.Id,
                actor.CourtId,
                owner = request.Shared ? null : (long?)actor.Id,
                request.Shared,
                request.Step,
                words = request.Words.Trim().ReplaceLineEndings("\n"),
                by = actor.Name,
                now = clock.GetUtcNow(),
            };
            var among = await db.QueryAsync<Phrase>(
                "SELECT id, step, words, @Shared AS shared FROM workzone_phrase WHERE owner_id = @owner OR (@Shared = 1 AND court_id = @CourtId AND "
                    + "owner_id IS NULL)",
                row,
                cancellationToken
            );
            if (among.Any(p => p.Id != row.id && p.Step == row.Step && p.Words == row.words))
                throw new RuleBroken("已经有同样的常用语。", nameof(Words));
            if (request.Id != 0)
            {
                if (
                    among.All(p => p.Id != row.id)
                    || await db.ExecuteAsync(
                        "UPDATE workzone_phrase SET step = @Step, words = @words, changed_by = @by, changed_at = @now WHERE id = @id",
                        row,
                        cancellationToken
                    ) == 0
                )
                    throw new NotFound("常用语", request.Id);
            }
            else if (among.Count >= (request.Shared ? Phrase.MostOfCourt : Phrase.MostOwn))
                throw new RuleBroken($"最多 {among.Count} 条，请先删除不用的。", nameof(Words));
            else
                await db.ExecuteAsync(
                    "INSERT INTO workzone_phrase (id, court_id, owner_id, step, words, changed_by, changed_at) VALUES (@id, @CourtId, @owner, @Step, "
                        + "@words, @by, @now)",
                    row,
                    cancellationToken
                );
            audit.Note("phrase", row.id, new { request.Step, request.Shared });
            return row.id;
        }
    }
}

/// <summary>Takes words away; what was said with them on orders stays.</summary>
[Permit("workzone.orders.step")]
[Audited("workzone.phrase.delete")]
internal sealed record DeletePhrase : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, AuditTrail audit) : CommandHandler<DeletePhrase>
    {
        protected override async Task RunAsync(DeletePhrase command, CancellationToken ct)
        {
            var shared = actor.Can("workzone.phrases.court");
            if (
                await db.ExecuteAsync(
                    "DELETE FROM workzone_phrase WHERE id = @Id AND (owner_id = @me OR (owner_id IS NULL AND court_id = @CourtId AND @shared = 1))",
                    new
                    {
                        command.Id,
                        me = actor.Id,
                        actor.CourtId,
                        shared,
                    },
                    ct
                ) == 0
            )
                throw new NotFound("常用语", command.Id);
            audit.Note("phrase", command.Id, new { deleted = true });
        }
    }
}
