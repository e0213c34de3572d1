using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Filings;

/// <summary>A case or filing near the one that is looked at.</summary>
internal sealed record Near
{
    public long? CaseId { get; init; }
    public long? FilingId { get; init; }
    public string Number { get; init; } = "";
    public string Cause { get; init; } = "";
    public DateOnly On { get; init; }
    public bool Open { get; init; }
    public string? ClosedHow { get; init; }
    public DateOnly? ClosedOn { get; init; }
    public long? JudgeId { get; init; }
    public string? JudgeName { get; init; }

    /// <summary>The parties both have.</summary>
    public IReadOnlyList<string> Shared { get; init; } = [];

    /// <summary>duplicate, between-same, repeat-divorce, series or related.</summary>
    public string What { get; init; } = "";
}

/// <summary>Judges what was found. Pure.</summary>
internal static class Nearness
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["duplicate"] = "疑似重复起诉",
        ["between-same"] = "同一当事人之间",
        ["repeat-divorce"] = "六个月内再次起诉（离婚或收养关系）",
        ["series"] = "系列案件",
        ["related"] = "涉及同一当事人",
    };

    /// <summary>Divorce itself: not the suits after it (离婚后财产纠纷, 离婚后损害责任纠纷), which are other causes.</summary>
    public static bool IsDivorce(string cause) => cause is "离婚纠纷" or "离婚";

    /// <summary>
    /// The same parties, cause and state open: a duplicate. Divorce, or ending an adoption, sued for again by the same claimant within six months of
    /// withdrawal, refusal or reconciliation (民诉法 127(7), 解释 214): a bar to be
    /// looked into. The same parties on both sides: between the same. The same claimant or defendant and the same cause: a series. Otherwise related.
    /// </summary>
    /// <param name="sameClaimant">Who claims now claimed then.</param>
    public static string Of(
        int parties,
        int shared,
        bool bothSides,
        bool sameCause,
        bool open,
        string cause,
        DateOnly? closedOn,
        DateOnly today,
        bool sameClaimant = true
    ) =>
        shared >= parties && bothSides && sameCause && open ? "duplicate"
        : bothSides
        && sameClaimant
        && sameCause
        && (IsDivorce(cause) || cause.Contains("收养关系", StringComparison.Ordinal))
        && closedOn is { } c
        && c.AddMonths(6) >= today
            ? "repeat-divorce"
        : bothSides ? "between-same"
        : sameCause ? "series"
        : "related";
}

/// <summary>Finds duplicates, series and related suits: names folded, ids by their blind index.</summary>
internal sealed class NearCases(Db db, Secrets secrets, FilingBook book, ICaseIndex index)
{
    public async Task<IReadOnlyList<Near>> FindAsync(Filing filing, IReadOnlyList<NewParty> parties, DateOnly today, CancellationToken ct)
    {
        var names = parties.SelectMany(p => new[] { p.Name, PartyReading.FoldName(p.Name) }).Distinct().ToList();
        var ids = parties.Select(p => p.IdNumber).Where(n => n.Length > 0).Distinct().ToList();
        var found = new List<Near>();
        foreach (
            var g in (await index.RelatedAsync(names, ids, ct))
                .Where(r => r.Id != filing.CaseId && (filing.Channel != "transfer" || r.Id != filing.OriginId))
                .GroupBy(r => r.Id)
        )
        {
            var r = g.First();
            found.Add(
                Judge(
                    filing,
                    parties,
                    today,
                    [.. g.Select(x => (x.Party, x.Role))],
                    new Near
                    {
                        CaseId = r.Id,
                        Number = r.Number,
                        Cause = r.Cause,
                        On = r.FiledOn,
                        Open = r.State == "open",
                        ClosedHow = r.ClosedHow,
                        ClosedOn = r.ClosedOn,
                        JudgeId = r.JudgeId,
                        JudgeName = r.JudgeName,
                    }
                )
            );
        }
        foreach (var g in (await FilingsAsync(filing, names, ids, ct)).GroupBy(r => r.Id))
        {
            var r = g.First();
            found.Add(
                Judge(
                    filing,
                    parties,
                    today,
                    [.. g.Select(x => (x.Party, x.Role))],
                    new Near
                    {
                        FilingId = r.Id,
                        Number = r.Number,
                        Cause = r.Cause,
                        On = r.ReceivedOn,
                        Open = true,
                    }
                )
            );
        }
        return [.. found.OrderBy(n => Rank(n.What)).ThenByDescending(n => n.On).Take(50)];
    }

