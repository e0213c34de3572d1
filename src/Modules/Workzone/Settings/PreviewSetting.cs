using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Settings;

/// <summary>A module's answer to what a value would do to open work. Registered in its services.</summary>
public interface ISettingImpact
{
    string Key { get; }

    /// <summary>Open work that would be stranded: nobody could go on with it. Empty where none would.</summary>
    /// <param name="courts">The courts whose value would change.</param>
    Task<IReadOnlyList<StrandedWork>> StrandedAsync(object value, IReadOnlyList<long> courts, CancellationToken ct);
}

/// <param name="Label">"工单 吉2424-000123".</param>
/// <param name="Href">Where it is seen.</param>
public sealed record StrandedWork(string Label, string Href);

/// <summary>What saving a value would do, said before: the differences, what is worth knowing, who is affected, what is stranded.</summary>
[Permit(SettingRights.Change)]
internal sealed record PreviewSetting : IQuery<PreviewSetting.Result>
{
    public string Key { get; init; } = "";
    public long CourtId { get; init; }
    public IReadOnlyDictionary<string, string>? Values { get; init; }
    public TableBody? Table { get; init; }

    internal sealed record Result(
        IReadOnlyList<(string Label, string Was, string Will)> Differences,
        IReadOnlyList<Said> Warnings,
        IReadOnlyList<StrandedWork> Stranded
    );

    internal sealed class Handler(Actor actor, SettingCatalogue catalogue, SettingStore store, Texts t, TimeProvider clock, IEnumerable<ISettingImpact> impacts)
        : IQueryHandler<PreviewSetting, Result>
    {
        public async Task<Result> Handle(PreviewSetting request, CancellationToken cancellationToken)
        {
            var setting = SettingRights.Find(catalogue, store, actor, request.Key, request.CourtId);
            var now = clock.GetUtcNow();
            var was = store.Find(setting, request.CourtId, now).Value;
            var will = SettingForm.Bind(setting, was, request.Values, request.Table);
            if (setting.Check(will) is { Count: > 0 } faults)
                throw SettingForm.Refused(faults);
            var courts = store
                .Below(request.CourtId)
                .Append(request.CourtId)
                .Distinct()
                .Where(c =>
                    c == request.CourtId
                    || store.Find(setting, c, now).Source.CourtId is not { } set
                    || !store.Chain(c).TakeWhile(x => x != request.CourtId).Contains(set)
                )
                .ToList();
            var stranded = new List<StrandedWork>();
            foreach (var impact in impacts.Where(i => i.Key == setting.Key))
                stranded.AddRange(await impact.StrandedAsync(will, courts, cancellationToken));
            return new Result(SettingWords.Differences(t, setting, was, will), setting.Warnings(will), stranded);
        }
    }
}
