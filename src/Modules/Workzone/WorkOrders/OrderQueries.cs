using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>One order with its nodes and what the person may do.</summary>
[Permit("workzone.orders.read")]
internal sealed record ShowOrder : IQuery<ShowOrder.Result>
{
    public long Id { get; init; }

    internal sealed record Result(
        OrderCard Order,
        OrderType? Type,
        IReadOnlyList<Node> Nodes,
        int? BrokenAt,
        IReadOnlyList<Transition> Allowed,
        Standing Standing,
        IReadOnlyList<Candidate> Candidates,
        IReadOnlyList<OrderCard> Children,
        bool CaseOpen,
        OrderTimes Times,
        Dispatching.DispatchChoice? Dispatched,
        OrderLink? Before,
        OrderLink? Later,
        Guide? Guide,
        ILookup<long, Node> ChildNodes
    );

    /// <summary>Another round of the same cause.</summary>
    internal sealed record OrderLink
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
    }

    internal sealed record Candidate
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public int Load { get; init; }
    }

    internal sealed class Handler(
        Db db,
        IWorkOrders orders,
        OrderTypes types,
        Cases.CaseAccess access,
        Calendars.WorkingTime working,
        TimeProvider clock,
        Dispatching.Dispatcher dispatcher,
        Guides guides,
        DrivenOrders driven
    ) : IQueryHandler<ShowOrder, Result>
    {
        public async Task<Result> Handle(ShowOrder request, CancellationToken cancellationToken)
        {
            var order = await orders.GetAsync(request.Id, cancellationToken);
            var type = types.Find(order.OrderType);
            var nodes = await db.QueryAsync<Node>(
                "SELECT order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash FROM workzone_node WHERE order_id "
                    + "= @Id ORDER BY n",
                new { request.Id },
                cancellationToken
            );
            var standing = await orders.StandingAsync(order, cancellationToken);
            var later = await db.FirstAsync<OrderLink>("SELECT id, number FROM workzone_order WHERE reopens_id = @Id", new { request.Id }, cancellationToken);
            var before = order.ReopensId is null
                ? null
                : await db.FirstAsync<OrderLink>("SELECT id, number FROM workzone_order WHERE id = @ReopensId", new { order.ReopensId }, cancellationToken);
            var allowed = OrderRules
                .Allowed(order.State, standing)
                .Where(t =>
                    t.Step != OrderStep.Fact
                    && !(t.Step == OrderStep.Rate && order.Mark is not null)
                    && !(t.Step == OrderStep.Reopen && later is not null)
                    && driven.Offers(type, t.Step)
                )
                .ToList();
            IReadOnlyList<Candidate> candidates = allowed.Any(t => t.Step is OrderStep.Assign or OrderStep.Transfer)
                ? await db.QueryAsync<Candidate>(
                    """
                    SELECT p.id, p.name, (SELECT COUNT(*) FROM workzone_order x WHERE x.assignee_id = p.id AND x.is_open = 1) AS load
                    FROM workzone_person p
                    WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre = @Centre AND r.court_id =
                        @CourtId)
                      AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = @CaseId AND x.person_id = p.id AND x.ended_at IS NULL)
                    ORDER BY load, p.name
                    """,
                    new
                    {
                        order.CourtId,
                        order.Centre,
                        order.CaseId,
                    },
                    cancellationToken
                )
                : [];
            var children = await db.QueryAsync<OrderCard>(
                "SELECT id, number, order_type, centre, court_id, case_id, title, subject, state, asked_by, asked_at, assignee_id, assignee_name, "
                    + "due_at, wake_at, restricted FROM workzone_order WHERE parent_id = @Id ORDER BY id",
                new { request.Id },
                cancellationToken
            );
            var caseOpen = order.CaseId is { } c && await access.CanReadAsync(c, cancellationToken);
            return new Result(
                order,
                type,
                nodes,
                Chain.FirstBroken(nodes, order.HeadHash, order.NodeCount) ?? (OrderForm.IsAsOpened(order.Form, nodes[0].Args) ? null : 1),
                allowed,
                standing,
                candidates,
                children,
                caseOpen,
                OrderTimes.Of(nodes, type?.TargetHours ?? 0, working.Calendar(), clock.GetUtcNow()),
                await dispatcher.ExplainAsync(order, cancellationToken),
                before,
                later,
                await guides.OfAsync(order, nodes[0], cancellationToken),
                await ChildNodesAsync(children, caseOpen, cancellationToken)
            );
        }

        // of the children in the picture, as far as the person may see them
        private async Task<ILookup<long, Node>> ChildNodesAsync(IReadOnlyList<OrderCard> children, bool caseOpen, CancellationToken ct)
        {
            var seen = new List<long>();
            foreach (var child in OrderGraph.Drawn(children))
                if (caseOpen || (!child.Restricted && await orders.StandingAsync(child, ct) != Standing.None))
                    seen.Add(child.Id);
            return seen.Count == 0
                ? Array.Empty<Node>().ToLookup(n => n.OrderId)
                : (
                    await db.QueryAsync<Node>(
                        "SELECT order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash FROM workzone_node WHERE "
                            + "order_id IN @seen ORDER BY order_id, n",
                        new { seen },
                        ct
                    )
                ).ToLookup(n => n.OrderId);
        }
    }
}

/// <summary>One step of an order, from a page or the API; of a driven order what its centre does of its own comes with it.</summary>
[Permit("workzone.orders.step")]
[Audited("workzone.order.step")]
public sealed record TakeStep : ICommand<OrderCard>
{
    public long Id { get; init; }

    /// <summary>The version the person saw.</summary>
    public int? Version { get; init; }
    public string Step { get; init; } = "";
    public string Words { get; init; } = "";
    public long? PersonId { get; init; }
    public DateTimeOffset? WakeAt { get; init; }
    public int? Mark { get; init; }

    internal sealed class Handler(StepTaking steps) : ICommandHandler<TakeStep, OrderCard>
    {
        public Task<OrderCard> Handle(TakeStep request, CancellationToken cancellationToken) => steps.TakeAsync(request, cancellationToken);
    }
}
