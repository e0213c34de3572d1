using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Linkage;

/// <summary>What the same request took by hand: the time that is saved by each answer.</summary>
internal sealed record LinkageRules
{
    /// <summary>Minutes.</summary>
    public int ManualMinutes { get; init; } = 300;
}

/// <summary>Requests to agencies by their day; of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ListLinkages : IQuery<ListLinkages.Result>
{
    public string State { get; init; } = LinkageState.Sent;
    public DateOnly? AfterDue { get; init; }
    public long After { get; init; }

    /// <param name="Minutes">Mean time from sending to the answer, of the last hundred answers.</param>
    /// <param name="SavedHours">Answers times the time by hand.</param>
    internal sealed record Result(IReadOnlyList<Row> Rows, string? Next, IReadOnlyList<AgencyCount> Agencies, int? Minutes, int SavedHours);

    internal sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string CaseNumber { get; init; } = "";
        public string AgencyName { get; init; } = "";
        public string Act { get; init; } = "";
        public string Words { get; init; } = "";
        public DateOnly DueOn { get; init; }
        public string State { get; init; } = "";
        public DateTimeOffset SentAt { get; init; }
        public string SentByName { get; init; } = "";
        public DateTimeOffset? AnsweredAt { get; init; }
        public int Urged { get; init; }
    }

    internal sealed record AgencyCount
    {
        public string AgencyName { get; init; } = "";
        public int Waiting { get; init; }
        public int Answered { get; init; }
        public int Urged { get; init; }

        /// <summary>Waiting and over their day.</summary>
        public int Late { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, AccessLog reads, ISettings settings, TimeProvider clock, Actor actor)
        : IQueryHandler<ListLinkages, Result>
    {
        public async Task<Result> Handle(ListLinkages request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var from = request.AfterDue ?? new DateOnly(2000, 1, 1);
            var args = new
            {
                request.State,
                from,
                request.After,
                me,
                courts,
                places,
                today = Kernel.Web.Times.Day(clock.GetUtcNow()),
            };
            var rows = await db.PageAsync<Row>(
                """
                SELECT l.id, l.case_id, c.number AS case_number, l.agency_name, l.act, l.words, l.due_on, l.state, l.sent_at, l.sent_by_name, l.answered_at,
                    l.urged
                FROM enforcement_linkage l
                JOIN workzone_case_card c ON c.id = l.case_id
                WHERE l.state = @State AND l.due_on >= @from AND (l.due_on > @from OR l.id > @After) AND
                """
                    + " "
                    + cases.Seen("l.case_id")
                    + " ORDER BY l.due_on, l.id",
                args,
                51,
                cancellationToken
            );
            var agencies = await db.QueryAsync<AgencyCount>(
                """
                SELECT l.agency_name, SUM(CASE WHEN l.state = 'sent' THEN 1 ELSE 0 END) AS waiting, SUM(CASE WHEN l.state = 'answered' THEN 1 ELSE 0 END) AS
                    answered, SUM(l.urged) AS urged,
                       SUM(CASE WHEN l.state = 'sent' AND l.due_on < @today THEN 1 ELSE 0 END) AS late
                FROM enforcement_linkage l
                WHERE l.state IN ('sent', 'answered') AND
                """
                    + " "
                    + cases.Seen("l.case_id")
                    + " GROUP BY l.agency_name ORDER BY l.agency_name",
                args,
                cancellationToken
            );
            var times = await db.PageAsync<Times>(
                "SELECT l.sent_at, l.answered_at FROM enforcement_linkage l WHERE l.state = 'answered' AND "
                    + cases.Seen("l.case_id")
                    + " ORDER BY l.due_on DESC, l.id DESC",
                args,
                100,
                cancellationToken
            );
            reads.List("enforcement.linkage.list", Math.Min(50, rows.Count), new { request.State });
            var manual = settings.Current<LinkageRules>(actor.CourtId).ManualMinutes;
            return new Result(
                [.. rows.Take(50)],
                rows.Count > 50 ? $"after={rows[49].Id}&afterDue={Kernel.Web.Times.Iso(rows[49].DueOn)}" : null,
                agencies,
                times.Count == 0 ? null : (int)times.Average(t => (t.AnsweredAt - t.SentAt).TotalMinutes),
                agencies.Sum(a => a.Answered) * manual / 60
            );
        }
    }

    private sealed record Times
    {
        public DateTimeOffset SentAt { get; init; }
        public DateTimeOffset AnsweredAt { get; init; }
    }
}

/// <summary>A request with its papers and its answer; the link of the agency for whoever works the case.</summary>
[Permit("enforcement.read")]
internal sealed record ShowLinkage : IQuery<ShowLinkage.Result>
{
    public long Id { get; init; }

    internal sealed record Result(LinkageRow Request, CaseCard Case, IReadOnlyList<SentPaper> Papers, IReadOnlyList<HookRow> Hooks, FillOffer? Offer);

    internal sealed class Handler(Db db, LinkageBook book, ICases cases, MeasureFilling filling) : IQueryHandler<ShowLinkage, Result>
    {
        public async Task<Result> Handle(ShowLinkage request, CancellationToken cancellationToken)
        {
            var l = await book.GetAsync(request.Id, cancellationToken);
            return new Result(
                l,
                await cases.GetAsync(l.CaseId, cancellationToken),
                System.Text.Json.JsonSerializer.Deserialize<List<SentPaper>>(l.Documents, Json.Stored)!,
                await db.QueryAsync<HookRow>(HookRow.Columns + " WHERE h.linkage_id = @Id ORDER BY h.id", new { l.Id }, cancellationToken),
                await filling.OfferAsync(l, cancellationToken)
            );
        }
    }
}

/// <summary>The agencies of the court.</summary>
[Permit("enforcement.read")]
internal sealed record ListAgencies : IQuery<IReadOnlyList<ListAgencies.Row>>
{
    internal sealed record Row
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Login { get; init; } = "";
        public bool Active { get; init; }
        public bool TwoPersons { get; init; }
        public bool OutOfTown { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListAgencies, IReadOnlyList<Row>>
    {
        public Task<IReadOnlyList<Row>> Handle(ListAgencies request, CancellationToken cancellationToken) =>
            db.QueryAsync<Row>(
                "SELECT id, name, kind, login, active, two_persons, out_of_town FROM enforcement_agency WHERE court_id = @court ORDER BY name",
                new { court = actor.CourtId },
                cancellationToken
            );
    }
}
