using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;

namespace CourtOps.Kernel.Messaging;

/// <summary>
/// The Idempotency-Key of an API post: the answer is kept in the command's own transaction, so that a repeated post,
/// also after a crash, gets the first answer and changes nothing.
/// </summary>
public sealed class Idempotency(Actor actor, TimeProvider clock)
{
    /// <summary>Makes what the caller gets of the command's answer, where the endpoint answers otherwise; a repetition gets the same.</summary>
    public Func<object, object>? Shape { get; set; }

    private string? key;
    private string digest = "";
    private bool kept;

    /// <summary>Looks the key up. Null means: go on. A key used for another body is a <see cref="Conflict"/>.</summary>
    public async Task<string?> FindAsync(Db db, string idempotencyKey, string bodyDigest, CancellationToken ct)
    {
        if (idempotencyKey.Length > 100)
            throw new RuleBroken("Idempotency-Key 最长 100 个字符。", "Idempotency-Key");
        key = idempotencyKey;
        digest = bodyDigest;
        var found = await db.FirstAsync<Row>("SELECT digest, answer FROM kernel_idempotency WHERE person_id = @person AND idempotency_key = @key", new { person = actor.Id, key }, ct);
        if (found is null)
            return null;
        if (found.Digest != bodyDigest)
            throw new Conflict("这个 Idempotency-Key 已用于内容不同的请求。");
        return found.Answer;
    }

    internal async Task KeepAsync<T>(Db db, T answer, CancellationToken ct)
    {
        if (key is null || kept)
            return;
        kept = true;
        var shown = Shape is { } shape && answer is not null ? shape(answer) : answer;
        try
        {
            await db.ExecuteAsync(
                "INSERT INTO kernel_idempotency (person_id, idempotency_key, digest, answer, created_at) VALUES (@person, @key, @digest, @answer, @at)",
                new { person = actor.Id, key, digest, answer = JsonSerializer.Serialize(shown, shown?.GetType() ?? typeof(object), Json.Web), at = clock.GetUtcNow() }, ct);
        }
        catch (Exception e) when (db.Dialect.IsDuplicate(e))
        {
            throw new Conflict("同一个 Idempotency-Key 的请求正在办理，请稍后重试。");
        }
    }

    private sealed record Row
    {
        public string Digest { get; init; } = "";
        public string Answer { get; init; } = "";
    }
}
