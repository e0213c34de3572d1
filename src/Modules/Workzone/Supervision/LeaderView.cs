using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Supervision;

/// <summary>院长驾驶舱: what bites in the courts somebody leads. Every figure is the count of a list that can be opened.</summary>
[Permit("workzone.leader")]
internal sealed record ShowLeaderView : IQuery<ShowLeaderView.Result>
{
    /// <summary>Days after which a case counts as without movement.</summary>
    public static readonly int[] StillDays = [15, 30, 60, 90];

    /// <summary>A list to open: near, over, still, long12, long18, long36, open; filed or closed of a month; null for none.</summary>
    public string? Open { get; init; }

    /// <summary>"2026-03", of the lists filed and closed.</summary>
    public string? Month { get; init; }

    /// <summary>One of <see cref="StillDays"/>.</summary>
    public int Days { get; init; } = 30;
    public long? CourtId { get; init; }
    public long? JudgeId { get; init; }

    internal sealed record Result(
        IReadOnlyList<Figure> Figures,
        IReadOnlyList<CourtRow> Courts,
        IReadOnlyList<JudgeRow> Judges,
        IReadOnlyList<CentreRow> Centres,
        IReadOnlyList<MonthRow> Months,
        int SlipsUnanswered,
        IReadOnlyList<CaseRow> Cases
    );

    internal sealed record Figure(string Code, int Count);

