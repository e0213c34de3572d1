using CourtOps.Kernel.Data;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;

namespace CourtOps.TrialSupport.Closing;

/// <summary>A party and the day on which the paper that ends the case counts as served on it; null while it is not.</summary>
internal sealed record PaperServed(string Name, DateOnly? On);

/// <summary>The day of closing, or why there is none yet.</summary>
/// <param name="On">Null while something is missing.</param>
/// <param name="Basis">What the day comes from: a text key with one value.</param>
internal sealed record ClosingDay(DateOnly? On, string Basis, string Value, IReadOnlyList<string> Unserved);

/// <summary>When a case counts as closed (B-06, 法释〔2000〕29号第十条). Pure.</summary>
internal static class ClosingRules
{
    public const string Pronounced = "宣判日{0}";
    public const string LastServed = "最后送达{0}之日";
    public const string Missing = "还没有送达：{0}";

    /// <summary>The kind of paper that a way of closing needs, issued and served; null for ways that need none.</summary>
    public static string? PaperOf(string how) => how is "judgment" or "ruling" or "mediation" ? how : null;

    /// <summary>
    /// Judgment and ruling: the day they were pronounced in court; else, and always for a mediation paper, the day on which the last party counts as served.
    /// In every case all parties must have been served.
    /// </summary>
    /// <param name="pronounced">Day of the last hearing that was held to pronounce; null for none.</param>
    public static ClosingDay DayOf(string paper, DateOnly? pronounced, IReadOnlyList<PaperServed> parties)
    {
        var unserved = parties.Where(p => p.On is null).Select(p => p.Name).ToList();
        if (parties.Count == 0 || unserved.Count > 0)
            return new ClosingDay(null, Missing, string.Join('、', unserved), unserved);
        if (paper != "mediation" && pronounced is { } day)
            return new ClosingDay(day, Pronounced, "", []);
        var last = parties.MaxBy(p => p.On)!;
        return new ClosingDay(last.On, LastServed, last.Name, []);
    }
}

/// <summary>Which paper ends a case and since when; plain methods in the open transaction.</summary>
internal sealed class ClosingDays(Db db, ICases cases, IDocuments documents, IReleases releases)
{
    /// <summary>The paper that ends the case in this way; null where none was issued, or let out.</summary>
    public async Task<DocumentCard?> PaperAsync(long caseId, string paper, CancellationToken ct)
    {
        var held = (await releases.OfCaseAsync(caseId, ct)).Select(d => d.Id).ToHashSet();
        // what was handed in with a filing is another case's
        return (await documents.OfCaseAsync(caseId, ct)).LastOrDefault(d =>
            d.Kind == paper && d.Volume == "main" && d.Source != "triage" && !held.Contains(d.Id)
        );
    }

    /// <summary>The day the case counts as closed by this paper.</summary>
    public async Task<ClosingDay> DayAsync(DocumentCard paper, CancellationToken ct)
    {
        var served = (
            await db.QueryAsync<Served>(
                "SELECT party_id, COALESCE(counts_on, served_on) AS counts_on FROM trial_served WHERE case_id = @CaseId AND document_id = @Id",
                new { paper.CaseId, paper.Id },
                ct
            )
        ).ToDictionary(s => s.PartyId, s => s.CountsOn);
        var pronounced = await db.FirstAsync<DateOnly?>(
            "SELECT MAX(h.held_on) FROM trial_hearing h WHERE h.case_id = @CaseId AND h.session = '宣判' AND h.state = @held",
            new { paper.CaseId, held = HearingState.Held },
            ct
        );
        return ClosingRules.DayOf(
            paper.Kind,
            pronounced,
            [.. (await cases.PartiesAsync(paper.CaseId, ct)).Select(p => new PaperServed(p.Name, served.TryGetValue(p.Id, out var on) ? on : null))]
        );
    }

    private sealed record Served
    {
        public long PartyId { get; init; }
        public DateOnly CountsOn { get; init; }
    }
}
