using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Law;

namespace CourtOps.Triage.Filings;

/// <summary>What a case comes from. CaseId is null for what was decided elsewhere: another court, an arbitrator, a notary.</summary>
internal sealed record Origin(string Number, long? CaseId);

/// <summary>The case that is enforced, appealed or reviewed (E-08 of the register: 执 only from what has taken effect).</summary>
internal sealed class Origins(Db db)
{
    /// <exception cref="RuleBroken">The type sign needs an origin and none is named; or the case it names is not closed.</exception>
    public async Task<Origin> FindAsync(string typed, string type, DateOnly today, CancellationToken ct)
    {
        var words = PartyReading.Fold(typed);
        if (words.Length == 0)
            return CaseKinds.NeedsOrigin(type) ? throw new RuleBroken($"{type}字案件须写明原案案号或者执行依据。", "Origin", "origin") : new Origin("", null);
        if (!CaseNumber.TryParse(words, out var number))
            return new Origin(words, null);
        if (number.Year > today.Year)
            throw new RuleBroken($"原案案号 {number.Canonical} 的年度在今年之后，请核对。", "Origin");
        var there = await db.FirstAsync<Card>("SELECT id, state FROM workzone_case_card WHERE number = @Canonical", new { number.Canonical }, ct);
        return there is not null && CaseKinds.NeedsEffect(type) && there.State != "closed"
            ? throw new RuleBroken($"原案 {number.Canonical} 还没有结案，没有可以执行的生效法律文书。", "Origin", "origin-open")
            : new Origin(number.Canonical, there?.Id);
    }

    /// <summary>At registration once more: the case may have been reopened since, and effect that nobody noted needs a reason.</summary>
    public async Task DemandAsync(Filing filing, string reason, CancellationToken ct)
    {
        if (filing.OriginId is not { } id || !CaseKinds.NeedsEffect(filing.CaseType))
            return;
        var there = await db.FirstAsync<Card>("SELECT id, state FROM workzone_case_card WHERE id = @id", new { id }, ct);
        if (there?.State != "closed")
            throw new RuleBroken($"原案 {filing.OriginNumber} 还没有结案，没有可以执行的生效法律文书。", "Origin", "origin-open");
        if (string.IsNullOrWhiteSpace(reason) && await db.ScalarAsync<int>("SELECT COUNT(*) FROM triage_effective WHERE case_id = @id", new { id }, ct) == 0)
            throw new RuleBroken(
                $"原案 {filing.OriginNumber} 没有登记裁判生效。请先在原案登记生效，或者写明已经核对生效证明的理由。",
                "Reason",
                "not-effective"
            );
    }

    private sealed record Card
    {
        public long Id { get; init; }
        public string State { get; init; } = "";
    }
}
