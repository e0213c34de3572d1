using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Queues;

/// <summary>Open cases nearest to their time limit: a judge's own, the team's of whoever works for one, the courts' of a leader.</summary>
internal sealed class NearLimits(Db db, Actor actor, CaseAccess access)
{
    private const string Select = "SELECT c.id, c.number, c.cause, c.procedure_code, c.filed_on, c.clock_end FROM workzone_case c WHERE ";
    private const string Rest = " AND c.state = 'open' AND c.clock_end IS NOT NULL ";

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Cause { get; init; } = "";
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public DateOnly? ClockEnd { get; init; }
    }

    public async Task<IReadOnlyList<Row>> ReadAsync(int take, CancellationToken ct)
    {
        var pieces = new List<IReadOnlyList<Row>>(1);
        var (me, courts, places) = access.Arguments;
        var judge = actor.CourtWide ? [] : await JudgesAsync(ct);
        var piece = actor.CourtWide
            ? Select + "c.court_id = @courts#" + Rest + "AND " + access.HeldCondition
            : Select + "c.judge_id = @judge#" + Rest + "AND " + access.Condition;
        foreach (var sql in Walks.Of(piece, actor.CourtWide ? courts.Count : judge.Count))
            pieces.Add(
                await db.PageAsync<Row>(
                    sql + " ORDER BY clock_end, id",
                    new
                    {
                        judge,
                        me,
                        courts,
                        places,
                    },
                    take,
                    ct
                )
            );
        return Walks.Merge(pieces, take, c => (c.ClockEnd, c.Id));
    }

    // the person, the judges of the same team, and judges the person stands in for
    private Task<IReadOnlyList<long>> JudgesAsync(CancellationToken ct) =>
        db.QueryAsync<long>(
            """
            SELECT p.id FROM workzone_person me
            JOIN workzone_person p ON p.id = me.id OR p.id IN @absent OR (p.court_id = me.court_id AND p.team = me.team AND me.team <> '')
            WHERE me.id = @Id AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.role = 'judge')
            """,
            new { actor.Id, absent = actor.StandIns.Select(s => s.PersonId).Distinct().ToList() },
            ct
        );
}