    /// <summary>The open case between the same parties whose judge has this one too (串案随案), the oldest first.</summary>
    public static Near? Binding(IEnumerable<Near> near) =>
        near.Where(n => n is { CaseId: not null, JudgeId: not null, Open: true, What: "between-same" or "duplicate" })
            .OrderBy(n => n.On)
            .ThenBy(n => n.CaseId)
            .FirstOrDefault();

    private static Near Judge(Filing filing, IReadOnlyList<NewParty> parties, DateOnly today, IReadOnlyList<(string Party, string Role)> found, Near near)
    {
        // a party found by id under another name counts as the one found
        bool Has(NewParty p) => found.Any(f => PartyReading.FoldName(f.Party) == PartyReading.FoldName(p.Name));
        var shared = parties.Where(Has).Select(p => p.Name).ToList();
        if (shared.Count == 0)
            shared = [.. found.Select(f => f.Party).Distinct()];
        var both = parties.Where(p => CaseKinds.Claimants.Contains(p.Role)).Any(Has) && parties.Where(p => !CaseKinds.Claimants.Contains(p.Role)).Any(Has);
        var claimants = parties.Where(p => CaseKinds.Claimants.Contains(p.Role)).Select(p => PartyReading.FoldName(p.Name)).ToHashSet();
        var sameClaimant = found.Any(f => CaseKinds.Claimants.Contains(f.Role) && claimants.Contains(PartyReading.FoldName(f.Party)));
        var sameCause = near.Cause == filing.Cause || (Nearness.IsDivorce(near.Cause) && Nearness.IsDivorce(filing.Cause));
        return near with
        {
            Shared = shared,
            What = Nearness.Of(parties.Count, shared.Count, both, sameCause, near.Open, filing.Cause, near.ClosedOn, today, sameClaimant),
        };
    }

    private static int Rank(string what) =>
        what switch
        {
            "duplicate" => 0,
            "repeat-divorce" => 1,
            "between-same" => 2,
            "series" => 3,
            _ => 4,
        };

    private async Task<IReadOnlyList<FilingHit>> FilingsAsync(Filing filing, List<string> names, List<string> ids, CancellationToken ct)
    {
        var (me, courts, places) = book.Arguments;
        var folded = names.Select(PartyReading.FoldName).Distinct().ToList();
        var hits = new List<FilingHit>();
        foreach (
            var (condition, keys) in new[]
            {
                ("p.name_folded = @key", folded),
                ("p.id_number_idx = @key", ids.SelectMany(secrets.BlindAll).Distinct().ToList()),
            }
        )
        foreach (var key in keys)
            hits.AddRange(
                await db.PageAsync<FilingHit>(
                    $"""
                    SELECT f.id, f.number, f.cause, f.received_on, p.name AS party, p.role
                    FROM triage_filing_party p
                    JOIN triage_filing f ON f.id = p.filing_id
                    WHERE {condition} AND f.id <> @Id AND f.state IN ('received', 'returned') AND {book.Seen}
                    ORDER BY p.filing_id DESC
                    """,
                    new
                    {
                        key,
                        filing.Id,
                        me,
                        courts,
                        places,
                    },
                    50,
                    ct
                )
            );
        return [.. hits.DistinctBy(h => (h.Id, h.Party, h.Role))];
    }

    private sealed record FilingHit
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Cause { get; init; } = "";
        public DateOnly ReceivedOn { get; init; }
        public string Party { get; init; } = "";
        public string Role { get; init; } = "";
    }
}
