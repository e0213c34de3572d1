using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Queues;

/// <summary>A queue with all that stands around it: the views with their counts, saved views, the people of the chips and of the bulk bar.</summary>
[Permit("workzone.orders.read")]
internal sealed record ShowQueue : IQuery<ShowQueue.Result>
{
    public QueueFilter Filter { get; init; } = new();
    public string? After { get; init; }

    internal sealed record Result(
        QueueFilter Filter,
        QueuePlan Plan,
        ListOrders.Result List,
        IReadOnlyList<Tab> Tabs,
        IReadOnlyList<SavedView> Saved,
        IReadOnlyList<Person> Members,
        string? AssigneeName,
        string? AskerName,
        string? CourtName
    );

    internal sealed record Tab(string View, string Label, int Count);

    internal sealed record SavedView
    {
        public long Id { get; init; }
        public long OwnerId { get; init; }
        public string Name { get; init; } = "";
        public string Query { get; init; } = "";
        public string Shared { get; init; } = "";
    }

    internal sealed record Person
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Team { get; init; } = "";
    }

    internal sealed class Handler(Db db, Actor actor, QueueReader reader, QueueCountCache cache, Kernel.Access.AccessLog reads)
        : IQueryHandler<ShowQueue, Result>
    {
        public async Task<Result> Handle(ShowQueue request, CancellationToken cancellationToken)
        {
            var around = await cache.GetAsync($"around {actor.Id}", () => AroundAsync(cancellationToken), whatever: true);
            var views = around.Views;
            var filter = views.Contains(request.Filter.View) ? request.Filter : request.Filter with { View = views[0] };
            var plan = await reader.PlanAsync(filter, cancellationToken);
            var (rows, next) = await reader.PageAsync(plan, request.After, ListOrders.PageSize, cancellationToken);
            reads.List("workzone.order.list", rows.Count, new { filter = QueueUrl.Logged(filter), request.After });
            var counts = await reader.CountAsync(plan, cancellationToken);
            return new Result(
                filter,
                plan,
                new ListOrders.Result(rows, counts, next),
                around.Tabs,
                around.Saved,
                around.Members,
                await NameAsync(filter.Assignee, around, cancellationToken),
                await NameAsync(filter.Asker, around, cancellationToken),
                filter.Court is { } court
                    ? await db.FirstAsync<string>("SELECT name FROM workzone_court WHERE id = @court", new { court }, cancellationToken)
                    : null
            );
        }

        // what is the same on every page of this person: kept for three seconds
        private async Task<Around> AroundAsync(CancellationToken ct)
        {
            var views = new List<(string View, string Label)>();
            if (actor.Roles.Any(r => r.Contains(':', StringComparison.Ordinal)))
                views.Add(("centre", "中心队列"));
            views.Add(("mine", "我办的"));
            views.Add(("asked", "我发起的"));
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_person WHERE id = @Id AND team <> ''", new { actor.Id }, ct) > 0)
                views.Add(("team", "本团队"));
            if (actor.CourtWide)
                views.Add(("court", "全院"));
            var tabs = new List<Tab>();
            foreach (var (view, label) in views)
                tabs.Add(new Tab(view, label, await reader.TotalAsync(await reader.PlanAsync(new QueueFilter { View = view }, ct), ct)));
            var centres = QueueReader.CentresOf(actor);
            var saved = await db.QueryAsync<SavedView>(
                """
                SELECT v.id, v.owner_id, v.name, v.query, v.shared FROM workzone_view v WHERE v.owner_id = @Id
                UNION ALL
                SELECT v.id, v.owner_id, v.name, v.query, v.shared FROM workzone_view v
                WHERE v.court_id IN @Courts AND v.owner_id <> @Id AND (v.shared = 'court' OR (v.shared = 'centre' AND v.centre IN @centres))
                """,
                new
                {
                    actor.Id,
                    actor.Courts,
                    centres,
                },
                ct
            );
            return new Around([.. views.Select(v => v.View)], tabs, [.. saved.OrderBy(v => v.Name, StringComparer.Ordinal)], await MembersAsync(ct));
        }

        private async Task<IReadOnlyList<Person>> MembersAsync(CancellationToken ct)
        {
            var led = actor.Roles.Where(r => r.StartsWith("lead:", StringComparison.Ordinal)).Select(r => r[5..]).ToList();
            return led.Count == 0
                ? []
                : (
                    await db.QueryAsync<Person>(
                        """
                        SELECT p.id, p.name, p.team FROM workzone_person p
                        WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre IN @led AND r.court_id
                            IN @Courts)
                        ORDER BY p.name, p.id
                        """,
                        new { actor.Courts, led },
                        ct
                    )
                ).ByName(p => p.Name);
        }

        private async Task<string?> NameAsync(long? id, Around around, CancellationToken ct) =>
            id is null
                ? null
                : around.Members.FirstOrDefault(m => m.Id == id)?.Name
                    ?? await db.FirstAsync<string>("SELECT name FROM workzone_person WHERE id = @id AND court_id IN @Courts", new { id, actor.Courts }, ct);

        private sealed record Around(IReadOnlyList<string> Views, IReadOnlyList<Tab> Tabs, IReadOnlyList<SavedView> Saved, IReadOnlyList<Person> Members);
    }
}
