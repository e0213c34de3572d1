using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Batches;

/// <summary>A batch as its owner sees it; system administrators see none of its orders' contents here either.</summary>
internal sealed record BatchCard
{
    public long Id { get; init; }
    public string Step { get; init; } = "";
    public string Words { get; init; } = "";
    public string TargetName { get; init; } = "";
    public DateTimeOffset? WakeAt { get; init; }
    public string State { get; init; } = "";
    public int Total { get; init; }
    public int DoneCount { get; init; }
    public int RefusedCount { get; init; }
    public int Position { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>One batch of this person with a page of its lines, refused ones first when asked for alone.</summary>
[Permit("workzone.orders.read")]
internal sealed record ShowBatch : IQuery<ShowBatch.Result>
{
    public long Id { get; init; }

    /// <summary>done, refused, waiting, cancelled or null for all.</summary>
    public string? Outcome { get; init; }
    public int After { get; init; }
    public int Take { get; init; } = 100;

    internal sealed record Result(BatchCard Batch, IReadOnlyList<Item> Items, int? Next);

    internal sealed record Item
    {
        public int N { get; init; }
        public long OrderId { get; init; }
        public string Number { get; init; } = "";
        public string Title { get; init; } = "";
        public string State { get; init; } = "";
        public string Outcome { get; init; } = "";
        public string Reason { get; init; } = "";

        /// <summary>This person may see the order now.</summary>
        public bool Seen { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor, Cases.CaseAccess access, Kernel.Access.AccessLog reads, Changes changes)
        : IQueryHandler<ShowBatch, Result>
    {
        public async Task<Result> Handle(ShowBatch request, CancellationToken cancellationToken)
        {
            var asked = changes.Said;
            var batch =
                await db.FirstAsync<BatchCard>(
                    "SELECT id, step, words, target_name, wake_at, state, total, done_count, refused_count, position, created_at, ended_at FROM "
                        + "workzone_batch WHERE id = @Id AND person_id = @me",
                    new { request.Id, me = actor.Id },
                    cancellationToken
                ) ?? throw new NotFound("批次", request.Id);
            var (me, courts, places) = access.Arguments;
            var items = await db.PageAsync<Item>(
                $"""
                SELECT i.n, i.order_id, COALESCE(o.number, '') AS number, COALESCE(o.title, '') AS title, COALESCE(o.state, '') AS state, i.outcome, i.reason,
                    CASE WHEN {access.Seeing.Order(
                    "o"
                )} THEN 1 ELSE 0 END AS seen
                FROM workzone_batch_item i
                LEFT JOIN workzone_order o ON o.id = i.order_id
                WHERE i.batch_id = @Id AND i.n > @After
                """
                    + (request.Outcome is null ? "" : " AND i.outcome = @Outcome")
                    + " ORDER BY i.n",
                new
                {
                    request.Id,
                    request.After,
                    request.Outcome,
                    me,
                    courts,
                    places,
                },
                request.Take + 1,
                cancellationToken
            );
            changes.Allow(actor.Id, $"batch:{request.Id}", asked);
            reads.List(
                "workzone.order.list",
                Math.Min(items.Count, request.Take),
                new
                {
                    batch = request.Id,
                    request.Outcome,
                    request.After,
                }
            );
            return new Result(batch, [.. items.Take(request.Take).Select(Shown)], items.Count > request.Take ? items[request.Take - 1].N : null);

            // an id alone opens nothing: what this person may not see now keeps its number and title to itself, a reason that names it too
            static Item Shown(Item i) =>
                i.Seen
                    ? i
                    : i with
                    {
                        Number = "",
                        Title = "",
                        State = "",
                        Reason = i.Number.Length > 0 && i.Reason.Contains(i.Number, StringComparison.Ordinal) ? "" : i.Reason,
                    };
        }
    }
}

/// <summary>The batches of this person, newest first.</summary>
[Permit("workzone.orders.read")]
internal sealed record ListBatches : IQuery<IReadOnlyList<BatchCard>>
{
    public long Before { get; init; } = long.MaxValue;

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListBatches, IReadOnlyList<BatchCard>>
    {
        public Task<IReadOnlyList<BatchCard>> Handle(ListBatches request, CancellationToken cancellationToken) =>
            db.PageAsync<BatchCard>(
                "SELECT id, step, words, target_name, wake_at, state, total, done_count, refused_count, position, created_at, ended_at FROM "
                    + "workzone_batch WHERE person_id = @me AND id < @Before ORDER BY id DESC",
                new { me = actor.Id, request.Before },
                50,
                cancellationToken
            );
    }
}

/// <summary>What is not done yet will not be done; what is done stays.</summary>
[Permit("workzone.orders.step")]
[Audited("workzone.batch.cancel")]
internal sealed record CancelBatch : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, AuditTrail audit, Changes changes) : CommandHandler<CancelBatch>
    {
        protected override async Task RunAsync(CancelBatch command, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_batch SET state = 'cancelled', ended_at = @now WHERE id = @Id AND person_id = @me AND state = 'running'",
                    new
                    {
                        command.Id,
                        me = actor.Id,
                        now,
                    },
                    ct
                ) == 0
            )
            {
                if (
                    await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_batch WHERE id = @Id AND person_id = @me", new { command.Id, me = actor.Id }, ct)
                    == 0
                )
                    throw new NotFound("批次", command.Id);
                throw new RuleBroken("批次已经结束，没有可取消的。");
            }
            await db.ExecuteAsync("UPDATE workzone_batch_item SET outcome = 'cancelled' WHERE batch_id = @Id AND outcome = 'waiting'", new { command.Id }, ct);
            audit.Note("batch", command.Id, new { cancelled = true });
            db.OnCommitted(() => changes.Say($"batch:{command.Id}"));
        }
    }
}
