using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Queues;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Board;

/// <summary>The board of a centre's lead: what waits, who has how much. Each figure is a link to its rows.</summary>
[Permit("workzone.orders.board")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Centre { get; set; }

    public Result Data { get; private set; } = null!;

    public async Task OnGetAsync() => Data = await mediator.Send(new Query { Centre = Centre });

    [Permit("workzone.orders.board")]
    internal sealed record Query : IQuery<Result>
    {
        public string? Centre { get; init; }
    }

    internal sealed record Result(
        string Centre,
        IReadOnlyList<string> Centres,
        QueueCounts Counts,
        int Waiting,
        int Returned,
        int Escalated,
        IReadOnlyList<Person> People
    );

    internal sealed record Person
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Team { get; init; } = "";
        public int Open { get; init; }
        public int Overdue { get; init; }
        public int Today { get; init; }
        public DateTimeOffset? Oldest { get; init; }
    }

    private sealed record Load
    {
        public long PersonId { get; init; }
        public int Total { get; init; }
        public int Overdue { get; init; }
        public int Today { get; init; }
        public DateTimeOffset? Oldest { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor, QueueReader reader, QueueCountCache cache, TimeProvider clock) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var centres = QueueReader.CentresOf(actor);
            if (centres.Count == 0)
                throw new NotFound("中心");
            var centre = centres.Contains(request.Centre) ? request.Centre! : centres[0];
            return await cache.GetAsync(
                $"board {string.Join(',', actor.Courts)} {centre} {actor.Id}",
                () => ReadAsync(centre, centres, cancellationToken),
                whatever: true
            );
        }

        private async Task<Result> ReadAsync(string centre, IReadOnlyList<string> centres, CancellationToken ct)
        {
            var filter = new QueueFilter { View = "centre", Centre = centre };
            async Task<int> Total(QueueFilter f) => await reader.TotalAsync(await reader.PlanAsync(f, ct), ct);
            var counts = await reader.CountAsync(await reader.PlanAsync(filter, ct), ct);
            var people = await db.PageAsync<Person>(
                """
                SELECT p.id, p.name, p.team FROM workzone_person p
                WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre = @centre AND r.court_id
                    IN @Courts)
                ORDER BY p.name, p.id
                """,
                new { actor.Courts, centre },
                200,
                ct
            );
            var loads = await LoadsAsync(people, ct);
            return new Result(
                centre,
                centres,
                counts,
                await Total(filter with { State = "queued" }),
                await Total(filter with { State = "returned" }),
                await Total(filter with { Escalated = true }),
                [.. loads.OrderByDescending(p => p.Overdue).ThenByDescending(p => p.Open).ThenBy(p => p.Name, PersonOrder.Instance)]
            );
        }

        // over the indexes of the assignee alone, no further than 1,001 rows of each, a hundred people in a statement
        private async Task<IReadOnlyList<Person>> LoadsAsync(IReadOnlyList<Person> people, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var loads = await db.FirstOfEachAsync<Load>(
                """
                @id# AS person_id, COUNT(*) AS total, SUM(CASE WHEN x.late_at < @now THEN 1 ELSE 0 END) AS overdue, SUM(CASE WHEN x.late_at >= @now AND
                    x.late_at < @tomorrow THEN 1 ELSE 0 END) AS today,
                (SELECT MIN(a.asked_at) FROM workzone_order a WHERE a.assignee_id = @id# AND a.is_open = 1) AS oldest
                """,
                "SELECT CASE WHEN o.state IN ('feedback', 'paused') THEN NULL ELSE o.due_at END AS late_at FROM workzone_order o WHERE o.assignee_id "
                    + "= @id# AND o.is_open = 1 ORDER BY o.due_at, o.id",
                new
                {
                    id = people.Select(p => p.Id).ToList(),
                    now,
                    tomorrow = Kernel.Web.Times.Start(Kernel.Web.Times.Day(now).AddDays(1)),
                },
                people.Count,
                QueueCounts.Most,
                ct
            );
            var of = loads.ToDictionary(l => l.PersonId);
            return [.. people.Select(p => of[p.Id] is var l ? p with { Open = l.Total, Overdue = l.Overdue, Today = l.Today, Oldest = l.Oldest } : p)];
        }
    }
}
