using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Control;

/// <summary>What should be done with an asset that was found and is free.</summary>
/// <param name="Amount">Cents to be frozen; null where the thing itself is sealed, or where nothing is known.</param>
/// <param name="Due">Last day of control in time.</param>
/// <param name="Chosen">Proposed: the rest of the claim is not covered without it.</param>
/// <param name="Why">The reason, for or against.</param>
internal sealed record Proposal(
    long AssetId,
    string PartyName,
    string AssetName,
    string Category,
    string Act,
    string Authority,
    long? Value,
    long? Amount,
    DateOnly Due,
    bool Chosen,
    Said Why
);

/// <summary>Proposals of control from what is found: money before things, things before land, no more than the claim. Pure.</summary>
internal static class ProposalRules
{
    private static readonly string[] Order =
    [
        "bank",
        "ewallet",
        "securities",
        "insurance",
        "claim",
        "fund",
        "vehicle",
        "equity",
        "trademark",
        "patent",
        "movable",
        "other",
        "immovable",
    ];

    /// <summary>
    /// The proposals of a case. Amounts in cents. A deposit is frozen up to the lower of its value and the rest of the claim; a thing is sealed whole while a
    /// rest is left (查扣冻规定 19: no more than the claim). Small balances are left (D-05). Without a claim everything is proposed.
    /// </summary>
    public static IReadOnlyList<Proposal> Of(CaseFacts f, LeakRules rules)
    {
        var rest = f.Need is { } need ? Math.Max(0, need - LeakChecks.Held(f.Measures) - Ruled(f)) : (long?)null;
        var proposals = new List<Proposal>();
        foreach (
            var a in f
                .Assets.Where(a => a.State == AssetState.Found && !f.Measures.Any(m => m.AssetId == a.Id && MeasureState.IsLive(m.State)))
                .OrderBy(a => Array.IndexOf(Order, a.Category))
                .ThenByDescending(a => a.Value ?? 0)
                .ThenBy(a => a.Id)
        )
        {
            var due = f.Calendar.AddWorkdays(a.FoundOn, rules.ControlWorkdays);
            var money = a.Kind == "deposit";
            var amount = !money
                ? null
                : (a.Value, rest) switch
                {
                    ({ } v, { } r) => Math.Min(v, r),
                    (var v, var r) => v ?? r,
                };
            var (chosen, why) =
                LeakChecks.IsSmall(a, f, rules) ? (false, Say($"小额，可以不控制"))
                : rest == 0 ? (false, Say($"标的额已足额控制"))
                : money && amount is null ? (false, Say($"余额和标的额都不清楚，请填写限额单独登记"))
                : money ? (true, Say($"限额 {Law.Yuan.Text((amount ?? 0) / 100m)} 元"))
                : (true, Say($"整体控制"));
            proposals.Add(new Proposal(a.Id, a.PartyName, a.Name, a.Category, Property.ActOf(a.Category), a.Holder, a.Value, amount, due, chosen, why));
            if (chosen && rest is { } left)
                rest = Math.Max(0, left - (amount ?? a.Value ?? 0));
        }
        return proposals;
    }

    // ruled and on the way to the authority: counted as if it held
    private static long Ruled(CaseFacts f) =>
        LeakChecks.Held(f.Measures.Where(m => m.State == MeasureState.Ruled).Select(m => m with { State = MeasureState.Active }));

    private static Said Say(Said said) => said;
}

/// <summary>The proposals of a case.</summary>
[Permit("enforcement.read")]
internal sealed record ShowProposals : IQuery<ShowProposals.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(CaseCard Case, IReadOnlyList<Proposal> Proposals, IReadOnlyList<Draft> Drafts, long? Claim, long Held);

    internal sealed record Draft
    {
        public long MeasureId { get; init; }
        public string PartyName { get; init; } = "";
        public string AssetName { get; init; } = "";
        public string State { get; init; } = "";
        public long? Amount { get; init; }
        public long? RulingDocumentId { get; init; }
        public long? NoticeDocumentId { get; init; }
        public DateTimeOffset AskedAt { get; init; }
        public DateTimeOffset? MadeAt { get; init; }
    }

    internal sealed class Handler(Kernel.Data.Db db, ICases cases, Lookout lookout, ISettings settings) : IQueryHandler<ShowProposals, Result>
    {
        public async Task<Result> Handle(ShowProposals request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var (facts, _) = await lookout.FactsAsync(card.Id, cancellationToken);
            var drafts = await db.QueryAsync<Draft>(
                """
                SELECT d.measure_id, a.party_name, a.name AS asset_name, m.state, m.amount, d.ruling_document_id, d.notice_document_id, d.asked_at, d.made_at
                FROM enforcement_draft d
                JOIN enforcement_measure m ON m.id = d.measure_id
                JOIN enforcement_asset a ON a.id = m.asset_id
                WHERE d.case_id = @Id ORDER BY d.measure_id
                """,
                new { card.Id },
                cancellationToken
            );
            return new Result(card, ProposalRules.Of(facts, settings.Current<LeakRules>(card.CourtId)), drafts, facts.Need, LeakChecks.Held(facts.Measures));
        }
    }
}
