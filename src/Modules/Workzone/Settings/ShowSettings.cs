using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Rights;

namespace CourtOps.Workzone.Settings;

/// <summary>Every rule, with the value that counts in a court and where it comes from. Searched in the reader's language.</summary>
[Permit(SettingRights.Read)]
internal sealed record ListSettings : IQuery<ListSettings.Result>
{
    /// <summary>Null is the court acted in.</summary>
    public long? CourtId { get; init; }
    public string Text { get; init; } = "";

    internal sealed record Result(long CourtId, string CourtName, IReadOnlyList<SettingCourt> Courts, IReadOnlyList<Row> Rows, int Pending);

    /// <param name="Shown">The values in a line.</param>
    internal sealed record Row(SettingDefinition Setting, string Shown, SettingSource Source, string SourceName);

    internal sealed class Handler(Actor actor, SettingCatalogue catalogue, SettingStore store, SettingBook book, Texts t, TimeProvider clock)
        : IQueryHandler<ListSettings, Result>
    {
        public async Task<Result> Handle(ListSettings request, CancellationToken cancellationToken)
        {
            var court = request.CourtId ?? actor.CourtId;
            if (!SettingRights.MaySee(actor, store, court))
                throw new NotFound("法院", court);
            var now = clock.GetUtcNow();
            var words = request.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var rows = catalogue
                .All.Where(s => words.All(w => SettingWords.Searched(t, s).Contains(w, StringComparison.OrdinalIgnoreCase)))
                .Select(s =>
                {
                    var (value, source) = store.Find(s, court, now);
                    return new Row(s, SettingWords.Line(t, s, value), source, SettingWords.Source(t, store, source));
                })
                .ToList();
            var courts = AdminScope
                .Courts(actor)
                .Concat(actor.Courts)
                .Distinct()
                .Select(store.Court)
                .OfType<SettingCourt>()
                .OrderBy(c => store.Chain(c.Id).Count)
                .ThenBy(c => c.Name, StringComparer.Ordinal)
                .ToList();
            var pending = (await book.PendingAsync(cancellationToken)).Count(p => SettingRights.MayConfirm(actor, p.CourtId) && p.AskedBy != actor.Id);
            return new Result(court, SettingWords.Court(t, store, court), courts, rows, pending);
        }
    }
}

/// <summary>One rule in one court: value, where from along the courts, versions, what the person may do.</summary>
[Permit(SettingRights.Read)]
internal sealed record ShowSetting : IQuery<ShowSetting.Result>
{
    public string Key { get; init; } = "";
    public long? CourtId { get; init; }

    internal sealed record Result
    {
        public required SettingDefinition Setting { get; init; }
        public required long CourtId { get; init; }
        public required string CourtName { get; init; }
        public required object Value { get; init; }
        public required SettingSource Source { get; init; }

        /// <summary>From the default down to this court.</summary>
        public required IReadOnlyList<Step> Steps { get; init; }
        public required IReadOnlyList<SettingVersion> History { get; init; }
        public required bool MayChange { get; init; }
        public required bool MayConfirm { get; init; }

        /// <summary>Courts below that would follow a change here, and those with a value of their own.</summary>
        public required int Follow { get; init; }
        public required int Apart { get; init; }
        public required IReadOnlyList<DecisionDefinition> Decisions { get; init; }
        public required IReadOnlyList<DryRun> Runs { get; init; }

        public int Seen => History.Count > 0 ? History[0].Version : 0;

        public SettingVersion? Pending => History.FirstOrDefault(v => v.State == "pending");
    }

    /// <param name="Shown">Null where this court set nothing.</param>
    internal sealed record Step(string Name, string? Shown, DateTimeOffset? Since, bool Counts);

    internal sealed class Handler(
        Db db,
        Actor actor,
        SettingCatalogue catalogue,
        SettingStore store,
        SettingBook book,
        DryRuns runs,
        Texts t,
        TimeProvider clock
    ) : IQueryHandler<ShowSetting, Result>
    {
        public async Task<Result> Handle(ShowSetting request, CancellationToken cancellationToken)
        {
            var court = request.CourtId ?? actor.CourtId;
            var setting = SettingRights.Find(catalogue, store, actor, request.Key, court);
            var now = clock.GetUtcNow();
            var (value, source) = store.Find(setting, court, now);
            var steps = new List<Step> { new(t["系统默认"], SettingWords.Line(t, setting, setting.DefaultValue), null, source.CourtId is null) };
            IReadOnlyList<SettingVersion> own = [];
            foreach (var at in store.Chain(court).Reverse())
            {
                own = await book.HistoryAsync(setting.Key, at, cancellationToken);
                var counts = own.Where(v => v.State == "set" && v.EffectiveAt <= now)
                    .OrderByDescending(v => v.EffectiveAt)
                    .ThenByDescending(v => v.Version)
                    .FirstOrDefault();
                steps.Add(
                    new Step(
                        SettingWords.Court(t, store, at),
                        counts is null or { Inherits: true } ? null : SettingWords.Line(t, setting, setting.Read(counts.Body)),
                        counts?.EffectiveAt,
                        source.CourtId == at
                    )
                );
            }
            var below = store.Below(court).Where(c => c != court).ToList();
            var apart = below.Count(c => store.Find(setting, c, now).Source.CourtId is { } set && store.Chain(c).TakeWhile(x => x != court).Contains(set));
            return new Result
            {
                Setting = setting,
                CourtId = court,
                CourtName = SettingWords.Court(t, store, court),
                Value = value,
                Source = source,
                Steps = steps,
                History = own,
                MayChange = await SettingRights.MayChangeAsync(db, actor, setting, court, cancellationToken),
                MayConfirm = SettingRights.MayConfirm(actor, court),
                Follow = below.Count - apart,
                Apart = apart,
                Decisions = [.. catalogue.DecidedBy(setting.Key)],
                Runs = await runs.ListAsync(setting.Key, cancellationToken),
            };
        }
    }
}

