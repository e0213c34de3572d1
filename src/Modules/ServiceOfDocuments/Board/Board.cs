using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Board;

/// <summary>One recipient as the board counts it.</summary>
internal sealed record BoardRow
{
    public long Id { get; init; }
    public string State { get; init; } = "";
    public string? Channel { get; init; }
    public string CourtName { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ServedAt { get; init; }
    public string? AssigneeName { get; init; }
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Ways that came to nothing before.</summary>
    public int Failed { get; init; }
}

/// <summary>The figures of the lead's board. Pure: a recount of the same rows gives the same.</summary>
internal sealed record BoardFigures(
    int All,
    int Served,
    int Open,
    int Overdue,
    int Contested,
    decimal ElectronicRate,
    decimal FirstTryRate,
    decimal Days,
    IReadOnlyList<(string State, int Count)> Stages,
    IReadOnlyList<(string Who, int Open, int Overdue)> Load,
    IReadOnlyList<(string Court, int All, int Served, int Electronic, decimal Days)> Courts
)
{
    public static BoardFigures Of(IReadOnlyList<BoardRow> rows, DateTimeOffset now)
    {
        static bool Open(BoardRow r) => r.State is not (NoticeState.Served or NoticeState.Cancelled or NoticeState.Voided);
        bool Overdue(BoardRow r) => Open(r) && r.DueAt < now;
        var served = rows.Where(r => r.State == NoticeState.Served).ToList();
        return new BoardFigures(
            rows.Count,
            served.Count,
            rows.Count(Open),
            rows.Count(Overdue),
            rows.Count(r => r.State == NoticeState.Contested),
            Percent(served.Count(r => r.Channel is null), served.Count),
            Percent(served.Count(r => r.Failed == 0), served.Count),
            Mean(served),
            [.. ServiceStates.Where(s => rows.Any(r => r.State == s)).Select(s => (s, rows.Count(r => r.State == s)))],
            [
                .. rows.Where(Open)
                    .GroupBy(r => r.AssigneeName ?? "")
                    .Select(g => (g.Key, g.Count(), g.Count(Overdue)))
                    .OrderByDescending(g => g.Item2)
                    .ThenBy(g => g.Key, StringComparer.Ordinal),
            ],
            [
                .. rows.GroupBy(r => r.CourtName)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g =>
                        (
                            g.Key,
                            g.Count(),
                            g.Count(r => r.State == NoticeState.Served),
                            g.Count(r => r.State == NoticeState.Served && r.Channel is null),
                            Mean([.. g.Where(r => r.State == NoticeState.Served)])
                        )
                    ),
            ]
        );
    }

    private static IEnumerable<string> ServiceStates => Pages.ServiceUi.All;

    private static decimal Percent(int n, int of) => of == 0 ? 0 : Math.Round(100m * n / of, 1);

    private static decimal Mean(IReadOnlyList<BoardRow> served) =>
        served.Count == 0 ? 0 : Math.Round((decimal)served.Average(r => (r.ServedAt!.Value - r.CreatedAt).TotalDays), 1);
}

/// <summary>The board over what this person may see of the last half year, and what is due by channel, and the cost by court.</summary>
[Permit("service.read")]
internal sealed record ShowBoard : IQuery<ShowBoard.Result>
{
    public int Days { get; init; } = 180;

    /// <param name="Cut">There are more rows than were read.</param>
    internal sealed record Result(BoardFigures Figures, IReadOnlyList<DueRow> Due, IReadOnlyList<CostRow> Costs, bool Cut);

    internal sealed record DueRow
    {
        public string Channel { get; init; } = "";
        public int Due { get; init; }
        public int Late { get; init; }
        public int Waiting { get; init; }
    }

    internal sealed record CostRow
    {
        public long CourtId { get; init; }
        public string CourtName { get; init; } = "";
        public int Letters { get; init; }
        public long Cents { get; init; }
    }

    internal sealed class Handler(Db db, IWorkOrders orders, Actor actor, TimeProvider clock, Kernel.Access.AccessLog reads) : IQueryHandler<ShowBoard, Result>
    {
        private const int Most = 50_000;

