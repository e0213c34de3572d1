using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;

namespace CourtOps.Workzone.Rights;

/// <summary>What is kept of passwords: whoever changes it past the product can sign in as somebody else.</summary>
internal sealed class PasswordFacts(Db db) : IFactSource
{
    public const string Of = "person-password";

    public string Kind => Of;

    public static string DigestOf(string? hash) => FactRecord.Digest(hash);

    public async Task<IReadOnlyList<Fact>> PageAsync(long after, int count, CancellationToken ct) =>
        [
            .. (
                await db.PageAsync<Row>(
                    "SELECT id, login, password_hash, password_changed_at FROM workzone_person WHERE id > @after ORDER BY id",
                    new { after },
                    count,
                    ct
                )
            ).Select(Read),
        ];

    public async Task<IReadOnlyList<Fact>> OfAsync(IReadOnlyCollection<long> ids, CancellationToken ct) =>
        [
            .. (await db.QueryAsync<Row>("SELECT id, login, password_hash, password_changed_at FROM workzone_person WHERE id IN @ids", new { ids }, ct)).Select(
                Read
            ),
        ];

    // somebody without a password has nothing that could be changed unseen, until there is an entry
    private static Fact Read(Row r) =>
        new(
            r.Id,
            $"person {r.Id} password",
            DigestOf(r.PasswordHash),
            r.PasswordHash is null ? DateTimeOffset.MinValue : r.PasswordChangedAt ?? DateTimeOffset.MinValue
        );

    private sealed record Row
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string? PasswordHash { get; init; }
        public DateTimeOffset? PasswordChangedAt { get; init; }
    }
}

/// <summary>The versions of the sign-in policy.</summary>
internal sealed class PolicyFacts(Db db) : IFactSource
{
    public const string Of = "sign-in-policy";

    public string Kind => Of;

    public static string DigestOf(string body) => FactRecord.Digest(body);

    public async Task<IReadOnlyList<Fact>> PageAsync(long after, int count, CancellationToken ct) =>
        [
            .. (
                await db.PageAsync<Row>(
                    "SELECT version, body, changed_at FROM workzone_policy WHERE version > @after ORDER BY version",
                    new { after },
                    count,
                    ct
                )
            ).Select(Read),
        ];

    public async Task<IReadOnlyList<Fact>> OfAsync(IReadOnlyCollection<long> ids, CancellationToken ct) =>
        [.. (await db.QueryAsync<Row>("SELECT version, body, changed_at FROM workzone_policy WHERE version IN @ids", new { ids }, ct)).Select(Read)];

    private static Fact Read(Row r) => new(r.Version, $"sign-in policy, version {r.Version}", DigestOf(r.Body), r.ChangedAt);

    private sealed record Row
    {
        public int Version { get; init; }
        public string Body { get; init; } = "";
        public DateTimeOffset ChangedAt { get; init; }
    }
}
