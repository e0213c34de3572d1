using CourtOps.Kernel.Data;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Mediation;

/// <summary>The mediators of a court with their load and success.</summary>
internal sealed class Pool(Db db, MediationBook book, FilingBook filings)
{
    public async Task<IReadOnlyList<MediatorCandidate>> AllAsync(long courtId, CancellationToken ct) =>
        await db.QueryAsync<MediatorCandidate>(
            """
            SELECT t.id, t.name, t.organisation, t.skills, t.languages, t.gold, t.most_open,
                   (SELECT COUNT(*) FROM triage_mediation m WHERE m.mediator_id = t.id AND m.is_open = 1) AS in_hand,
                   (SELECT COUNT(*) FROM triage_mediation m WHERE m.mediator_id = t.id AND m.is_open = 0 AND m.ended_on > @since) AS ended,
                   (SELECT COUNT(*) FROM triage_mediation m WHERE m.mediator_id = t.id AND m.is_open = 0 AND m.ended_on > @since AND m.outcome IN ('agreed',
                       'withdrawn')) AS agreed
            FROM triage_mediator t
            WHERE t.court_id = @courtId AND t.active = 1
            ORDER BY t.name, t.id
            """,
            new { courtId, since = book.Today.AddYears(-1) },
            ct
        );

    public async Task<IReadOnlyList<MediatorStanding>> RankAsync(MediationRow row, CancellationToken ct) =>
        MediationRules.Rank(row.Cause, row.Languages.Split(' ', StringSplitOptions.RemoveEmptyEntries), row.PassedOverIds, await AllAsync(row.CourtId, ct));

    public Task<IReadOnlyList<NewParty>> FilingPartiesAsync(long filingId, CancellationToken ct) => filings.PartiesAsync(filingId, ct);
}
