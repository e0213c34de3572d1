using System.Collections.Frozen;
using CourtOps.Kernel.Data;

namespace CourtOps.Kernel.Settings;

/// <summary>The courts that settings are inherited along, as their owner knows them.</summary>
public interface ISettingTree
{
    Task<IReadOnlyList<SettingCourt>> LoadAsync(Db db, CancellationToken ct);
}

/// <summary>Where no module knows courts: everything is set for all.</summary>
internal sealed class NoCourts : ISettingTree
{
    public Task<IReadOnlyList<SettingCourt>> LoadAsync(Db db, CancellationToken ct) => Task.FromResult<IReadOnlyList<SettingCourt>>([]);
}

/// <param name="ParentId">The court above; null for the highest, which inherits from what is set for all.</param>
/// <param name="MergedInto">The court it has become part of: what is set there counts for it.</param>
public sealed record SettingCourt(long Id, long? ParentId, string Name, long? MergedInto = null);

/// <summary>A confirmed version as it is kept in memory.</summary>
internal sealed record VersionRow
{
    public string SettingKey { get; init; } = "";
    public long CourtId { get; init; }
    public int Version { get; init; }
    public bool Inherits { get; init; }
    public string Body { get; init; } = "";
    public DateTimeOffset EffectiveAt { get; init; }
}

/// <summary>Where a value comes from.</summary>
/// <param name="CourtId">The court that set it; 0 for all courts; null for the default of the program.</param>
public sealed record SettingSource(long? CourtId, int Version)
{
    public static readonly SettingSource Default = new(null, 0);

    /// <summary>As it is kept with a decision: "12:3", or "default".</summary>
    public override string ToString() => CourtId is { } court ? FormattableString.Invariant($"{court}:{Version}") : "default";
}

/// <summary>
/// All versions in memory. A lookup runs no statement; a change on this host is seen by the next lookup, one on another host when the stamp is next looked
/// at (every two seconds, see <see cref="RefreshAsync"/>).
/// </summary>
public sealed class SettingStore(Database database, SettingCatalogue catalogue, ISettingTree tree)
{
    /// <summary>How often a host looks at the stamp.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly Lock sync = new();
    private volatile Snapshot? kept;

    /// <summary>The value of a setting in a court at an instant, and where it comes from.</summary>
    public (object Value, SettingSource Source) Find(SettingDefinition setting, long courtId, DateTimeOffset at) => Now.Find(setting, courtId, at);

    /// <summary>The court, the one above it, and so on to 0; a merged court begins with the one it became part of.</summary>
    public IReadOnlyList<long> Chain(long courtId) => Now.Chain(courtId);

    /// <summary>The court and every court below it; every court for 0.</summary>
    public IReadOnlyList<long> Below(long courtId) => [.. Now.Courts.Keys.Where(c => Now.Chain(c).Contains(courtId))];

    public string NameOf(long courtId) => Now.Courts.TryGetValue(courtId, out var c) ? c.Name : "";

    public SettingCourt? Court(long courtId) => Now.Courts.GetValueOrDefault(courtId);

    /// <summary>The value of one version, also of one that counts no longer.</summary>
    /// <exception cref="InvalidOperationException">There is no such version.</exception>
    internal object Version(SettingDefinition setting, long courtId, int version) => Now.Version(setting, courtId, version);

    /// <summary>After a commit on this host: the next lookup reads anew.</summary>
    public void Drop() => kept = null;

    /// <summary>Looks whether another host changed something, and reads it. True when it did.</summary>
    public async Task<bool> RefreshAsync(CancellationToken ct)
    {
        await using var db = new Db(database);
        var stamp = await StampAsync(db, ct);
        if (kept?.Stamp == stamp)
            return false;
        kept = await LoadAsync(db, ct);
        return true;
    }

