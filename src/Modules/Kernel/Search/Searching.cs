using CourtOps.Kernel.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CourtOps.Kernel.Search;

/// <summary>One thing that can be found: its id, the words it is found by, the number whose fragments are found.</summary>
public sealed record SearchDocument(long Id, string Text, string Number);

/// <summary>What a module lets be found in one area ("case", "order"). Who may see a hit is the module's own question.</summary>
public interface ISearchSource
{
    /// <summary>Lower-case Latin letters; the name of the part of the index.</summary>
    string Area { get; }

    /// <summary>The documents of these ids; one that is gone is left out.</summary>
    Task<IReadOnlyList<SearchDocument>> LoadAsync(IReadOnlyList<long> ids, CancellationToken ct);

    /// <summary>The documents after an id, in the order of ids.</summary>
    Task<IReadOnlyList<SearchDocument>> NextAsync(long after, int take, CancellationToken ct);
}

/// <summary>Notes in the transaction of a change that something is to be indexed anew.</summary>
public sealed class SearchChanges(Db db, Ids ids, SearchSignal signal)
{
    public Task AddAsync(string area, long objectId, CancellationToken ct = default) => AddManyAsync(area, [objectId], ct);

    public async Task AddManyAsync(string area, IReadOnlyCollection<long> objectIds, CancellationToken ct = default)
    {
        await db.ExecuteManyAsync(
            "INSERT INTO kernel_search_change (id, area, object_id) VALUES (@id, @area, @objectId)",
            [
                .. objectIds.Select(o =>
                    (object)
                        new
                        {
                            id = ids.Next(),
                            area,
                            objectId = o,
                        }
                ),
            ],
            ct
        );
        db.OnCommitted(signal.Wake);
    }
}

/// <summary>Wakes the feeder of this process.</summary>
public sealed class SearchSignal : IDisposable
{
    private readonly SemaphoreSlim waiting = new(0, 1);

    public void Wake()
    {
        if (waiting.CurrentCount > 0)
            return;
        try
        {
            waiting.Release();
        }
        catch (SemaphoreFullException)
        {
            // it is awake already
        }
    }

    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken ct) => waiting.WaitAsync(atMost, ct);

    public void Dispose() => waiting.Dispose();
}

/// <summary>
/// Keeps this host's index up with the database. Changes are read again for a minute after they were seen: on a server with
/// several hosts a lower id may be committed after a higher one.
/// </summary>
public sealed class SearchFeeder(IServiceScopeFactory scopes, SearchIndex index, TimeProvider clock, ILogger<SearchFeeder> log) : IDisposable
{
    private const int Chunk = 500;
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly Dictionary<long, DateTimeOffset> seen = [];
    private DateTimeOffset pruned;

    public void Dispose() => one.Dispose();

    /// <summary>Indexes what has changed; builds the index anew when there is none. Returns how many documents were written.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            var position = await index.PositionAsync(ct);
            if (position is null || await IsBehindAsync(position.Value, ct))
                return await BuildAsync(ct);
            return await FollowAsync(position.Value, ct);
        }
        catch (Exception e) when (SearchIndex.IsBroken(e))
        {
            log.LogWarning(e, "The search index is damaged and will be built again");
            await index.DropAsync(ct);
            return await BuildAsync(ct);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Throws the index away and builds it from the database.</summary>
    public async Task<int> RebuildAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            return await BuildAsync(ct);
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<int> BuildAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var sources = scope.ServiceProvider.GetServices<ISearchSource>().ToList();
        // before the first document is read: what changes meanwhile comes after it
        var position = await db.ScalarAsync<long?>("SELECT MAX(id) FROM kernel_search_change", ct: ct) ?? 0;
        await index.ClearAsync([.. sources.Select(s => s.Area)], ct);
        seen.Clear();
        var count = 0;
        foreach (var source in sources)
            for (var after = 0L; ; )
            {
                var page = await source.NextAsync(after, 2000, ct);
                if (page.Count == 0)
                    break;
                await index.WriteAsync(source.Area, page, [], ct);
                count += page.Count;
                after = page[^1].Id;
            }
        await index.MoveAsync(position, ct);
        return count;
    }

    private async Task<int> FollowAsync(long position, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var sources = scope.ServiceProvider.GetServices<ISearchSource>().ToDictionary(s => s.Area);
        var now = clock.GetUtcNow();
        foreach (var old in seen.Where(s => s.Value < now - (Again * 2)).Select(s => s.Key).ToList())
            seen.Remove(old);
        var from = Math.Max(0, Math.Min(position, Ids.At(now - Again)));
        var count = 0;
        for (; ; )
        {
            var changes = await db.PageAsync<Change>(
                "SELECT id, area, object_id FROM kernel_search_change WHERE id > @from ORDER BY id",
                new { from },
                Chunk,
                ct
            );
            if (changes.Count == 0)
                break;
            from = changes[^1].Id;
            var fresh = changes.Where(c => !seen.ContainsKey(c.Id)).ToList();
            foreach (var area in fresh.GroupBy(c => c.Area).Where(g => sources.ContainsKey(g.Key)))
            {
                var wanted = area.Select(c => c.ObjectId).Distinct().ToList();
                var documents = await sources[area.Key].LoadAsync(wanted, ct);
                await index.WriteAsync(area.Key, documents, [.. wanted.Except(documents.Select(d => d.Id))], ct);
                count += wanted.Count;
            }
            foreach (var change in fresh)
                seen[change.Id] = now;
            if (from > position)
                await index.MoveAsync(position = from, ct);
            if (changes.Count < Chunk)
                break;
        }
        await PruneAsync(db, now, ct);
        return count;
    }

    // an index that was away longer than changes are kept has missed some
    private async Task<bool> IsBehindAsync(long position, CancellationToken ct)
    {
        if (position >= Ids.At(clock.GetUtcNow() - Kept))
            return false;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var first = await db.ScalarAsync<long?>("SELECT MIN(id) FROM kernel_search_change", ct: ct);
        return first is { } f && f > position && position > 0;
    }

    private async Task PruneAsync(Db db, DateTimeOffset now, CancellationToken ct)
    {
        if (now - pruned < TimeSpan.FromHours(1))
            return;
        pruned = now;
        var old = Ids.At(now - Kept);
        if (await db.ScalarAsync<long?>("SELECT MIN(id) FROM kernel_search_change", ct: ct) is not { } first || first >= old)
            return;
        await db.BeginAsync(ct);
        await db.ExecuteAsync("DELETE FROM kernel_search_change WHERE id < @old", new { old }, ct);
        await db.CommitAsync(ct);
    }

    private sealed record Change
    {
        public long Id { get; init; }
        public string Area { get; init; } = "";
        public long ObjectId { get; init; }
    }
}