        public async Task<Result> Handle(ShowBoard request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var (me, courts, places) = orders.SeenArguments;
            var args = new
            {
                since = now.AddDays(-Math.Clamp(request.Days, 1, 366)),
                now,
                late = now.AddHours(-24),
                me,
                courts,
                places,
                own = actor.Courts,
            };
            var rows = await db.PageAsync<BoardRow>(
                """
                SELECT n.id, n.state, n.channel, n.court_name, n.created_at, n.served_at, o.assignee_name, o.due_at, (SELECT COUNT(*) FROM service_step s WHERE
                    s.notice_id = n.id AND s.state = 'failed') AS failed
                FROM service_notice n JOIN workzone_order_card o ON o.id = n.order_id
                WHERE n.created_at > @since AND
                """
                    + " "
                    + orders.Seen("n.order_id")
                    + " ORDER BY n.id DESC",
                args,
                Most,
                cancellationToken
            );
            var due = await db.QueryAsync<DueRow>(
                """
                SELECT s.channel, SUM(CASE WHEN s.state = 'due' THEN 1 ELSE 0 END) AS due, SUM(CASE WHEN s.state = 'due' AND s.starts_at < @late THEN 1 ELSE 0
                    END) AS late, SUM(CASE WHEN s.state = 'waiting' THEN 1 ELSE 0 END) AS waiting
                FROM service_step s WHERE s.state IN ('due', 'waiting') AND
                """
                    + " "
                    + orders.Seen("s.order_id")
                    + " GROUP BY s.channel",
                args,
                cancellationToken
            );
            var costs = await db.QueryAsync<CostRow>(
                """
                SELECT s.court_id, MIN(n.court_name) AS court_name, COUNT(*) AS letters, SUM(b.cents_each) AS cents
                FROM service_step s JOIN service_batch b ON b.id = s.batch_id JOIN service_notice n ON n.id = s.notice_id
                WHERE b.kind = 'post' AND b.state = 'handed' AND s.court_id IN @own AND b.created_at > @since AND
                """
                    + " "
                    + orders.Seen("s.order_id")
                    + " GROUP BY s.court_id",
                args,
                cancellationToken
            );
            reads.List("service.board.view", rows.Count, new { request.Days });
            return new Result(
                BoardFigures.Of(rows, now),
                [.. due.OrderByDescending(d => d.Due)],
                [.. costs.OrderBy(c => c.CourtName, StringComparer.Ordinal)],
                rows.Count == Most
            );
        }
    }
}