    /// <summary>In the transaction of a change that settings depend on: every host reads anew.</summary>
    public async Task TouchAsync(Db db, CancellationToken ct)
    {
        await db.ExecuteAsync("UPDATE kernel_setting_stamp SET value = value + 1 WHERE name = 'settings'", null, ct);
        db.OnCommitted(Drop);
    }

    private Snapshot Now => kept ?? First();

    // rare: at start, and once after a change on this host
    private Snapshot First()
    {
        lock (sync)
            return kept ??= Task.Run(async () =>
                {
                    await using var db = new Db(database);
                    return await LoadAsync(db, CancellationToken.None);
                })
                .GetAwaiter()
                .GetResult();
    }

    private static Task<long> StampAsync(Db db, CancellationToken ct) =>
        db.ScalarAsync<long>("SELECT value FROM kernel_setting_stamp WHERE name = 'settings'", null, ct);

    private async Task<Snapshot> LoadAsync(Db db, CancellationToken ct)
    {
        // the stamp first: what is committed while the rest is read is read once more
        var stamp = await StampAsync(db, ct);
        var rows = await db.QueryAsync<VersionRow>(
            "SELECT setting_key, court_id, version, inherits, body, effective_at FROM kernel_setting_version WHERE state = 'set'",
            null,
            ct
        );
        return new Snapshot(stamp, catalogue, rows, await tree.LoadAsync(db, ct));
    }

    private sealed class Snapshot
    {
        private readonly FrozenDictionary<(string Key, long Court), Entry[]> versions;
        private readonly FrozenDictionary<long, long[]> chains;

        public Snapshot(long stamp, SettingCatalogue catalogue, IReadOnlyList<VersionRow> rows, IReadOnlyList<SettingCourt> courts)
        {
            Stamp = stamp;
            Courts = courts.ToFrozenDictionary(c => c.Id);
            // newest first; where two begin at one instant the later version counts
            versions = rows.Where(r => catalogue.Find(r.SettingKey) is not null)
                .GroupBy(r => (r.SettingKey, r.CourtId))
                .ToFrozenDictionary(
                    g => g.Key,
                    g =>
                        g.OrderByDescending(r => r.EffectiveAt)
                            .ThenByDescending(r => r.Version)
                            .Select(r => new Entry(catalogue.Find(r.SettingKey)!, r))
                            .ToArray()
                );
            chains = courts.ToFrozenDictionary(c => c.Id, c => Walk(c.Id));
        }

        public long Stamp { get; }

        public FrozenDictionary<long, SettingCourt> Courts { get; }

        public long[] Chain(long court) => chains.GetValueOrDefault(court) ?? [0];

        public (object, SettingSource) Find(SettingDefinition setting, long court, DateTimeOffset at)
        {
            foreach (var c in Chain(court))
                if (versions.TryGetValue((setting.Key, c), out var all) && Array.Find(all, e => e.Row.EffectiveAt <= at) is { Row.Inherits: false } entry)
                    return (entry.Value, new SettingSource(c, entry.Row.Version));
            return (setting.DefaultValue, SettingSource.Default);
        }

        public object Version(SettingDefinition setting, long court, int version) =>
            versions.TryGetValue((setting.Key, court), out var all) && Array.Find(all, e => e.Row.Version == version) is { } entry
                ? entry.Value
                : throw new InvalidOperationException($"{setting.Key} has no version {version} in {court}.");

        // a ring in the data ends where it began
        private long[] Walk(long court)
        {
            var all = new List<long>();
            for (long? at = court; at is { } c && !all.Contains(c) && Courts.TryGetValue(c, out var row); at = row.MergedInto ?? row.ParentId)
                if (row.MergedInto is null)
                    all.Add(c);
            return [.. all, 0];
        }
    }

    private sealed class Entry(SettingDefinition setting, VersionRow row)
    {
        private object? value;

        public VersionRow Row { get; } = row;

        public object Value => value ??= setting.Read(Row.Body);
    }
}
