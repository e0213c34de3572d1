using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Control;

/// <summary>One click: what was found is ruled to be controlled, and the ruling and the notice of assistance of each are drafted as documents of the
/// case.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.control.draft")]
internal sealed record DraftControl : ICommand<IReadOnlyList<MeasureRow>>
{
    public const int Most = 100;

    public long CaseId { get; init; }

    /// <summary>Assets of the case; empty: all that are proposed.</summary>
    public IReadOnlyList<long> AssetIds { get; init; } = [];

    internal sealed class Validator : AbstractValidator<DraftControl>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.AssetIds).Must(a => a.Count <= Most).WithMessage("一次最多拟办 100 项财产。");
        }
    }

    internal sealed class Handler(
        Db db,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        Lookout lookout,
        ISettings settings,
        MeasureWork work,
        MeasureTaking taking,
        WorkQueue queue,
        AuditTrail audit
    ) : ICommandHandler<DraftControl, IReadOnlyList<MeasureRow>>
    {
        public async Task<IReadOnlyList<MeasureRow>> Handle(DraftControl c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var (facts, _) = await lookout.FactsAsync(card.Id, cancellationToken);
            var proposals = ProposalRules.Of(facts, settings.Current<LeakRules>(card.CourtId));
            var chosen = c.AssetIds.Count == 0 ? [.. proposals.Where(p => p.Chosen).Take(Most)] : new List<Proposal>();
            foreach (var id in c.AssetIds.Distinct())
                chosen.Add(proposals.FirstOrDefault(p => p.AssetId == id) ?? throw await NotFreeAsync(id, card.Id, cancellationToken));
            if (chosen.Count == 0)
                throw new RuleBroken("没有需要拟办的财产：没有新查到的，或者已足额控制。", "AssetIds", "nothing");
            var made = new List<MeasureRow>();
            foreach (var p in chosen)
            {
                if (p.Amount is null && Property.KindOf(p.Category) == "deposit")
                    throw new RuleBroken($"“{p.AssetName}”的余额和标的额都不清楚，请填写限额单独登记。", "AssetIds", "no-amount");
                var m = await taking.TakeAsync(
                    new TakeMeasure
                    {
                        CaseId = card.Id,
                        AssetId = p.AssetId,
                        RuledOn = work.Today,
                        Basis = "",
                        Amount = p.Amount / 100m,
                        Place = await PlaceAsync(p.AssetId, cancellationToken),
                        Authority = p.Authority,
                    },
                    cancellationToken
                );
                await db.ExecuteAsync(
                    "INSERT INTO enforcement_draft (measure_id, case_id, asked_by, asked_at) VALUES (@Id, @CaseId, @by, @now)",
                    new
                    {
                        m.Id,
                        m.CaseId,
                        by = actor.Id,
                        now = clock.StoredNow(),
                    },
                    cancellationToken
                );
                await queue.AddAsync(PrintDraft.Name, $"{m.Id}", new PrintDraft.Payload { MeasureId = m.Id }, ct: cancellationToken);
                made.Add(m);
            }
            audit.Note("case", card.Id, new { drafted = made.Count }, card.Id);
            return made;
        }

        // behind what another case of the court holds
        private async Task<int> PlaceAsync(long assetId, CancellationToken ct)
        {
            var asset = await work.AssetAsync(assetId, ct);
            return 1
                + await db.ScalarAsync<int>(
                    "SELECT COALESCE(MAX(place), 0) FROM enforcement_measure WHERE court_id = @CourtId AND identity_key = @IdentityKey AND next_date "
                        + "IS NOT NULL",
                    new { asset.CourtId, asset.IdentityKey },
                    ct
                );
        }

        private async Task<Exception> NotFreeAsync(long assetId, long caseId, CancellationToken ct)
        {
            var asset = await work.AssetAsync(assetId, ct);
            return asset.CaseId == caseId ? new RuleBroken($"“{asset.Name}”已在控制中，或者不能控制。", "AssetIds", "not-free") : new NotFound("财产", assetId);
        }
    }
}
