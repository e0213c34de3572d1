using CourtOps.Kernel.Data;
using CourtOps.Law;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Publication;

/// <summary>How a document was served on one party.</summary>
/// <param name="On">Null while it is not served.</param>
/// <param name="AppealEnds">Last day of this party's period to appeal; null where there is none.</param>
internal sealed record PartyEffect(string Name, DateOnly? On, DateOnly? AppealEnds);

/// <summary>Since when a document has effect (A-05, CPL-I 244: each party's period runs for itself). Pure.</summary>
internal static class EffectRules
{
    /// <summary>
    /// The day by Law: after the latest of the parties' periods, of what is final the last service. Null while somebody is not served, or a party's
    /// period is not known.
    /// </summary>
    public static DateOnly? EffectiveOn(IReadOnlyList<PartyEffect> parties, bool final) =>
        PartyClocks.Effect([.. parties.Select(p => new PartyService(p.On, p.AppealEnds))], final);

    /// <summary>
    /// Whether no appeal is open: a mediation paper, whatever ends a procedure that is final, and a ruling that nobody was given a period for (CPL 157 lets
    /// three kinds alone be appealed).
    /// </summary>
    public static bool IsFinal(string kind, string procedure, IReadOnlyList<PartyEffect> parties) =>
        kind == "mediation"
        || (TrialLimitTable.Has(procedure) && TrialLimitTable.Get(procedure).Final)
        || (kind == "ruling" && parties.All(p => p.AppealEnds is null));

    /// <summary>Whether somebody was under eighteen on a day; false where the number does not say.</summary>
    public static bool IsMinor(string? idNumber, DateOnly on) => Drafting.IdFacts.Of(idNumber) is { } id && id.Born.AddYears(18) > on;
}

/// <summary>What service and appeals say of a document; plain methods in the open transaction.</summary>
internal sealed class EffectBook(Db db, ICases cases)
{
    public async Task<IReadOnlyList<PartyEffect>> OfAsync(long caseId, long documentId, CancellationToken ct)
    {
        var served = (
            await db.QueryAsync<Row>("SELECT party_id, served_on, appeal_ends FROM trial_served WHERE document_id = @documentId", new { documentId }, ct)
        ).ToDictionary(s => s.PartyId);
        return
        [
            .. (await cases.PartiesAsync(caseId, ct)).Select(p =>
                served.TryGetValue(p.Id, out var s) ? new PartyEffect(p.Name, s.ServedOn, s.AppealEnds) : new PartyEffect(p.Name, null, null)
            ),
        ];
    }

    /// <summary>Who has appealed and not taken it back.</summary>
    public Task<IReadOnlyList<string>> AppellantsAsync(long caseId, CancellationToken ct) =>
        db.QueryAsync<string>("SELECT appellant FROM trial_appeal WHERE case_id = @caseId AND state <> 'withdrawn' ORDER BY id", new { caseId }, ct);

    /// <summary>Last day of a party's period to appeal from the latest decision served on it; null where none is known.</summary>
    public Task<DateOnly?> AppealEndsAsync(long caseId, long partyId, CancellationToken ct) =>
        db.FirstAsync<DateOnly?>(
            "SELECT MAX(appeal_ends) FROM trial_served WHERE case_id = @caseId AND party_id = @partyId AND kind IN ('judgment', 'ruling')",
            new { caseId, partyId },
            ct
        );

    private sealed record Row
    {
        public long PartyId { get; init; }
        public DateOnly ServedOn { get; init; }
        public DateOnly? AppealEnds { get; init; }
    }
}
