using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Web;

/// <summary>
/// A form that was posted after its session had ended: what was typed is kept under encryption, shown again in the form to the same person, once signed in, for
/// <see cref="Age"/>, and deleted in the night that follows. Nothing of it is done by itself. Passwords, codes and files are not kept.
/// </summary>
public sealed class KeptForms(Db db, Secrets secrets, TimeProvider clock)
{
    /// <summary>The name in the address that leads back.</summary>
    public const string Name = "kept";

    /// <summary>How long a form is kept.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromHours(2);

    /// <summary>Characters of a form that are kept at most; longer ones are not.</summary>
    public const int Most = 256 * 1024;

    private static readonly string[] Never = ["__RequestVerificationToken", "password", "secret", "code", "totp", "token"];

    /// <param name="Action">Where the form was posted to: path and query.</param>
    public sealed record Kept(string Action, IReadOnlyDictionary<string, string[]> Fields);

    /// <summary>Keeps a posted form of a person. Null where there is nothing to keep or too much.</summary>
    public async Task<string?> KeepAsync(HttpRequest request, long personId, CancellationToken ct)
    {
        if (!request.HasFormContentType || request.ContentLength is null or > Most * 4)
            return null;
        var form = await request.ReadFormAsync(ct);
        var fields = form.Where(f => !Never.Any(n => f.Key.Contains(n, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(f => f.Key, f => f.Value.Select(v => v ?? "").ToArray());
        if (fields.Count == 0 || fields.Sum(f => f.Key.Length + f.Value.Sum(v => v.Length)) > Most)
            return null;
        var now = clock.GetUtcNow();
        var token = Secrets.NewToken();
        await db.BeginAsync(ct);
        await db.ExecuteAsync("DELETE FROM kernel_kept_form WHERE kept_at < @before OR person_id = @personId", new { before = now - Age, personId }, ct);
        await db.ExecuteAsync(
            "INSERT INTO kernel_kept_form (token_digest, person_id, fields_enc, kept_at) VALUES (@digest, @personId, @fields, @now)",
            new
            {
                digest = Secrets.Digest(token),
                personId,
                fields = secrets.Protect(JsonSerializer.Serialize(new Kept(request.Path + request.QueryString, fields), Json.Stored)),
                now,
            },
            ct
        );
        await db.CommitAsync(ct);
        return token;
    }

    /// <summary>What was kept under a token, as JSON, for the person who typed it; null for anybody else and after <see cref="Age"/>.</summary>
    public async Task<string?> FindAsync(string? token, long personId, CancellationToken ct)
    {
        if (token is not { Length: 32 })
            return null;
        var row = await db.FirstAsync<Row>(
            "SELECT person_id, fields_enc, kept_at FROM kernel_kept_form WHERE token_digest = @digest",
            new { digest = Secrets.Digest(token) },
            ct
        );
        return row is not null && row.PersonId == personId && row.KeptAt > clock.GetUtcNow() - Age ? secrets.Reveal(row.FieldsEnc) : null;
    }

    /// <summary>Forgets forms older than <see cref="Age"/>: nobody is shown them any more.</summary>
    public async Task CollectAsync(CancellationToken ct)
    {
        await db.BeginAsync(ct);
        await db.ExecuteAsync("DELETE FROM kernel_kept_form WHERE kept_at < @before", new { before = clock.GetUtcNow() - Age }, ct);
        await db.CommitAsync(ct);
    }

    private sealed record Row
    {
        public long PersonId { get; init; }
        public string FieldsEnc { get; init; } = "";
        public DateTimeOffset KeptAt { get; init; }
    }
}
