using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Measures;

/// <summary>Live measures by the bank or registry that keeps them, those with the nearest end first; of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ListAuthorities : IQuery<IReadOnlyList<ListAuthorities.Row>>
{
    /// <summary>One of them only; empty: all.</summary>
    public string Authority { get; init; } = "";

    internal sealed record Row
    {
        public string Authority { get; init; } = "";
        public int Active { get; init; }

        /// <summary>End within sixty days.</summary>
        public int Soon { get; init; }

        /// <summary>Ruled, not yet served on it.</summary>
        public int Ruled { get; init; }
        public DateOnly? FirstEnd { get; init; }
        public bool OutOfTown { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock, AccessLog reads) : IQueryHandler<ListAuthorities, IReadOnlyList<Row>>
    {
        public async Task<IReadOnlyList<Row>> Handle(ListAuthorities request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var one = request.Authority.Length == 0 ? "m.authority <> ''" : "m.authority = @Authority";
            var rows = await db.PageAsync<Row>(
                $"""
                SELECT m.authority, SUM(CASE WHEN m.state = 'active' THEN 1 ELSE 0 END) AS active,
                    SUM(CASE WHEN m.state = 'active' AND m.end_on < @soon THEN 1 ELSE 0 END) AS soon,
                    SUM(CASE WHEN m.state = 'ruled' THEN 1 ELSE 0 END) AS ruled, MIN(CASE WHEN m.state = 'active' THEN m.end_on ELSE NULL END) AS first_end,
                    MAX(CASE WHEN g.out_of_town = 1 THEN 1 ELSE 0 END) AS out_of_town
                FROM enforcement_measure m
                LEFT JOIN enforcement_agency g ON g.court_id = m.court_id AND g.name = m.authority
                WHERE m.state IN ('active', 'ruled') AND {one} AND {cases.Seen("m.case_id")}
                GROUP BY m.authority
                ORDER BY CASE WHEN MIN(CASE WHEN m.state = 'active' THEN m.end_on ELSE NULL END) IS NULL THEN 1 ELSE 0 END,
                    MIN(CASE WHEN m.state = 'active' THEN m.end_on ELSE NULL END), m.authority
                """,
                new
                {
                    request.Authority,
                    soon = Times.Day(clock.GetUtcNow()).AddDays(61),
                    me,
                    courts,
                    places,
                },
                500,
                cancellationToken
            );
            reads.List("enforcement.measure.list", rows.Count, new { by = "authority" });
            return rows;
        }
    }
}
