using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.Workzone.Batches;

/// <summary>The steps that can be taken on many orders at once.</summary>
internal static class BatchSteps
{
    public const int Most = 20_000;

    public static readonly IReadOnlyList<string> All =
    [
        OrderStep.Assign,
        OrderStep.Accept,
        OrderStep.Transfer,
        OrderStep.Return,
        OrderStep.Pause,
        OrderStep.Resume,
        OrderStep.Release,
        OrderStep.Escalate,
        OrderStep.Comment,
        OrderStep.Cancel,
        OrderStep.Approve,
        OrderStep.Feedback,
        OrderStep.Close,
    ];

    public static bool NeedsPerson(string step) => step is OrderStep.Assign or OrderStep.Transfer;

    public static bool NeedsWake(string step) => step == OrderStep.Pause;

    public static bool NeedsWords(string step) => OrderRules.Table.Any(t => t.Step == step && t.NeedsWords);
}

/// <summary>One step on many orders: written down with a line for each, done in the background with the rights of this person.</summary>
[Permit("workzone.orders.step")]
[Audited("workzone.batch.create")]
internal sealed record CreateBatch : ICommand<long>
{
    public string Step { get; init; } = "";
    public IReadOnlyList<long> OrderIds { get; init; } = [];

    /// <summary>Instead of ids: all rows of a queue, as they are now.</summary>
    public QueueFilter? Filter { get; init; }
    public string Words { get; init; } = "";
    public long? PersonId { get; init; }
    public DateTimeOffset? WakeAt { get; init; }

    internal sealed class Validator : AbstractValidator<CreateBatch>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.Step).Must(s => BatchSteps.All.Contains(s)).WithMessage("没有这个批量动作。");
            RuleFor(c => c.OrderIds).NotEmpty().When(c => c.Filter is null).WithMessage("请先选择工单。");
            RuleFor(c => c.OrderIds).Must(i => i.Count <= BatchSteps.Most).WithMessage("一个批次最多 20000 张工单，请分批进行。");
            RuleFor(c => c.PersonId).NotNull().When(c => BatchSteps.NeedsPerson(c.Step)).WithMessage("请选择办理人。");
            RuleFor(c => c.Words).NotEmpty().When(c => BatchSteps.NeedsWords(c.Step)).WithMessage("请写明原因或内容。");
            RuleFor(c => c.Words).MaximumLength(4000).WithMessage("内容最长 4000 个字符。");
            RuleFor(c => c.WakeAt).NotNull().When(c => BatchSteps.NeedsWake(c.Step)).WithMessage("挂起要写明醒来的时间，且在现在之后。");
            RuleFor(c => c.WakeAt).Must(w => w is null || w > clock.GetUtcNow()).WithMessage("挂起要写明醒来的时间，且在现在之后。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, AuditTrail audit, WorkQueue work, QueueReader reader)
        : ICommandHandler<CreateBatch, long>
    {
        public async Task<long> Handle(CreateBatch request, CancellationToken cancellationToken)
        {
            var orders = request.OrderIds.Distinct().ToList();
            if (request.Filter is not null)
                orders = await OfFilterAsync(request.Filter, cancellationToken);
            if (orders.Count == 0)
                throw new RuleBroken("没有符合条件的工单。", "OrderIds");
            var target = request.PersonId is { } person
                ? await db.FirstAsync<string>(
                    "SELECT name FROM workzone_person WHERE id = @person AND state = 'active' AND court_id IN @Courts",
                    new { person, actor.Courts },
                    cancellationToken
                ) ?? throw new RuleBroken("此人不在本院该中心，不能办理。", "PersonId")
                : "";
            var id = ids.Next();
            var now = clock.GetUtcNow();
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_batch (id, person_id, court_id, key_id, step, words, target_id, target_name, wake_at, state, total, done_count,
                    refused_count, position, created_at, ended_at)
                VALUES (@id, @person, @CourtId, @key, @Step, @Words, @PersonId, @target, @WakeAt, 'running', @total, 0, 0, 0, @now, NULL)
                """,
                new
                {
                    id,
                    person = actor.Id,
                    actor.CourtId,
                    key = People.Keys.Of(actor),
                    request.Step,
                    Words = request.Words.Trim(),
                    request.PersonId,
                    target,
                    request.WakeAt,
                    total = orders.Count,
                    now,
                },
                cancellationToken
            );
            await db.ExecuteManyAsync(
                "INSERT INTO workzone_batch_item (batch_id, n, order_id, outcome, reason) VALUES (@id, @n, @order, 'waiting', '')",
                [
                    .. orders.Select(
                        (order, i) =>
                            (object)
                                new
                                {
                                    id,
                                    n = i + 1,
                                    order,
                                }
                    ),
                ],
                cancellationToken
            );
            await work.AddAsync(BatchWork.Name, $"{id}:0", new BatchWork.Payload { BatchId = id }, null, cancellationToken);
            audit.Note(
                "batch",
                id,
                new
                {
                    request.Step,
                    total = orders.Count,
                    request.PersonId,
                }
            );
            return id;
        }

        private async Task<List<long>> OfFilterAsync(QueueFilter filter, CancellationToken ct)
        {
            var plan = await reader.PlanAsync(filter, ct);
            var all = new List<long>();
            for (string? after = null; ; )
            {
                var (rows, next) = await reader.PageAsync(plan, after, 500, ct);
                all.AddRange(rows.Select(r => r.Id));
                if (all.Count > BatchSteps.Most)
                    throw new RuleBroken("一个批次最多 20000 张工单，请分批进行。", "OrderIds");
                if (next is null)
                    return [.. all.Distinct()];
                after = next;
            }
        }
    }
}
