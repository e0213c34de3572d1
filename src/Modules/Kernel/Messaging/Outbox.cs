using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using CourtOps.Kernel.Data;
using MediatR;

namespace CourtOps.Kernel.Messaging;

/// <summary>Which notifications exist, under which stored name, and which reactions hear them.</summary>
public sealed class Subscriptions
{
    private readonly FrozenDictionary<Type, (string Name, int Version)> names;
    private readonly FrozenDictionary<string, Type> types;
    private readonly FrozenDictionary<string, IReadOnlyList<Reaction>> hearers;

    public Subscriptions(IEnumerable<(Type Type, string Name, int Version)> events, IEnumerable<Reaction> reactions)
    {
        var all = events.ToList();
        names = all.ToFrozenDictionary(e => e.Type, e => (e.Name, e.Version));
        types = all.ToFrozenDictionary(e => Stored(e.Name, e.Version), e => e.Type);
        Reactions = [.. reactions];
        var twice = Reactions.GroupBy(r => r.Name).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new InvalidOperationException($"Two reactions are called {twice.Key}.");
        hearers = all.ToFrozenDictionary(e => Stored(e.Name, e.Version), e => (IReadOnlyList<Reaction>)[.. Reactions.Where(r => r.Event == e.Type)]);
    }

    public IReadOnlyList<Reaction> Reactions { get; }

    public (string Name, int Version) NameOf(Type type) =>
        names.TryGetValue(type, out var n) ? n : throw new InvalidOperationException($"{type.Name} is no declared notification.");

    public IReadOnlyList<Reaction> Hearers(string name, int version) => hearers.TryGetValue(Stored(name, version), out var r) ? r : [];

    public Type? TypeOf(string name, int version) => types.GetValueOrDefault(Stored(name, version));

    public Reaction? Find(string reaction) => Reactions.FirstOrDefault(r => r.Name == reaction);

    private static string Stored(string name, int version) => $"{name}/{version}";
}

/// <summary>One handler of one notification: "cataloguing.WhenDocumentServed".</summary>
public sealed record Reaction(string Name, Type Event, Type Handler)
{
    private readonly MethodInfo handle = typeof(INotificationHandler<>).MakeGenericType(Event).GetMethod("Handle")!;

    public Task RunAsync(object handler, object notification, CancellationToken ct)
    {
        try
        {
            return (Task)handle.Invoke(handler, [notification, ct])!;
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.InnerException).Throw();
            throw;
        }
    }
}

/// <summary>
/// Where notifications are published: rows in the transaction of the change. Each gets the next number of its key
/// (the case, or the aggregate where there is none) and one delivery per reaction; the relay does the rest.
/// </summary>
public sealed class Outbox(Db db, Ids ids, TimeProvider clock, Subscriptions subscriptions, RelaySignal signal)
{
    public async Task AddAsync(string key, INotification notification, CancellationToken ct = default)
    {
        var (name, version) = subscriptions.NameOf(notification.GetType());
        var hearers = subscriptions.Hearers(name, version);
        var seq = await NextAsync(key, ct);
        var id = ids.Next();
        var now = clock.GetUtcNow();
        await db.ExecuteAsync(
            "INSERT INTO kernel_outbox (id, event_key, seq, name, version, body, created_at, deliveries) VALUES (@id, @key, @seq, @name, @version, "
                + "@body, @now, @deliveries)",
            new
            {
                id,
                key,
                seq,
                name,
                version,
                body = JsonSerializer.Serialize(notification, notification.GetType(), Json.Stored),
                now,
                deliveries = hearers.Count,
            },
            ct
        );
        foreach (var reaction in hearers)
            await db.ExecuteAsync(
                "INSERT INTO kernel_delivery (outbox_id, reaction, event_key, seq, state) VALUES (@id, @reaction, @key, @seq, 'pending')",
                new
                {
                    id,
                    reaction = reaction.Name,
                    key,
                    seq,
                },
                ct
            );
        db.OnCommitted(signal.Wake);
    }

    /// <summary>What was published of one kind under some keys, for checks.</summary>
    public async Task<IReadOnlyList<T>> PublishedAsync<T>(IReadOnlyCollection<string> keys, CancellationToken ct = default)
        where T : INotification
    {
        if (keys.Count == 0)
            return [];
        var (name, version) = subscriptions.NameOf(typeof(T));
        return
        [
            .. (
                await db.QueryAsync<string>(
                    "SELECT body FROM kernel_outbox WHERE event_key IN @keys AND name = @name AND version = @version",
                    new
                    {
                        keys,
                        name,
                        version,
                    },
                    ct
                )
            ).Select(b => JsonSerializer.Deserialize<T>(b, Json.Stored)!),
        ];
    }

    // The update holds the row of the key until commit: numbers of one key follow the order of commits.
    private async Task<long> NextAsync(string key, CancellationToken ct)
    {
        const string next = "UPDATE kernel_outbox_key SET seq = seq + 1 WHERE event_key = @key";
        if (await db.ExecuteAsync(next, new { key }, ct) == 0)
        {
            try
            {
                await db.ExecuteAsync("INSERT INTO kernel_outbox_key (event_key, seq) VALUES (@key, 1)", new { key }, ct);
                return 1;
            }
            catch (Exception e) when (db.Dialect.IsDuplicate(e))
            {
                // another transaction began the key meanwhile
                await db.ExecuteAsync(next, new { key }, ct);
            }
        }
        return await db.ScalarAsync<long>("SELECT seq FROM kernel_outbox_key WHERE event_key = @key", new { key }, ct);
    }
}

/// <summary>Wakes the relay of this process when something was committed.</summary>
public sealed class RelaySignal : IDisposable
{
    private readonly SemaphoreSlim waiting = new(0, 1);

    public void Wake()
    {
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
