using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>A queue: what the person may see of one view, narrowed by chips, by keyset.</summary>
[Permit("workzone.orders.read")]
internal sealed record ListOrders : IQuery<ListOrders.Result>
{
    public const int PageSize = 50;

    /// <summary>mine, asked, centre or court.</summary>
    public string View { get; init; } = "mine";
    public string? Centre { get; init; }
    public string? State { get; init; }

    /// <summary>overdue, today or week.</summary>
    public string? Due { get; init; }
    public long? CaseId { get; init; }

    /// <summary>"due|id" of the last row of the page before.</summary>
    public string? After { get; init; }
    public int Take { get; init; } = PageSize;
    public bool Closed { get; init; }

    internal sealed record Result(IReadOnlyList<Row> Rows, int Count, int Overdue, string? Next);

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string OrderType { get; init; } = "";
        public string Centre { get; init; } = "";
        public long? CaseId { get; init; }
        public string CaseNumber { get; init; } = "";
        public string Cause { get; init; } = "";
        public string Title { get; init; } = "";
        public string Subject { get; init; } = "";
        public string State { get; init; } = "";
        public bool Escalated { get; init; }
        public string AskedByName { get; init; } = "";
        public long? AssigneeId { get; init; }
        public string? AssigneeName { get; init; }
        public DateTimeOffset? DueAt { get; init; }
        public DateTimeOffset? WakeAt { get; init; }
        public string LastStep { get; init; } = "";
        public string LastWords { get; init; } = "";
        public DateTimeOffset ChangedAt { get; init; }
        public int Version { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, Kernel.Access.AccessLog reads) : IQueryHandler<ListOrders, Result>
    {
        private const string Select =
            """
            SELECT o.id, o.number, o.order_type, o.centre, o.case_id, o.case_number, o.cause, o.title, o.subject, o.state, o.escalated, o.asked_by_name, o.assignee_id, o.assignee_name,
                   o.due_at, o.wake_at, o.last_step, o.last_words, o.changed_at, o.version
            FROM workzone_order o
            WHERE
            """;

        public async Task<Result> Handle(ListOrders request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var day = Times.Day(now);
            var (dueAfter, idAfter) = Cursor(request.After);
            var args = new
            {
                me = actor.Id, courts = actor.Courts, centres = CentresOf(request), request.State, request.CaseId, now,
                tomorrow = Start(day.AddDays(1)), week = Start(day.AddDays(7)), dueAfter, idAfter,
            };
            // the index each view walks stands first
            var where = request.View switch
            {
                "asked" => " o.asked_by = @me",
                "centre" => " o.court_id IN @courts AND o.centre IN @centres",
                "court" => " o.court_id IN @courts",
                _ => " o.assignee_id = @me",
            };
            if (request.View == "centre" && !actor.Roles.Any(r => r.StartsWith(Roles.Lead + ":", StringComparison.Ordinal)))
                where += " AND o.restricted = 0";
            if (actor.HasRecusals)
                where += " AND NOT EXISTS (SELECT 1 FROM workzone_recusal r WHERE r.case_id = o.case_id AND r.person_id = @me AND r.ended_at IS NULL)";
            where += request.Closed ? " AND o.is_open = 0" : " AND o.is_open = 1";
            if (request.Centre is { Length: > 0 } && request.View != "centre")
                where += " AND o.centre IN @centres";
            if (request.State is { Length: > 0 })
                where += " AND o.state = @State";
            if (request.CaseId is not null)
                where += " AND o.case_id = @CaseId";
            var overdueWhere = where + " AND o.due_at < @now AND o.state <> 'feedback' AND o.state <> 'paused'";
            where += request.Due switch
            {
                "overdue" => " AND o.due_at < @now AND o.state <> 'feedback' AND o.state <> 'paused'",
                "today" => " AND o.due_at >= @now AND o.due_at < @tomorrow",
                "week" => " AND o.due_at >= @now AND o.due_at < @week",
                _ => "",
            };
            var page = where + (dueAfter is null ? "" : " AND o.due_at >= @dueAfter AND NOT (o.due_at = @dueAfter AND o.id <= @idAfter)");
            var rows = await db.PageAsync<Row>(Select + page + " ORDER BY o.due_at, o.id", args, request.Take + 1, cancellationToken);
            var more = rows.Count > request.Take;
            var shown = more ? [.. rows.Take(request.Take)] : rows;
            var whole = dueAfter is null && !more;
            var count = whole ? shown.Count : await db.CountUpToAsync("SELECT o.due_at FROM workzone_order o WHERE" + where + " ORDER BY o.due_at", args, 1001, cancellationToken);
            var overdue = request.Due == "overdue" ? count : await db.CountUpToAsync("SELECT o.due_at FROM workzone_order o WHERE" + overdueWhere + " ORDER BY o.due_at", args, 1001, cancellationToken);
            reads.List("workzone.order.list", shown.Count, new { request.View, request.Centre, request.State, request.Due, request.CaseId, request.Closed, request.After }, request.CaseId);
            return new Result(shown, count, overdue, more ? $"{shown[^1].DueAt?.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}|{shown[^1].Id}" : null);
        }

        private IReadOnlyList<string> CentresOf(ListOrders request)
        {
            var own = actor.Roles.Where(r => r.Contains(':', StringComparison.Ordinal)).Select(r => r[(r.IndexOf(':', StringComparison.Ordinal) + 1)..]).Distinct();
            if (request.View == "court" || actor.CourtWide)
                own = Centres.Labels.Keys;
            if (request.View is "mine" or "asked")
                own = Centres.Labels.Keys;
            return [.. own.Where(c => request.Centre is not { Length: > 0 } || c == request.Centre).DefaultIfEmpty("")];
        }

        private static DateTimeOffset Start(DateOnly day)
        {
            var local = day.ToDateTime(TimeOnly.MinValue);
            return new DateTimeOffset(local, Times.Zone.GetUtcOffset(local)).ToUniversalTime();
        }

        private static (DateTimeOffset?, long) Cursor(string? after)
        {
            var parts = after?.Split('|');
            return parts is { Length: 2 } && DateTimeOffset.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var due)
                && long.TryParse(parts[1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? (due, id) : (null, 0);
        }
    }
}

/// <summary>One order with its nodes and what the person may do.</summary>
[Permit("workzone.orders.read")]
internal sealed record ShowOrder : IQuery<ShowOrder.Result>
{
    public long Id { get; init; }

