using CourtOps.Kernel.Data;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Queues;

/// <summary>Cases that came to the person, as judge or with the team, in the last days: whatever list or person brought them.</summary>
internal sealed class NewCases(Db db, CaseAccess access, TimeProvider clock)
{
    public static readonly TimeSpan Age = TimeSpan.FromDays(7);

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Cause { get; init; } = "";
        public string ProcedureCode { get; init; } = "";
        public DateTimeOffset Since { get; init; }

        /// <summary>What the inspection of its data found.</summary>
        public int Findings { get; init; }
    }

    public async Task<IReadOnlyList<Row>> ReadAsync(int take, CancellationToken ct)
    {
        var (me, courts, places) = access.Arguments;
        return await db.PageAsync<Row>(
            $"""
            SELECT c.id, c.number, c.cause, c.procedure_code, m.since, (SELECT COUNT(*) FROM workzone_inspection i WHERE i.case_id = c.id) AS findings
            FROM workzone_case_access m
            JOIN workzone_case c ON c.id = m.case_id
            WHERE m.person_id = @me AND m.order_id = 0 AND m.since >= @after AND m.reason IN ('judge', 'team') AND c.state = 'open' AND {access.IdCondition}
            ORDER BY m.since DESC, m.case_id DESC
            """,
            new
            {
                me,
                courts,
                places,
                after = clock.GetUtcNow() - Age,
            },
            take,
            ct
        );
    }
}
