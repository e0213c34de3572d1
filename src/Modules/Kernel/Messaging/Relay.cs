using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CourtOps.Kernel.Messaging;

/// <summary>
/// Delivers each notification to each reaction, strictly by number within (reaction, key), exactly once in effect:
/// the delivery row is marked done in the transaction of the reaction. A failing reaction blocks only its own key.
/// </summary>
public sealed class Relay(IServiceScopeFactory scopes, Subscriptions subscriptions, TimeProvider clock, ILogger<Relay> log)
{
    /// <summary>After so many failures a delivery is parked and waits for an administrator.</summary>
    public const int MaxAttempts = 8;

    private const int BatchSize = 256;

    /// <summary>Deliveries share a commit for so long at most: the write lock is everybody's.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(150);

    /// <summary>Delivers what is due. Returns how many were delivered; 0 means there is nothing to do now.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        // Deliveries to a module that is not here wait, and must not fill the batch. CONCAT keeps the walk along outbox_id.
        IReadOnlyList<Head> heads;
        await using (var scope = scopes.CreateAsyncScope())
            heads = await scope
                .ServiceProvider.GetRequiredService<Db>()
                .PageAsync<Head>(
                    """
                    SELECT d.reaction, d.event_key, d.outbox_id
                    FROM kernel_delivery d
                    WHERE d.state = 'pending' AND CONCAT(d.reaction, '') IN @known
                      AND NOT EXISTS (SELECT 1 FROM kernel_block b WHERE b.reaction = d.reaction AND b.event_key = d.event_key AND b.until > @now)
                    ORDER BY d.outbox_id
                    """,
                    new { now = clock.GetUtcNow(), known = subscriptions.Reactions.Select(r => r.Name) },
                    BatchSize,
                    ct
                );
        var delivered = 0;
        foreach (var group in heads.GroupBy(h => h.Reaction))
            delivered += await DeliverAsync(group.Key, [.. group.Select(h => h.EventKey).Distinct()], ct);
        return delivered;
    }

    private async Task<int> DeliverAsync(string name, IReadOnlyList<string> keys, CancellationToken ct)
    {
        var reaction = subscriptions.Find(name);
        if (reaction is null)
        {
            log.LogWarning("No module here hears {Reaction}; its deliveries wait", name);
            return 0;
        }
        await using var outer = scopes.CreateAsyncScope();
        var db = outer.ServiceProvider.GetRequiredService<Db>();
        await db.BeginAsync(ct);
        var began = clock.GetTimestamp();
        var delivered = 0;
        foreach (var key in keys)
        {
            if (clock.GetElapsedTime(began) >= Longest)
                break; // the rest comes with the next commit
            var rows = await db.PageAsync<Delivery>(
                """
                SELECT d.outbox_id, d.seq, o.name, o.version, o.body
                FROM kernel_delivery d
                JOIN kernel_outbox o ON o.id = d.outbox_id
                WHERE d.reaction = @name AND d.event_key = @key AND d.state = 'pending'
                ORDER BY d.seq
                """,
                new { name, key },
                64,
                ct
            );
            foreach (var row in rows)
            {
                if (clock.GetElapsedTime(began) >= Longest)
                    break;
                try
                {
                    await db.SavepointAsync(() => ReactAsync(reaction, row, db, ct));
                    delivered++;
                }
                catch (Exception e) when (e is not OperationCanceledException && !db.Dialect.IsTransient(e) && !db.IsLost)
                {
                    await BlockAsync(db, reaction, key, row, e, ct);
                    break;
                }
            }
        }
        await db.CommitAsync(CancellationToken.None);
        return delivered;
    }

    private async Task ReactAsync(Reaction reaction, Delivery row, Db db, CancellationToken ct)
    {
        var marked = await db.ExecuteAsync(
            "UPDATE kernel_delivery SET state = 'done', done_at = @now WHERE outbox_id = @OutboxId AND reaction = @reaction AND state = 'pending'",
            new
            {
                row.OutboxId,
                reaction = reaction.Name,
                now = clock.GetUtcNow(),
            },
            ct
        );
        if (marked == 0)
            return;
        var type = subscriptions.TypeOf(row.Name, row.Version) ?? throw new InvalidOperationException($"Unknown notification {row.Name}/{row.Version}.");
        var notification = JsonSerializer.Deserialize(row.Body, type, Json.Stored)!;
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Db>().Join(db);
        scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem(reaction.Name);
        await reaction.RunAsync(scope.ServiceProvider.GetRequiredService(reaction.Handler), notification, ct);
        await db.ExecuteAsync(
            "DELETE FROM kernel_block WHERE reaction = @reaction AND event_key = (SELECT event_key FROM kernel_outbox WHERE id = @OutboxId)",
            new { reaction = reaction.Name, row.OutboxId },
            ct
        );
    }

    private async Task BlockAsync(Db db, Reaction reaction, string key, Delivery row, Exception e, CancellationToken ct)
    {
        log.LogError(e, "{Reaction} failed on {Event} of {Key}", reaction.Name, row.Name, key);
        var now = clock.GetUtcNow();
        var attempts =
            1
            + (
                await db.FirstAsync<int?>(
                    "SELECT attempts FROM kernel_block WHERE reaction = @reaction AND event_key = @key",
                    new { reaction = reaction.Name, key },
                    ct
                ) ?? 0
            );
        var parked = attempts >= MaxAttempts;
        var until = parked ? DateTimeOffset.MaxValue.AddDays(-1) : now.AddSeconds(Math.Pow(2, attempts) - 1);
        var args = new
        {
            reaction = reaction.Name,
            key,
            row.OutboxId,
            attempts,
            parked,
            until,
            now,
            error = e.Message.Length > 1000 ? e.Message[..1000] : e.Message,
        };
        if (
            await db.ExecuteAsync(
                "UPDATE kernel_block SET outbox_id = @OutboxId, attempts = @attempts, parked = @parked, until = @until, error = @error WHERE reaction "
                    + "= @reaction AND event_key = @key",
                args,
                ct
            ) == 0
        )
            await db.ExecuteAsync(
                "INSERT INTO kernel_block (reaction, event_key, outbox_id, attempts, parked, until, error, since) VALUES (@reaction, @key, @OutboxId, "
                    + "@attempts, @parked, @until, @error, @now)",
                args,
                ct
            );
    }

    private sealed record Head
    {
        public string Reaction { get; init; } = "";
        public string EventKey { get; init; } = "";
        public long OutboxId { get; init; }
    }

    private sealed record Delivery
    {
        public long OutboxId { get; init; }
        public long Seq { get; init; }
        public string Name { get; init; } = "";
        public int Version { get; init; }
        public string Body { get; init; } = "";
    }
}
