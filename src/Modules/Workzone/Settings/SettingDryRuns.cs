using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Settings;

/// <summary>Puts a draft to the real decisions of the last days, in the background. Returns the run's id.</summary>
[Permit(SettingRights.Change)]
[Audited("workzone.setting.dry-run")]
internal sealed record TrySetting : ICommand<long>
{
    public string Key { get; init; } = "";
    public string? Decision { get; init; }
    public long CourtId { get; init; }
    public IReadOnlyDictionary<string, string>? Values { get; init; }
    public TableBody? Table { get; init; }
    public int Days { get; init; } = 90;

    internal sealed class Handler(Db db, Actor actor, SettingCatalogue catalogue, SettingStore store, DryRuns runs, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<TrySetting, long>
    {
        public async Task<long> Handle(TrySetting request, CancellationToken cancellationToken)
        {
            var setting = await SettingRights.DemandAsync(db, catalogue, store, actor, request.Key, request.CourtId, cancellationToken);
            var decision =
                catalogue.DecidedBy(setting.Key).FirstOrDefault(d => request.Decision is null || d.Name == request.Decision)
                ?? throw new RuleBroken("没有判定用到这条规则，无法试算。", "Key");
            var value = SettingForm.Bind(setting, store.Find(setting, request.CourtId, clock.GetUtcNow()).Value, request.Values, request.Table);
            var id = await runs.BeginAsync(decision, request.CourtId, value, request.Days, cancellationToken);
            audit.Note(
                "setting",
                setting.Key,
                new
                {
                    request.CourtId,
                    run = id,
                    request.Days,
                }
            );
            return id;
        }
    }
}

/// <summary>A dry run of this person with a page of what changes. A case is named to whoever may see it; to others it has no number.</summary>
[Permit(SettingRights.Read)]
internal sealed record ShowDryRun : IQuery<ShowDryRun.Result>
{
    public const int Rows = 50;

    public long Id { get; init; }
    public long? CourtId { get; init; }
    public int After { get; init; }

    internal sealed record Result(
        DryRun Run,
        SettingDefinition Setting,
        DecisionDefinition Decision,
        DryRunPlan Plan,
        DryRunFigures Figures,
        IReadOnlyList<Change> Changes,
        int? Next
    );

    internal sealed record Change(DryRunChange Row, string Court, string? Number, string Before, string After);

    internal sealed class Handler(Db db, Actor actor, CaseAccess access, SettingCatalogue catalogue, SettingStore store, DryRuns runs, Texts t)
        : IQueryHandler<ShowDryRun, Result>
    {
        public async Task<Result> Handle(ShowDryRun request, CancellationToken cancellationToken)
        {
            var run = await runs.FindAsync(request.Id, cancellationToken) ?? throw new NotFound("试算", request.Id);
            var setting = catalogue.Find(run.SettingKey) ?? throw new NotFound("规则", run.SettingKey);
            var plan = run.ReadPlan();
            var rows = await runs.ChangesAsync(run.Id, request.CourtId, request.After, Rows + 1, cancellationToken);
            var shown = new List<Change>();
            foreach (var row in rows.Take(Rows))
            {
                var (before, after) = runs.Explain(run, plan, row, t);
                shown.Add(new Change(row, store.NameOf(row.CourtId), row.CaseId is { } c ? await NumberAsync(c, cancellationToken) : null, before, after));
            }
            return new Result(run, setting, catalogue.Decision(run.Decision), plan, run.ReadFigures(), shown, rows.Count > Rows ? rows[Rows - 1].N : null);
        }

        // whoever runs the system sees no case
        private async Task<string?> NumberAsync(long caseId, CancellationToken ct) =>
            actor.Can("workzone.cases.read") && await access.CanReadAsync(caseId, ct)
                ? await db.FirstAsync<string>("SELECT number FROM workzone_case WHERE id = @caseId", new { caseId }, ct)
                : null;
    }
}

/// <summary>Ends a dry run of one's own; what it found stays.</summary>
[Permit(SettingRights.Read)]
[Audited("workzone.setting.dry-run")]
internal sealed record CancelDryRun : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(DryRuns runs, AuditTrail audit) : CommandHandler<CancelDryRun>
    {
        protected override async Task RunAsync(CancelDryRun command, CancellationToken ct)
        {
            var run = await runs.FindAsync(command.Id, ct) ?? throw new NotFound("试算", command.Id);
            await runs.CancelAsync(run.Id, ct);
            audit.Note("setting", run.SettingKey, new { run = run.Id, cancelled = true });
        }
    }
}