    internal sealed record Result(OrderCard Order, OrderType? Type, IReadOnlyList<Node> Nodes, int? BrokenAt, IReadOnlyList<Transition> Allowed, Standing Standing, IReadOnlyList<Candidate> Candidates, IReadOnlyList<OrderCard> Children, bool CaseOpen);

    internal sealed record Candidate
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public int Load { get; init; }
    }

    internal sealed class Handler(Db db, IWorkOrders orders, OrderTypes types, Cases.CaseAccess access) : IQueryHandler<ShowOrder, Result>
    {
        public async Task<Result> Handle(ShowOrder request, CancellationToken cancellationToken)
        {
            var order = await orders.GetAsync(request.Id, cancellationToken);
            var type = types.Find(order.OrderType);
            var nodes = await db.QueryAsync<Node>("SELECT order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash FROM workzone_node WHERE order_id = @Id ORDER BY n", new { request.Id }, cancellationToken);
            var standing = await orders.StandingAsync(order, cancellationToken);
            var allowed = OrderRules.Allowed(order.State, standing)
                .Where(t => t.Step != OrderStep.Fact && !(type?.IsDriven == true && OrderType.Driven.Contains(t.Step) && !type.Commands.ContainsKey(t.Step))).ToList();
            IReadOnlyList<Candidate> candidates = allowed.Any(t => t.Step is OrderStep.Assign or OrderStep.Transfer)
                ? await db.QueryAsync<Candidate>(
                    """
                    SELECT p.id, p.name, (SELECT COUNT(*) FROM workzone_order x WHERE x.assignee_id = p.id AND x.is_open = 1) AS load
                    FROM workzone_person p
                    WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre = @Centre AND r.court_id = @CourtId)
                      AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = @CaseId AND x.person_id = p.id AND x.ended_at IS NULL)
                    ORDER BY load, p.name
                    """, new { order.CourtId, order.Centre, order.CaseId }, cancellationToken)
                : [];
            var children = await db.QueryAsync<OrderCard>("SELECT id, number, order_type, title, subject, state, assignee_name, due_at, wake_at FROM workzone_order WHERE parent_id = @Id ORDER BY id", new { request.Id }, cancellationToken);
            return new Result(order, type, nodes, Chain.FirstBroken(nodes, order.HeadHash, order.NodeCount), allowed, standing, candidates, children, order.CaseId is { } c && await access.CanReadAsync(c, cancellationToken));
        }
    }
}

/// <summary>One step of an order, from a page or the API. A driven step runs the centre's command.</summary>
[Permit("workzone.orders.step")]
[Audited("workzone.order.step")]
internal sealed record TakeStep : ICommand<OrderCard>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Step { get; init; } = "";
    public string Words { get; init; } = "";
    public long? PersonId { get; init; }
    public DateTimeOffset? WakeAt { get; init; }

    internal sealed class Handler(IWorkOrders orders, OrderTypes types, MediatR.IMediator mediator) : ICommandHandler<TakeStep, OrderCard>
    {
        public async Task<OrderCard> Handle(TakeStep request, CancellationToken cancellationToken)
        {
            var order = await orders.GetAsync(request.Id, cancellationToken);
            if (request.Step is OrderStep.Open or OrderStep.Fact or OrderStep.HandOver || OrderRules.Table.All(t => t.Step != request.Step))
                throw new RuleBroken($"没有这个步骤：{request.Step}。", "step");
            var type = types.Find(order.OrderType);
            if (type is { IsDriven: true } && OrderType.Driven.Contains(request.Step))
            {
                if (request.Version is { } seen && seen != order.Version)
                    throw new Conflict($"工单 {order.Number} 已被他人办理。", order.ChangedBy, order.ChangedAt);
                if (!type.Commands.TryGetValue(request.Step, out var command))
                    throw new Conflict($"这一步由中心的任务页办理：{string.Format(System.Globalization.CultureInfo.InvariantCulture, type.TaskPage!, order.Id)}");
                await mediator.Send(command(request.Id), cancellationToken);
                return await orders.GetAsync(request.Id, cancellationToken);
            }
            return await orders.StepAsync(request.Id, request.Step, new StepInput { Words = request.Words.Trim(), PersonId = request.PersonId, WakeAt = request.WakeAt, Version = request.Version }, cancellationToken);
        }
    }
}
