using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Access;

/// <summary>
/// Collects what this request reads. Before the first byte of the answer leaves, the entries are durable: what was answered was
/// logged. What the program itself reads (jobs, reactions) is not logged.
/// </summary>
public sealed class AccessLog(AccessStore store, Actor actor, Origin origin, Ids ids, TimeProvider clock, AccessOptions options) : IDisposable
{
    private readonly List<Entry> entries = [];
    private bool waiting;

    /// <summary>One object was read.</summary>
    /// <param name="caseId">The case it belongs to, whose readers it counts among.</param>
    /// <param name="detail">What of it, in codes; never contents.</param>
    /// <param name="id">The number its row gets, where what is answered bears it.</param>
    public void Note(string activity, string objectType, object objectId, long? caseId = null, string? reason = null, object? detail = null, long? id = null) =>
        Add(new Entry(activity, objectType, $"{objectId}", caseId, 1, reason ?? "", detail, false, false, id));

    /// <summary>
    /// A guard let something pass. Kept only where nothing more exact is noted of the same case, and not where a change is
    /// answered without contents: shared code notes it, so that no page can forget.
    /// </summary>
    public void Passed(string activity, string objectType, object objectId, long? caseId) =>
        Add(new Entry(activity, objectType, $"{objectId}", caseId, 1, "", null, true, false));

    /// <summary>A list was shown: one entry with its filter and the number of rows.</summary>
    public void List(string activity, int rows, object filter, long? caseId = null) =>
        Add(new Entry(activity, "list", "", caseId, rows, "", filter, false, false));

    /// <summary>Something was asked for and refused.</summary>
    public void Refused(string objectType, object objectId, long? caseId = null)
    {
        if (actor.SignedIn)
            Add(new Entry(Refusal, objectType, $"{objectId}", caseId, 0, "", null, false, true));
    }

    /// <summary>The activity of refusals, which the alarm on repeated ones counts.</summary>
    public const string Refusal = "kernel.access.refused";

    /// <summary>Writes what was collected; returns when a kill cannot take it away.</summary>
    public void Flush()
    {
        if (entries.Count == 0)
            return;
        var http = origin.Http;
        var status = http?.Response.StatusCode ?? 200;
        var contents = http is null || HttpMethods.IsGet(http.Request.Method) || !(status is 204 or (>= 300 and < 400));
        var result = status switch
        {
            401 or 403 => "refused",
            404 => "not-found",
            >= 500 => "failed",
            _ => "done",
        };
        List<Entry> kept = entries.Count == 1 ? (entries[0].Implied && !contents ? [] : [entries[0]]) : Kept(contents);
        entries.Clear();
        var at = clock.StoredNow();
        var (agent, session, request, roles) = (origin.Agent, actor.Channel, Cut(origin.RequestId, 80), Cut(string.Join(' ', actor.Roles), 300));
        var rows = kept.ConvertAll(e =>
        {
            var row = new AccessRow
            {
                Id = e.Row ?? ids.Next(),
                At = at,
                ActorId = actor.Id,
                Actor = Cut(actor.Login, 80),
                PersonName = Cut(actor.Name, 80),
                Roles = roles,
                Address = Cut(actor.Address, 60),
                Agent = agent,
                Session = session,
                RequestId = request,
                Action = e.Activity,
                ObjectType = e.Type,
                ObjectId = Cut(e.Id, 80),
                CaseId = e.CaseId,
                Hits = e.Hits,
                Result = e.Refused ? "refused" : result,
                Reason = e.Reason,
                Detail = e.Detail is null ? "{}" : JsonSerializer.Serialize(e.Detail, Json.Stored),
                CourtId = actor.CourtId,
                Form = 2,
            };
            return row with { Digest = row.Compute() };
        });
        store.Write(rows);
    }

    // what is said more exactly of the same case is not said twice
    private List<Entry> Kept(bool contents)
    {
        var exact = entries.Where(e => !e.Implied).ToList();
        var kept = entries.Where(e => !e.Implied || (contents && !exact.Exists(x => Covers(x, e)))).DistinctBy(e => e with { Implied = false }).ToList();
        // an implied case goes when an implied object of that case says the same more exactly
        kept.RemoveAll(e => e is { Implied: true, Type: "case" } && kept.Exists(x => x != e && x.Type != "case" && x.CaseId == e.CaseId));
        return kept;
    }

    /// <summary>A scope that is no request: written at its end.</summary>
    public void Dispose() => Flush();

    private void Add(Entry entry)
    {
        if (actor.IsSystem || !options.Enabled)
            return;
        entries.Add(entry);
        if (waiting || origin.Http is not { } http)
            return;
        if (http.Response.HasStarted)
            throw new InvalidOperationException($"{entry.Activity} is noted after the answer began.");
        waiting = true;
        http.Response.OnStarting(() =>
        {
            Flush();
            return Task.CompletedTask;
        });
    }

    private static bool Covers(Entry exact, Entry implied) =>
        !exact.Refused && ((exact.Type == implied.Type && exact.Id == implied.Id) || (implied.Type == "case" && exact.CaseId == implied.CaseId));

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    private sealed record Entry(
        string Activity,
        string Type,
        string Id,
        long? CaseId,
        int Hits,
        string Reason,
        object? Detail,
        bool Implied,
        bool Refused,
        long? Row = null
    );
}

/// <summary>How reading is logged.</summary>
public sealed class AccessOptions
{
    /// <summary>Off only in the benchmark that measures what the log costs.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether each answer waits for the disk, so that not even a loss of power takes the last moment's entries.</summary>
    public bool Flush { get; init; }
}
