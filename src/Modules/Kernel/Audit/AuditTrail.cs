using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Kernel.Audit;

/// <summary>
/// The record of who did what, in the transaction of the change. A handler names object and facts; a refused or failed
/// command is recorded in a transaction of its own.
/// </summary>
public sealed class AuditTrail(Db db, Ids ids, TimeProvider clock, Actor actor, Origin origin, ActivityCatalogue activities)
{
    private static readonly ConcurrentDictionary<Type, (PropertyInfo? Case, PropertyInfo? Reason)> Shapes = new();
    private readonly List<Noted> noted = [];

    /// <summary>
    /// Names the object of the command that is running and the facts worth keeping. Never ids of persons in clear, never contents.
    /// Case and reason are taken from facts and request (CaseId, Reason, Words) where they are not given. Refused is for a command that
    /// ends well with a no in its answer: a wrong password.
    /// </summary>
    /// <param name="courtId">Whose auditor sees it, where nobody is signed in yet; otherwise the court the person acts in.</param>
    public void Note(
        string objectType,
        object objectId,
        object? facts = null,
        long? caseId = null,
        string? reason = null,
        long? courtId = null,
        bool refused = false
    ) => noted.Add(new Noted(objectType, $"{objectId}", facts, caseId, reason, courtId, refused));

    /// <summary>Where the notes stand, to return to when a savepoint is undone.</summary>
    public int Mark() => noted.Count;

    /// <summary>Drops what was noted since: it was undone.</summary>
    public void ForgetSince(int mark) => noted.RemoveRange(mark, noted.Count - mark);

    internal void Forget() => noted.Clear();

    internal async Task WriteDoneAsync(object request, CancellationToken ct)
    {
        foreach (var note in noted.Count > 0 ? noted : [new Noted("", "", null, null, null, null)])
            await InsertAsync(db, activities.Of(request.GetType()), note, note.Refused ? "refused" : "done", note.Facts, request, ct);
        noted.Clear();
    }

    internal async Task WriteFailedAsync(Db target, object request, Exception e)
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
            foreach (var note in noted.Count > 0 ? noted : [new Noted("", "", null, null, null, null)])
                await InsertAsync(target, activities.Of(request.GetType()), note, result, new { reason = Why(e) }, request, CancellationToken.None);
            await target.CommitAsync();
        }
        catch (Exception second) when (second is System.Data.Common.DbException or InvalidOperationException)
        {
            await target.RollbackAsync(); // the first failure is the one to report
        }
        noted.Clear();
    }

    /// <summary>An entry outside a command, inside an open transaction: a verb, a job, an export.</summary>
    public Task WriteAsync(string activity, string objectType, object objectId, string result, object? facts, CancellationToken ct, string? reason = null) =>
        InsertAsync(db, activity, new Noted(objectType, $"{objectId}", facts, null, reason, null), result, facts, null, ct);

    private async Task InsertAsync(Db target, string activity, Noted note, string result, object? facts, object? request, CancellationToken ct)
    {
        var row = new AuditRow
        {
            Id = ids.Next(),
            At = clock.StoredNow(),
            ActorId = actor.Id,
            Actor = Cut(actor.Login, 80),
            PersonName = Cut(actor.Name, 80),
            Roles = Cut(string.Join(' ', actor.Roles), 300),
            Address = Cut(actor.Address, 60),
            Agent = origin.Agent,
            Session = actor.Channel,
            RequestId = Cut(origin.RequestId, 80),
            Action = activity,
            ObjectType = note.Type,
            ObjectId = Cut(note.Id, 60),
            CaseId = note.CaseId ?? CaseOf(note.Facts) ?? CaseOf(request),
            CourtId = note.CourtId ?? actor.CourtId,
            Result = result,
            Reason = Cut(note.Reason ?? ReasonOf(request), 4000),
            Detail = facts is null ? "{}" : JsonSerializer.Serialize(facts, Json.Stored),
        };
        await target.ExecuteAsync(
            """
            INSERT INTO kernel_audit (id, at, actor_id, actor, person_name, roles, address, agent, session, request_id, action, object_type, object_id, case_id,
                result, reason, detail, court_id, form, digest, seal)
            VALUES (@Id, @At, @ActorId, @Actor, @PersonName, @Roles, @Address, @Agent, @Session, @RequestId, @Action, @ObjectType, @ObjectId, @CaseId, @Result,
                @Reason, @Detail, @CourtId, @Form, @Digest, 0)
            """,
            row with
            {
                Digest = row.Compute(),
            },
            ct
        );
    }

    // which fields were wrong and how; what stood in them may be anything
    private static string Why(Exception e) =>
        e is FluentValidation.ValidationException v ? string.Join("; ", v.Errors.Take(20).Select(f => $"{f.PropertyName}: {f.ErrorCode}")) : e.Message;

    private static long? CaseOf(object? from) =>
        from is null ? null
        : ShapeOf(from.GetType()).Case?.GetValue(from) is long and > 0 and var id ? id
        : null;

    private static string ReasonOf(object? from) => from is null ? "" : ShapeOf(from.GetType()).Reason?.GetValue(from) as string ?? "";

    private static (PropertyInfo? Case, PropertyInfo? Reason) ShapeOf(Type type) =>
        Shapes.GetOrAdd(
            type,
            static t =>
            {
                var all = t.GetProperties(BindingFlags.Public | BindingFlags.Instance);
                return (
                    Array.Find(all, p => p.Name == "CaseId" && (p.PropertyType == typeof(long) || p.PropertyType == typeof(long?))),
                    Array.Find(all, p => p.Name == "Reason" && p.PropertyType == typeof(string))
                        ?? Array.Find(all, p => p.Name == "Words" && p.PropertyType == typeof(string))
                );
            }
        );

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    private sealed record Noted(string Type, string Id, object? Facts, long? CaseId, string? Reason, long? CourtId, bool Refused = false);
}