/// <summary>Documents × recipients of a case, with what the steward does next and the days before the hearing.</summary>
[Permit("service.read")]
internal sealed record ShowMatrix : IQuery<ShowMatrix.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(
        CourtOps.Workzone.Cases.CaseCard Case,
        IReadOnlyList<string> Documents,
        IReadOnlyList<Recipient> Recipients,
        IReadOnlyList<Guard> Guards
    );

    internal sealed record Recipient(long PartyId, string Name, string Role, string Language, IReadOnlyList<Cell?> Cells, Step? Next, Notice Last);

    /// <param name="Ways">Each way that was tried, and whether it worked.</param>
    internal sealed record Cell(ServiceTask Task, Notice Notice, IReadOnlyList<(string Channel, string State)> Ways);

    internal sealed record Guard(DateTimeOffset Start, DateOnly ServeBy, IReadOnlyList<HearingWatch.Summoned> People);

    internal sealed class Handler(Db db, CourtOps.Workzone.Cases.ICases cases, HearingWatch hearings) : IQueryHandler<ShowMatrix, Result>
    {
        public async Task<Result> Handle(ShowMatrix request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var notices = (
                await db.QueryAsync<Notice>(
                    Notices.NoticeColumns + " WHERE n.case_id = @CaseId AND n.state <> 'cancelled' ORDER BY n.id",
                    new { request.CaseId },
                    cancellationToken
                )
            ).ToDictionary(n => n.Id);
            var tasks = (
                await db.QueryAsync<ServiceTask>(Notices.TaskColumns + " WHERE t.case_id = @CaseId ORDER BY t.id", new { request.CaseId }, cancellationToken)
            )
                .Where(t => notices.ContainsKey(t.NoticeId))
                .ToList();
            var steps = (
                await db.QueryAsync<Step>(StepBook.Columns + " WHERE s.case_id = @CaseId ORDER BY s.ordinal", new { request.CaseId }, cancellationToken)
            ).ToLookup(s => s.NoticeId);
            var documents = tasks.GroupBy(t => t.DocumentId).Select(g => (g.Key, g.First().DocumentTitle)).ToList();
            var people = tasks
                .GroupBy(t => t.PartyId)
                .Select(p =>
                {
                    var last = notices[p.Max(t => t.NoticeId)];
                    // of several rounds the last counts
                    var cells = documents
                        .Select(d =>
                            p.Where(t => t.DocumentId == d.Key).MaxBy(t => t.Id) is { } t
                                ? new Cell(
                                    t,
                                    notices[t.NoticeId],
                                    [
                                        .. steps[t.NoticeId]
                                            .Where(s => s.State is StepState.Failed or StepState.Done or StepState.Waiting)
                                            .Select(s => (s.Channel, s.State)),
                                    ]
                                )
                                : null
                        )
                        .ToList();
                    return new Recipient(
                        p.Key,
                        last.Recipient,
                        last.RecipientRole,
                        last.Language,
                        cells,
                        p.Select(t => t.NoticeId).Distinct().SelectMany(n => steps[n]).FirstOrDefault(s => StepState.IsOpen(s.State)),
                        last
                    );
                })
                .ToList();
            var guards = new List<Guard>();
            foreach (var h in await hearings.OfCaseAsync(card.Id, cancellationToken))
                guards.Add(new Guard(h.StartAt, h.ServeBy, await hearings.LookAsync(h, 5, cancellationToken)));
            return new Result(card, [.. documents.Select(d => d.DocumentTitle)], people, guards);
        }
    }
}

/// <summary>The next thing to do of what this person has in hand, one at a time.</summary>
[Permit("service.work")]
internal sealed record NextTask : IQuery<NextTask.Result>
{
    /// <summary>Behind this step, where somebody passed over it.</summary>
    public DateTimeOffset? After { get; init; }
    public long AfterId { get; init; }

    /// <param name="Left">How many are due, this one among them.</param>
    internal sealed record Result(Step? Step, Notice? Notice, int Left, int Documents);

    internal sealed class Handler(Db db, Actor actor, Notices notices, TimeProvider clock, Kernel.Access.AccessLog reads) : IQueryHandler<NextTask, Result>
    {
        public async Task<Result> Handle(NextTask request, CancellationToken cancellationToken)
        {
            const string Mine =
                " JOIN workzone_order_card o ON o.id = s.order_id WHERE s.state = 'due' AND s.starts_at <= @now AND o.state = 'accepted' AND "
                + "o.assignee_id = @me";
            var args = new
            {
                now = clock.GetUtcNow(),
                me = actor.Id,
                after = request.After ?? DateTimeOffset.UnixEpoch,
                request.AfterId,
            };
            var left = await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_step s" + Mine, args, cancellationToken);
            var step = await db.PageAsync<Step>(
                StepBook.Columns + Mine + " AND (s.starts_at > @after OR (s.starts_at = @after AND s.id > @AfterId)) ORDER BY s.starts_at, s.id",
                args,
                1,
                cancellationToken
            )
                is [var found, ..]
                ? found
                : null;
            reads.List("service.step.list", step is null ? 0 : 1, new { next = true });
            if (step is null)
                return new Result(null, null, left, 0);
            return new Result(
                step,
                await notices.GetAsync(step.NoticeId, cancellationToken),
                left,
                (await notices.TasksAsync(step.NoticeId, cancellationToken)).Count(t => t.EffectiveOn is null)
            );
        }
    }
}
