using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Kernel.Audit;

/// <summary>
/// The record of who did what, in the transaction of the change. A handler names object and facts; a refused or failed
/// command is recorded in a transaction of its own.
/// </summary>
public sealed class AuditTrail(Db db, Ids ids, TimeProvider clock, Actor actor)
{
    private readonly List<(string Type, string Id, object? Facts)> noted = [];

    /// <summary>Names the object of the command that is running and the facts worth keeping. Never ids of persons in clear, never contents.</summary>
    public void Note(string objectType, object objectId, object? facts = null) => noted.Add((objectType, $"{objectId}", facts));

    /// <summary>Where the notes stand, to return to when a savepoint is undone.</summary>
    public int Mark() => noted.Count;

    /// <summary>Drops what was noted since: it was undone.</summary>
    public void ForgetSince(int mark) => noted.RemoveRange(mark, noted.Count - mark);

    internal void Forget() => noted.Clear();

    internal async Task WriteDoneAsync(Type request, CancellationToken ct)
    {
        foreach (var (type, id, facts) in noted.Count > 0 ? noted : [("", "", null)])
            await WriteAsync(db, request, type, id, "done", facts, ct);
        noted.Clear();
    }

    internal async Task WriteFailedAsync(Db target, Type request, Exception e)
    {
        var result = e switch
        {
            Forbidden => "forbidden",
            Conflict => "conflict",
            RuleBroken or FluentValidation.ValidationException => "refused",
            NotFound => "not-found",
            _ => "failed",
        };
        try
        {
            await target.BeginAsync();
            foreach (var (type, id, _) in noted.Count > 0 ? noted : [("", "", null)])
                await WriteAsync(target, request, type, id, result, new { reason = e.Message }, CancellationToken.None);
            await target.CommitAsync();
        }
        catch (Exception second) when (second is System.Data.Common.DbException)
        {
            await target.RollbackAsync(); // the first failure is the one to report
        }
        noted.Clear();
    }

    /// <summary>An entry outside a command, inside an open transaction: sign-in, reading of a file, a verb.</summary>
    public Task WriteAsync(string action, string objectType, object objectId, string result, object? facts, CancellationToken ct) =>
        InsertAsync(db, action, objectType, $"{objectId}", result, facts, ct);

    private Task WriteAsync(Db target, Type request, string type, string id, string result, object? facts, CancellationToken ct) =>
        InsertAsync(target, NameOf(request), type, id, result, facts, ct);

    private async Task InsertAsync(Db target, string action, string type, string id, string result, object? facts, CancellationToken ct)
    {
        var at = clock.GetUtcNow();
        at = new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        var detail = facts is null ? "{}" : JsonSerializer.Serialize(facts, Json.Stored);
        var rowId = ids.Next();
        await target.ExecuteAsync(
            """
            INSERT INTO kernel_audit (id, at, actor_id, actor, address, action, object_type, object_id, result, detail, digest)
            VALUES (@rowId, @at, @actorId, @name, @address, @action, @type, @id, @result, @detail, @digest)
            """,
            new { rowId, at, actorId = actor.Id, name = actor.Login, address = actor.Address, action, type, id, result, detail, digest = Digest(rowId, at, actor.Id, action, type, id, result, detail) }, ct);
    }

    /// <summary>The digest of one entry, recomputed by verify.</summary>
    public static string Digest(long rowId, DateTimeOffset at, long actorId, string action, string type, string id, string result, string detail) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', rowId, at.ToUnixTimeMilliseconds(), actorId, action, type, id, result, detail))));

    // "CourtOps.Workzone.Pages.Orders.Accept+Command" → "Workzone.Orders.Accept"
    private static string NameOf(Type request)
    {
        var type = request.DeclaringType is { } outer && request.Name is "Command" or "Query" ? request.DeclaringType! : request;
        return (type.FullName ?? type.Name).Replace("CourtOps.", "", StringComparison.Ordinal).Replace("Pages.", "", StringComparison.Ordinal).Replace('+', '.');
    }
}

/// <summary>Keeps what a rule decided, with its input: explanation, dry run and audit all read this.</summary>
public sealed class Decisions(Db db, Ids ids, TimeProvider clock)
{
    public Task RecordAsync(string name, string settingsVersion, object input, object outcome, string ruleFired, long? caseId, CancellationToken ct = default) =>
        db.ExecuteAsync(
            "INSERT INTO kernel_decision (id, name, settings_version, input, outcome, rule_fired, case_id, at) VALUES (@id, @name, @settingsVersion, @input, @outcome, @ruleFired, @caseId, @at)",
            new { id = ids.Next(), name, settingsVersion, input = JsonSerializer.Serialize(input, Json.Stored), outcome = JsonSerializer.Serialize(outcome, Json.Stored), ruleFired, caseId, at = clock.GetUtcNow() }, ct);
}
