using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;

namespace CourtOps.Kernel.Messaging;

/// <summary>Tells whether what a person may see has become less since an answer was given.</summary>
public interface IStanding
{
    /// <summary>Whether the actor was shut out of something since then.</summary>
    Task<bool> ShrankSinceAsync(DateTimeOffset since, CancellationToken ct);
}

/// <summary>
/// The Idempotency-Key of an API post: the answer is kept in the command's own transaction, so that a repeated post,
/// also after a crash, gets the first answer and changes nothing.
/// </summary>
public sealed class Idempotency(Db db, Actor actor, TimeProvider clock, IEnumerable<IStanding> standing)
{
    /// <summary>How long an answer is kept; a repetition comes within seconds, at worst after a weekend.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromDays(7);

    private string? key;
    private string digest = "";
    private bool kept;

    /// <summary>Makes what the caller gets of the command's answer, where that is not the answer itself.</summary>
    public Func<object, Reply>? Shape { get; set; }

    /// <summary>Looks the key up. Null means: go on. A key used for something else is a <see cref="Conflict"/>.</summary>
    /// <param name="idempotencyKey">What the caller sent, 1 to 100 characters.</param>
    /// <param name="request">Everything the request says; the same key with other words is refused.</param>
    public async Task<Reply?> FindAsync(string idempotencyKey, string request, CancellationToken ct)
    {
        if (idempotencyKey.Length > 100)
            throw new RuleBroken("Idempotency-Key 最长 100 个字符。", "Idempotency-Key");
        key = idempotencyKey;
        // what was answered in one court is not answered again to a key of the same person in another
        digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor.CourtId}\n{request}")));
        var found = await db.FirstAsync<Row>(
            "SELECT digest, answer, status, location, version, created_at FROM kernel_idempotency WHERE person_id = @person AND idempotency_key = @key",
            new { person = actor.Id, key },
            ct
        );
        if (found is null)
            return null;
        if (found.Digest != digest)
            throw new Conflict("这个 Idempotency-Key 已用于内容不同的请求。");
        // what was answered may hold what this person may not see any more: it is not said again, and nothing is done twice
        foreach (var one in standing)
            if (await one.ShrankSinceAsync(found.CreatedAt, ct))
                throw new Conflict("这个请求已经办理过；此后您的权限有变化，原来的答复不再重复，请重新查询。");
        return new Reply(found.Answer, found.Status, found.Location, found.Version);
    }

    /// <summary>Forgets the answers that are older than <see cref="Age"/>. Returns how many.</summary>
    public async Task<int> CollectAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - Age;
        for (var gone = 0; ; )
        {
            var some = await db.PageAsync<Old>(
                "SELECT person_id, idempotency_key FROM kernel_idempotency WHERE created_at < @before ORDER BY created_at",
                new { before },
                1000,
                ct
            );
            if (some.Count == 0)
                return gone;
            await db.BeginAsync(ct);
            await db.ExecuteManyAsync("DELETE FROM kernel_idempotency WHERE person_id = @PersonId AND idempotency_key = @IdempotencyKey", some, ct);
            await db.CommitAsync(ct);
            gone += some.Count;
        }
    }

    /// <summary>The transaction in which the answer was kept was undone: the next one keeps it.</summary>
    internal void Undone() => kept = false;

    internal async Task KeepAsync<T>(T answer, CancellationToken ct)
    {
        if (key is null || kept)
            return;
        kept = true;
        var reply = Shape is { } shape && answer is not null ? shape(answer) : Reply.Of(answer);
        try
        {
            await db.ExecuteAsync(
                "INSERT INTO kernel_idempotency (person_id, idempotency_key, digest, answer, status, location, version, created_at) VALUES (@person, "
                    + "@key, @digest, @Json, @Status, @Location, @Version, @at)",
                new
                {
                    person = actor.Id,
                    key,
                    digest,
                    reply.Json,
                    reply.Status,
                    reply.Location,
                    reply.Version,
                    at = clock.GetUtcNow(),
                },
                ct
            );
        }
        catch (Exception e) when (db.Dialect.IsDuplicate(e))
        {
            throw new Conflict("同一个 Idempotency-Key 的请求正在办理，请稍后重试。");
        }
    }

    private sealed record Old
    {
        public long PersonId { get; init; }
        public string IdempotencyKey { get; init; } = "";
    }

    private sealed record Row
    {
        public string Digest { get; init; } = "";
        public string Answer { get; init; } = "";
        public int Status { get; init; }
        public string? Location { get; init; }
        public int? Version { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
    }
}
