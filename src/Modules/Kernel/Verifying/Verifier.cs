using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using Microsoft.Extensions.Logging;

namespace CourtOps.Kernel.Verifying;

/// <summary>Runs every check and keeps when, and how much was found.</summary>
public sealed class Verifier(IEnumerable<ICheck> checks, Db db, TimeProvider clock)
{
    /// <summary>The findings of every check, by its name.</summary>
    public async Task<IReadOnlyList<(string Check, IReadOnlyList<Finding> Findings)>> RunAsync(CancellationToken ct)
    {
        var all = new List<(string, IReadOnlyList<Finding>)>();
        foreach (var check in checks)
        {
            var found = new List<Finding>();
            await foreach (var finding in check.RunAsync(ct))
                found.Add(finding);
            all.Add((check.Name, found));
        }
        await db.BeginAsync(ct);
        foreach (var (name, found) in all)
        {
            var row = new
            {
                name,
                at = clock.GetUtcNow(),
                findings = found.Count,
                detail = System.Text.Json.JsonSerializer.Serialize(found.Take(50), Messaging.Json.Stored),
            };
            if (await db.ExecuteAsync("UPDATE kernel_check SET at = @at, findings = @findings, detail = @detail WHERE name = @name", row, ct) == 0)
                await db.ExecuteAsync("INSERT INTO kernel_check (name, at, findings, detail) VALUES (@name, @at, @findings, @detail)", row, ct);
        }
        await db.CommitAsync(ct);
        return all;
    }
}

/// <summary>Each night: what the verb verify does. What is found stands on the auditor's page and in the log.</summary>
public sealed class VerifyNightly(Verifier verifier, ILogger<VerifyNightly> log) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var finding in (await verifier.RunAsync(ct)).SelectMany(c => c.Findings))
            log.LogError("verify: {Check} {Where}: {What}", finding.Check, finding.Where, finding.What);
    }
}