/// <summary>What waits for a second person, as far as this person may decide it or has asked for it.</summary>
[Permit(SettingRights.Read)]
internal sealed record ListPendingSettings : IQuery<IReadOnlyList<SettingVersion>>
{
    internal sealed class Handler(Actor actor, SettingBook book, SettingCatalogue catalogue) : IQueryHandler<ListPendingSettings, IReadOnlyList<SettingVersion>>
    {
        public async Task<IReadOnlyList<SettingVersion>> Handle(ListPendingSettings request, CancellationToken cancellationToken) =>
            [
                .. (await book.PendingAsync(cancellationToken)).Where(v =>
                    catalogue.Find(v.SettingKey) is not null && (v.AskedBy == actor.Id || SettingRights.MayConfirm(actor, v.CourtId))
                ),
            ];
    }
}

/// <summary>Rules in words.</summary>
internal static class SettingWords
{
    public static string Court(Texts t, SettingStore store, long courtId) => courtId == 0 ? t["全部法院"] : store.NameOf(courtId);

    public static string Source(Texts t, SettingStore store, SettingSource source) => source.CourtId is { } court ? Court(t, store, court) : t["系统默认"];

    public static string Value(Texts t, Field field, string text) =>
        text.Length == 0 ? t["（空）"] : t[TableDecision.Shown(field, text)] + (field.Unit.Length > 0 ? " " + t[field.Unit] : "");

    public static string Line(Texts t, SettingDefinition setting, object value) =>
        setting.Line(t, value) is { } line ? line
        : value is TableBody table ? t["{0} 行", table.Rows.Count]
        : string.Join(
            t["；"],
            setting.Fields.All.Select(f =>
                setting.Fields.All.Count == 1
                    ? Value(t, f, setting.Fields.Text(value, f.Name))
                    : t[f.Label] + " " + Value(t, f, setting.Fields.Text(value, f.Name))
            )
        );

    /// <summary>A row of a table in words: "案件类型 ＝ 民事，标的额 ≤ 5.00 → 程序 简易".</summary>
    public static string Row(Texts t, TableDefinition table, TableRow row)
    {
        var when = table
            .FactSet.All.Where(f => row.When.GetValueOrDefault(f.Name) is { } c && c.Op != Ops.Any)
            .Select(f => t[f.Label] + " " + Condition(t, f, row.When[f.Name]))
            .ToList();
        return (when.Count == 0 ? t["任何情形"] : string.Join(t["，"], when))
            + " → "
            + string.Join(t["，"], table.OutcomeSet.All.Select(c => t[c.Label] + " " + Value(t, c, row.Then.GetValueOrDefault(c.Name, ""))));
    }

    public static string Condition(Texts t, Field field, Condition condition) =>
        t[Ops.Labels[condition.Op]] + " " + string.Join(t["、"], condition.Values.Select(v => Value(t, field, v)));

    public static string Searched(Texts t, SettingDefinition setting)
    {
        var fields = setting is TableDefinition table ? table.FactSet.All.Concat(table.OutcomeSet.All) : setting.Fields.All;
        return string.Join(
            ' ',
            new[] { setting.Key, setting.Label, t[setting.Label], t[setting.Help], t[setting.Module] }.Concat(
                fields.SelectMany(f => new[] { f.Label, t[f.Label], f.Source })
            )
        );
    }

    /// <summary>What differs between two values, a line each.</summary>
    public static IReadOnlyList<(string Label, string Was, string Will)> Differences(Texts t, SettingDefinition setting, object was, object will)
    {
        if (setting.DifferencesOf(t, was, will) is { } own)
            return own;
        if (setting is TableDefinition table)
        {
            var (a, b) = ((TableBody)was, (TableBody)will);
            var rows = Enumerable
                .Range(0, Math.Max(a.Rows.Count, b.Rows.Count))
                .Select(i =>
                    (
                        t["第 {0} 行", i + 1],
                        i < a.Rows.Count ? Row(t, table, a.Rows[i]) : t["（无）"],
                        i < b.Rows.Count ? Row(t, table, b.Rows[i]) : t["（无）"]
                    )
                );
            return [.. rows.Where(r => r.Item2 != r.Item3)];
        }
        return
        [
            .. setting
                .Fields.All.Select(f => (t[f.Label], Value(t, f, setting.Fields.Text(was, f.Name)), Value(t, f, setting.Fields.Text(will, f.Name))))
                .Where(d => d.Item2 != d.Item3),
        ];
    }
}