    internal sealed record CourtRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public int OpenCases { get; init; }
        public int Near { get; init; }
        public int OverCount { get; init; }
    }

    internal sealed record JudgeRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public int OpenCases { get; init; }
        public int Near { get; init; }
        public int OverCount { get; init; }
    }

    internal sealed record CentreRow
    {
        public string Centre { get; init; } = "";
        public int OpenOrders { get; init; }
        public int Overdue { get; init; }
    }

    internal sealed record MonthRow
    {
        public string Month { get; init; } = "";
        public int Filed { get; init; }
        public int Closed { get; init; }
    }

    internal sealed record CaseRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Cause { get; init; } = "";
        public string? JudgeName { get; init; }
        public string CourtName { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public DateOnly? ClockEnd { get; init; }
        public DateTimeOffset ChangedAt { get; init; }
    }

    internal sealed class Handler(Db db, CaseAccess access, SlipBook slips, TimeProvider clock) : IQueryHandler<ShowLeaderView, Result>
    {
        /// <summary>The lists and the condition of each over the cases; codes never come from outside.</summary>
        internal static readonly IReadOnlyDictionary<string, string> Lists = new Dictionary<string, string>
        {
            ["near"] = "c.clock_end >= @today AND c.clock_end <= @soon",
            ["over"] = "c.clock_legal_end < @today",
            ["still"] = "c.changed_at < @still AND NOT EXISTS (SELECT 1 FROM workzone_case_event e WHERE e.case_id = c.id AND e.recorded_at >= @still)",
            ["long12"] = "c.filed_on < @y1",
            ["long18"] = "c.filed_on < @y15",
            ["long36"] = "c.filed_on < @y3",
            ["open"] = "1 = 1",
        };

        /// <summary>The lists of a month, over open and closed cases.</summary>
        internal static readonly IReadOnlyDictionary<string, string> OfMonth = new Dictionary<string, string>
        {
            ["filed"] = "c.filed_on >= @month AND c.filed_on < @monthEnd",
            ["closed"] = "c.closed_on >= @month AND c.closed_on < @monthEnd",
        };

        public async Task<Result> Handle(ShowLeaderView request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var today = Times.Day(now);
            var a = access.Seeing.Arguments;
            var days = StillDays.Contains(request.Days) ? request.Days : 30;
            var month = DateOnly.TryParseExact(
                request.Month + "-01",
                "yyyy-MM-dd",
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.None,
                out var begin
            )
                ? begin
                : new DateOnly(today.Year, today.Month, 1);
            var args = new
            {
                a.Me,
                a.Courts,
                a.Places,
                today,
                soon = today.AddDays(30),
                still = now.AddDays(-days),
                month,
                monthEnd = month.AddMonths(1),
                y1 = today.AddYears(-1),
                y15 = today.AddMonths(-18),
                y3 = today.AddYears(-3),
                now,
                from = new DateOnly(today.Year, today.Month, 1).AddMonths(-11),
                court = request.CourtId ?? 0,
                judge = request.JudgeId ?? 0,
            };
            var seen = access.Seeing.Case("c") + " AND c.state = 'open' AND (@court = 0 OR c.court_id = @court)";
            var figures =
                await db.FirstAsync<Counted>(
                    $"""
                    SELECT SUM(CASE WHEN {Lists["near"]} THEN 1 ELSE 0 END) AS near, SUM(CASE WHEN {Lists["over"]} THEN 1 ELSE 0 END) AS over_limit,
                           SUM(CASE WHEN {Lists["still"]} THEN 1 ELSE 0 END) AS still_cases, SUM(CASE WHEN {Lists["long12"]} THEN 1 ELSE 0 END) AS long12,
                           SUM(CASE WHEN {Lists["long18"]} THEN 1 ELSE 0 END) AS long18, SUM(CASE WHEN {Lists["long36"]} THEN 1 ELSE 0 END) AS long36
                    FROM workzone_case c WHERE {seen}
                    """,
                    args,
                    cancellationToken
                ) ?? new Counted();
            var counts =
                $"COUNT(*) AS open_cases, SUM(CASE WHEN {Lists["near"]} THEN 1 ELSE 0 END) AS near, SUM(CASE WHEN {Lists["over"]} THEN 1 ELSE 0 END) "
                + "AS over_count";
            return new Result(
                [
                    new("near", figures.Near ?? 0),
                    new("over", figures.OverLimit ?? 0),
                    new("still", figures.StillCases ?? 0),
                    new("long12", figures.Long12 ?? 0),
                    new("long18", figures.Long18 ?? 0),
                    new("long36", figures.Long36 ?? 0),
                ],
                await db.QueryAsync<CourtRow>(
                    $"SELECT t.id, t.name, {counts} FROM workzone_case c JOIN workzone_court t ON t.id = c.court_id WHERE {seen} GROUP BY t.id, "
                        + "t.name ORDER BY t.name",
                    args,
                    cancellationToken
                ),
                (
                    await db.QueryAsync<JudgeRow>(
                        $"SELECT p.id, p.name, {counts} FROM workzone_case c JOIN workzone_person p ON p.id = c.judge_id WHERE {seen} GROUP BY p.id, "
                            + "p.name ORDER BY p.name",
                        args,
                        cancellationToken
                    )
                ).ByName(p => p.Name),
                await db.QueryAsync<CentreRow>(
                    $"""
                    SELECT o.centre, COUNT(*) AS open_orders, SUM(CASE WHEN o.due_at < @now AND o.state IN ('queued', 'assigned', 'accepted', 'returned') THEN 1
                        ELSE 0 END) AS overdue
                    FROM workzone_order o WHERE o.is_open = 1 AND o.court_id IN @courts AND {access.Seeing.Order(
                        "o"
                    )} AND (@court = 0 OR o.court_id = @court) GROUP BY o.centre ORDER BY o.centre
                    """,
                    args,
                    cancellationToken
                ),
                await MonthsAsync(args, today, cancellationToken),
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_slip s WHERE s.ended_at IS NULL AND s.state IN ('sent', 'received') AND s.court_id IN @courts AND "
                        + "(@court = 0 OR s.court_id = @court) AND "
                        + slips.Shown(),
                    args,
                    cancellationToken
                ),
                request.Open is { } open && (Lists.TryGetValue(open, out var list) || OfMonth.TryGetValue(open, out list))
                    ? await db.PageAsync<CaseRow>(
                        $"""
                        SELECT c.id, c.number, c.cause, p.name AS judge_name, t.name AS court_name, c.filed_on, c.clock_end, c.changed_at
                        FROM workzone_case c JOIN workzone_court t ON t.id = c.court_id LEFT JOIN workzone_person p ON p.id = c.judge_id
                        WHERE {(
                            OfMonth.ContainsKey(open) ? access.Seeing.Case("c") + " AND (@court = 0 OR c.court_id = @court)" : seen
                        )} AND {list} AND (@judge = 0 OR c.judge_id = @judge) ORDER BY c.clock_end, c.id
                        """,
                        args,
                        200,
                        cancellationToken
                    )
                    : []
            );
        }

        private async Task<IReadOnlyList<MonthRow>> MonthsAsync(object args, DateOnly today, CancellationToken ct)
        {
            var seen = access.Seeing.Case("c") + " AND (@court = 0 OR c.court_id = @court)";
            var filed = (
                await db.QueryAsync<Monthly>(
                    $"SELECT c.filed_on AS on_day, COUNT(*) AS n FROM workzone_case c WHERE {seen} AND c.filed_on >= @from GROUP BY c.filed_on",
                    args,
                    ct
                )
            ).ToLookup(m => $"{m.OnDay:yyyy-MM}", m => m.N);
            var closed = (
                await db.QueryAsync<Monthly>(
                    $"SELECT c.closed_on AS on_day, COUNT(*) AS n FROM workzone_case c WHERE {seen} AND c.closed_on >= @from GROUP BY c.closed_on",
                    args,
                    ct
                )
            ).ToLookup(m => $"{m.OnDay:yyyy-MM}", m => m.N);
            return
            [
                .. Enumerable
                    .Range(0, 12)
                    .Select(i => new DateOnly(today.Year, today.Month, 1).AddMonths(i - 11))
                    .Select(m => $"{m:yyyy-MM}")
                    .Select(m => new MonthRow
                    {
                        Month = m,
                        Filed = filed[m].Sum(),
                        Closed = closed[m].Sum(),
                    }),
            ];
        }

        private sealed record Counted
        {
            public int? Near { get; init; }
            public int? OverLimit { get; init; }
            public int? StillCases { get; init; }
            public int? Long12 { get; init; }
            public int? Long18 { get; init; }
            public int? Long36 { get; init; }
        }

        private sealed record Monthly
        {
            public DateOnly OnDay { get; init; }
            public int N { get; init; }
        }
    }
}
