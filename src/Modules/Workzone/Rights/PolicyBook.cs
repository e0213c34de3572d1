using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;

namespace CourtOps.Workzone.Rights;

/// <summary>The sign-in policy in force, kept for a few seconds.</summary>
internal sealed class PolicyCache
{
    // one reference, read once: what another thread clears or replaces is never seen by halves
    private volatile Entry? kept;

    public (SignInPolicy Policy, int Version)? Get(DateTimeOffset now) => kept is { } k && k.Until > now ? (k.Policy, k.Version) : null;

    public void Put(SignInPolicy policy, int version, DateTimeOffset until) => kept = new Entry(policy, version, until);

    public void Clear() => kept = null;

    private sealed record Entry(SignInPolicy Policy, int Version, DateTimeOffset Until);
}

/// <summary>Versions of the sign-in policy; the newest counts, the defaults before the first.</summary>
internal sealed class PolicyBook(Db db, TimeProvider clock, PolicyCache cache, FactRecord facts)
{
    public async Task<SignInPolicy> CurrentAsync(CancellationToken ct) => (await WithVersionAsync(ct)).Policy;

    public async Task<(SignInPolicy Policy, int Version)> WithVersionAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (cache.Get(now) is { } kept)
            return kept;
        var row = await db.FirstAsync<Row>("SELECT version, body FROM workzone_policy WHERE version = (SELECT MAX(version) FROM workzone_policy)", null, ct);
        var policy = row is null ? new SignInPolicy() : JsonSerializer.Deserialize<SignInPolicy>(row.Body, Json.Stored)!;
        cache.Put(policy, row?.Version ?? 0, now.AddSeconds(5));
        return (policy, row?.Version ?? 0);
    }

    /// <summary>Writes the next version, in the command's transaction.</summary>
    public async Task SaveAsync(SignInPolicy policy, string reason, string by, string confirmedBy, CancellationToken ct)
    {
        if (policy.WhyNot() is { } why)
            throw new RuleBroken(why, "policy");
        var version = 1 + await db.ScalarAsync<int>("SELECT COALESCE(MAX(version), 0) FROM workzone_policy", null, ct);
        var body = JsonSerializer.Serialize(policy, Json.Stored);
        await db.ExecuteAsync(
            "INSERT INTO workzone_policy (version, body, reason, changed_at, changed_by, confirmed_by) VALUES (@version, @body, @reason, @now, @by, "
                + "@confirmedBy)",
            new
            {
                version,
                body,
                reason,
                now = clock.GetUtcNow(),
                by,
                confirmedBy,
            },
            ct
        );
        await facts.KeepAsync(PolicyFacts.Of, version, PolicyFacts.DigestOf(body), ct);
        db.OnCommitted(cache.Clear);
    }

    private sealed record Row
    {
        public int Version { get; init; }
        public string Body { get; init; } = "";
    }
}

/// <summary>By the console, the demonstration or a test: everybody else asks and another decides.</summary>
[Permit(PermitAttribute.System)]
[Audited("workzone.policy.set")]
public sealed record SetPolicy : ICommand
{
    public required SignInPolicy Policy { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(PolicyBook book, Kernel.Audit.AuditTrail audit) : CommandHandler<SetPolicy>
    {
        protected override async Task RunAsync(SetPolicy command, CancellationToken ct)
        {
            await book.SaveAsync(command.Policy, command.Reason, "system", "system", ct);
            audit.Note("policy", "sign-in", command.Policy);
        }
    }
}
