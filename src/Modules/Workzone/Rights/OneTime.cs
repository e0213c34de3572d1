using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;

namespace CourtOps.Workzone.Rights;

/// <summary>
/// One-time passwords in two halves: whoever asked has the first, whoever confirmed the second. Neither can sign in as the person alone.
/// </summary>
internal sealed class OneTime(Db db, TimeProvider clock, Secrets secrets, Sessions sessions, PersonCache cache, FactRecord facts)
{
    public static readonly TimeSpan Lives = TimeSpan.FromHours(72);
    private readonly Dictionary<long, (string First, string Second, string Hash)> prepared = [];

    /// <summary>Two groups of four; no letters that look alike.</summary>
    public static string NewHalf()
    {
        const string letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";
        var text = new StringBuilder();
        for (var i = 0; i < 9; i++)
            text.Append(i is 4 ? '-' : letters[RandomNumberGenerator.GetInt32(letters.Length)]);
        return text.ToString();
    }

    public static string Whole(string first, string second) => first + "-" + second;

    /// <summary>Sealed until the second person decides.</summary>
    public string Seal(IReadOnlyDictionary<long, string> halves) => secrets.Protect(JsonSerializer.Serialize(halves, Json.Stored))!;

    public IReadOnlyDictionary<long, string> Unseal(string? stored) =>
        stored is null ? new Dictionary<long, string>() : JsonSerializer.Deserialize<Dictionary<long, string>>(secrets.Reveal(stored)!, Json.Stored)!;

    /// <summary>
    /// Makes the second halves and what is kept of the passwords beforehand. That takes a tenth of a second for each person on purpose, and would hold
    /// up every other writer inside a transaction: for a province for minutes.
    /// </summary>
    public void Prepare(IReadOnlyDictionary<long, string> halves, CancellationToken ct)
    {
        var made = halves
            .AsParallel()
            .WithCancellation(ct)
            .WithDegreeOfParallelism(Math.Max(1, Environment.ProcessorCount - 1))
            .Select(h => (Person: h.Key, First: h.Value, Second: NewHalf()))
            .Select(p => (p.Person, p.First, p.Second, Hash: Passwords.Hash(Whole(p.First, p.Second))));
        foreach (var (person, first, second, hash) in made)
            prepared[person] = (first, second, hash);
    }

    /// <summary>Sets the password made of both halves; it must be changed at the first sign-in and lapses after three days.</summary>
    /// <returns>The second half.</returns>
    public async Task<string> SetAsync(long personId, string first, CancellationToken ct)
    {
        var (second, hash) = prepared.Remove(personId, out var ready) && ready.First == first ? (ready.Second, ready.Hash) : Make(first);
        await db.ExecuteAsync(
            "UPDATE workzone_person SET password_hash = @hash, must_change = 1, failed = 0, locked_until = NULL, one_time_until = @until, stamp = "
                + "@stamp, version = version + 1 WHERE id = @personId",
            new
            {
                personId,
                hash,
                until = clock.GetUtcNow() + Lives,
                stamp = Secrets.NewToken(),
            },
            ct
        );
        await facts.KeepAsync(PasswordFacts.Of, personId, PasswordFacts.DigestOf(hash), ct);
        await sessions.EndAllAsync(personId, "password-reset", null, ct);
        db.OnCommitted(() => cache.Drop(personId));
        return second;
    }

    private static (string Second, string Hash) Make(string first)
    {
        var second = NewHalf();
        return (second, Passwords.Hash(Whole(first, second)));
    }
}
