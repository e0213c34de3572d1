using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Checks;

/// <summary>The board of enforcement (H): cases, what lapsed, money, track, agencies, by court; each figure is the count of a list that can be
/// opened.</summary>
[Permit("enforcement.read")]
internal sealed record ShowFigures : IQuery<ShowFigures.Result>
{
    public long? CourtId { get; init; }

    internal sealed record Result(
        IReadOnlyList<CourtRow> Courts,
        IReadOnlyList<TrackRow> Tracks,
        IReadOnlyList<MonthRow> Months,
        Totals All,
        IReadOnlyList<AgencyRow> Agencies
    );

    internal sealed record Totals
    {
        public int? OpenCases { get; init; }
        public int? LongCases { get; init; }
        public int? ClosedCases { get; init; }
        public int? Performed { get; init; }
        public int? Terminated { get; init; }
        public long? Claimed { get; init; }
        public int Lapsed { get; init; }
        public int DueSoon { get; init; }
        public int Findings { get; init; }
        public int LateDates { get; init; }
        public long PaidOut { get; init; }
        public long HeldMoney { get; init; }
    }

    internal sealed record CourtRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public int OpenCases { get; init; }
        public int LongCases { get; init; }
        public int ClosedCases { get; init; }
        public int Performed { get; init; }
        public int Terminated { get; init; }
    }

    internal sealed record TrackRow
    {
        public string? Track { get; init; }
        public int N { get; init; }
    }

    internal sealed record MonthRow(string Month, int Filed, int Closed);

    internal sealed record AgencyRow
    {
        public string AgencyName { get; init; } = "";
        public int Sent { get; init; }
        public int Answered { get; init; }
        public int Late { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock, AccessLog reads) : IQueryHandler<ShowFigures, Result>
    {
        public async Task<Result> Handle(ShowFigures request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var today = Times.Day(clock.GetUtcNow());
            var args = new
            {
                me,
                courts,
                places,
                court = request.CourtId ?? 0,
                today,
                soon = today.AddDays(30),
                half = today.AddMonths(-6),
                year = new DateOnly(today.Year, 1, 1),
                from = new DateOnly(today.Year, today.Month, 1).AddMonths(-11),
            };
            string Of(string table, string alias) =>
                $"FROM {table} {alias} WHERE {alias}.court_id IN @courts AND (@court = 0 OR {alias}.court_id = @court) AND {cases.Seen(alias + ".case_id")}";
            var mine = "c.kind = 'enforcement' AND c.court_id IN @courts AND (@court = 0 OR c.court_id = @court) AND " + cases.Seen("c.id");
            const string sums = """
                SUM(CASE WHEN c.state = 'open' THEN 1 ELSE 0 END) AS open_cases, SUM(CASE WHEN c.state = 'open' AND c.filed_on < @half THEN 1 ELSE 0 END) AS long_cases,
                SUM(CASE WHEN c.closed_on >= @year THEN 1 ELSE 0 END) AS closed_cases, SUM(CASE WHEN c.closed_on >= @year AND c.closed_how IN ('performed', 'settled') THEN 1 ELSE 0 END) AS performed,
                SUM(CASE WHEN c.closed_on >= @year AND c.closed_how = 'terminated' THEN 1 ELSE 0 END) AS terminated
                """;
            var all =
                await db.FirstAsync<Totals>(
                    $"SELECT {sums}, SUM(CASE WHEN c.state = 'open' THEN c.amount ELSE 0 END) AS claimed FROM workzone_case_card c WHERE {mine}",
                    args,
                    cancellationToken
                ) ?? new Totals();
            all = all with
            {
                Lapsed = await db.ScalarAsync<int>(
                    "SELECT COUNT(*) " + Of("enforcement_finding", "f") + " AND f.leak = 'lapsed' AND f.state IN ('open', 'asked')",
                    args,
                    cancellationToken
                ),
                DueSoon = await db.ScalarAsync<int>(
                    "SELECT COUNT(*) " + Of("enforcement_measure", "m") + " AND m.state = 'active' AND m.end_on >= @today AND m.end_on <= @soon",
                    args,
                    cancellationToken
                ),
                Findings = await db.ScalarAsync<int>(
                    "SELECT COUNT(*) " + Of("enforcement_finding", "f") + " AND f.state IN ('open', 'asked')",
                    args,
                    cancellationToken
                ),
                LateDates = await db.ScalarAsync<int>(
                    "SELECT COUNT(*) " + Of("enforcement_date", "d") + " AND d.done_on IS NULL AND d.due_on < @today",
                    args,
                    cancellationToken
                ),
                PaidOut = await db.ScalarAsync<long>(
                    "SELECT COALESCE(SUM(p.amount), 0) "
                        + Of("enforcement_payout", "p")
                        + " AND p.state = 'paid' AND p.kind = 'creditor' AND p.paid_on >= @year",
                    args,
                    cancellationToken
                ),
                HeldMoney = await db.ScalarAsync<long>(
                    "SELECT COALESCE(-SUM(e.amount), 0) " + Of("enforcement_entry", "e") + " AND e.account = 'held'",
                    args,
                    cancellationToken
                ),
            };
            var rows = await db.QueryAsync<CourtRow>(
                $"SELECT c.court_id AS id, c.court_name AS name, {sums} FROM workzone_case_card c WHERE {mine} GROUP BY c.court_id, c.court_name "
                    + "ORDER BY c.court_name",
                args,
                cancellationToken
            );
            var tracks = await db.QueryAsync<TrackRow>(
                "SELECT e.track, COUNT(*) AS n " + Of("enforcement_case", "e") + " GROUP BY e.track",
                args,
                cancellationToken
            );
            var agencies = await db.QueryAsync<AgencyRow>(
                "SELECT l.agency_name, COUNT(*) AS sent, SUM(CASE WHEN l.state = 'answered' THEN 1 ELSE 0 END) AS answered, SUM(CASE WHEN l.state = "
                    + "'sent' AND l.due_on < @today THEN 1 ELSE 0 END) AS late "
                    + Of("enforcement_linkage", "l")
                    + " GROUP BY l.agency_name ORDER BY l.agency_name",
                args,
                cancellationToken
            );
            var filed = (
                await db.QueryAsync<Monthly>(
                    $"SELECT c.filed_on AS on_day, COUNT(*) AS n FROM workzone_case_card c WHERE {mine} AND c.filed_on >= @from GROUP BY c.filed_on",
                    args,
                    cancellationToken
                )
            ).ToLookup(m => $"{m.OnDay:yyyy-MM}", m => m.N);
            var closed = (
                await db.QueryAsync<Monthly>(
                    $"SELECT c.closed_on AS on_day, COUNT(*) AS n FROM workzone_case_card c WHERE {mine} AND c.closed_on >= @from GROUP BY c.closed_on",
                    args,
                    cancellationToken
                )
            ).ToLookup(m => $"{m.OnDay:yyyy-MM}", m => m.N);
            reads.List("enforcement.board", rows.Count, new { request.CourtId });
            return new Result(
                rows,
                tracks,
                [.. Enumerable.Range(0, 12).Select(i => $"{args.from.AddMonths(i):yyyy-MM}").Select(m => new MonthRow(m, filed[m].Sum(), closed[m].Sum()))],
                all,
                agencies
            );
        }

        private sealed record Monthly
        {
            public DateOnly OnDay { get; init; }
            public int N { get; init; }
        }
    }
}
