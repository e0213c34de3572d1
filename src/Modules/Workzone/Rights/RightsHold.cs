using System.Runtime.CompilerServices;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Verifying;

namespace CourtOps.Workzone.Rights;

/// <summary>
/// Rights, recusals and sealed cases against the audit trail, which is sealed: a role that no trail knows or that was taken back, a role that is gone, a
/// recusal deleted or ended past the product, a case unsealed past it, a change decided by its asker or without a trace. Entries older than the trail that is
/// kept are not judged. Access to a case is compared with what gives it: its judge, the judge's team, an order in hand.
/// </summary>
internal sealed class RightsHold(Db db) : ICheck
{
    private const int Piece = 2000;

    public string Name => "rights";

    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var trail = await ReadAsync(ct);
        var people = (await db.QueryAsync<Grant>("SELECT person_id, role, centre, court_id, granted_at FROM workzone_role_grant", null, ct)).ToList();
        var held = people.ToDictionary(g => (g.PersonId, g.Code, g.CourtId));
        foreach (var (key, g) in held)
            if (trail.Granted.TryGetValue(key, out var granted) ? !granted : trail.First is { } first && g.GrantedAt > first)
                yield return new Finding(Name, $"person {g.PersonId}", $"holds {g.Code} in court {g.CourtId}, which the audit trail does not give");
        foreach (var (key, granted) in trail.Granted)
            if (granted && !held.ContainsKey(key) && trail.People.Contains(key.PersonId))
                yield return new Finding(Name, $"person {key.PersonId}", $"lost {key.Code} in court {key.CourtId} without an entry in the audit trail");
        var recusals = (
            await db.QueryAsync<Recusal>(
                "SELECT case_id, person_id, MIN(CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END) AS ended FROM workzone_recusal GROUP BY case_id, person_id",
                null,
                ct
            )
        ).ToDictionary(r => (r.CaseId, r.PersonId));
        foreach (var (key, open) in trail.Recused)
            if (!recusals.TryGetValue(key, out var row))
                yield return new Finding(Name, $"case {key.CaseId}", $"the recusal of person {key.PersonId} is gone");
            else if (open && row.Ended == 1)
                yield return new Finding(Name, $"case {key.CaseId}", $"the recusal of person {key.PersonId} was ended without an entry in the audit trail");
        foreach (var part in trail.Sealed.Where(s => s.Value).Select(s => s.Key).Chunk(500))
        foreach (var id in await db.QueryAsync<long>("SELECT id FROM workzone_case WHERE id IN @part AND sealed = 0", new { part }, ct))
            yield return new Finding(Name, $"case {id}", "is not sealed any more, without an entry in the audit trail");
        foreach (var c in await db.QueryAsync<Change>("SELECT id, asked_by, decided_by, decided_at FROM workzone_change WHERE state = 'confirmed'", null, ct))
            if (c.DecidedBy is null || c.DecidedBy == c.AskedBy)
                yield return new Finding(Name, $"change {c.Id}", "was confirmed by its asker or by nobody");
            else if (trail.First is { } first && c.DecidedAt > first && !trail.Decided.Contains(c.Id))
                yield return new Finding(Name, $"change {c.Id}", "was confirmed without an entry in the audit trail");
        foreach (var (condition, what) in Unfounded)
        foreach (
            var a in await db.PageAsync<Access>(
                "SELECT a.case_id, a.person_id, a.reason FROM workzone_case_access a WHERE " + condition + " ORDER BY a.case_id, a.person_id",
                null,
                100,
                ct
            )
        )
            yield return new Finding(Name, $"case {a.CaseId}", $"person {a.PersonId} has access as “{a.Reason}”, and {what}");
    }

    // a row of access that nothing gives, by its reason; the first hundred of each
    private static readonly (string Condition, string What)[] Unfounded =
    [
        ("a.reason NOT IN ('judge', 'team', 'order')", "there is no such reason"),
        (
            "a.reason = 'judge' AND NOT EXISTS (SELECT 1 FROM workzone_case c WHERE c.id = a.case_id AND c.judge_id = a.person_id)",
            "is not the judge of the case"
        ),
        (
            "a.reason = 'team' AND NOT EXISTS (SELECT 1 FROM workzone_case c JOIN workzone_person j ON j.id = c.judge_id JOIN workzone_person p ON "
                + "p.id = a.person_id WHERE c.id = a.case_id AND c.sealed = 0 AND p.team <> '' AND p.team = j.team)",
            "is not of the judge's team, or the case is sealed"
        ),
        (
            "a.reason = 'order' AND NOT EXISTS (SELECT 1 FROM workzone_order o WHERE o.id = a.order_id AND o.case_id = a.case_id AND o.assignee_id = "
                + "a.person_id AND o.is_open = 1)",
            "has no such order in hand"
        ),
        (
            "EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = a.case_id AND x.person_id = a.person_id AND x.ended_at IS NULL)",
            "is recused from the case"
        ),
    ];

    private async Task<Trail> ReadAsync(CancellationToken ct)
    {
        var trail = new Trail { First = await db.FirstAsync<DateTimeOffset?>("SELECT MIN(at) FROM kernel_audit", null, ct) };
        trail.People.UnionWith(await db.QueryAsync<long>("SELECT id FROM workzone_person", null, ct));
        for (var after = 0L; ; )
        {
            var page = await db.PageAsync<Entry>(
                "SELECT id, action, object_type, object_id, detail FROM kernel_audit WHERE id > @after AND result = 'done' AND object_type IN "
                    + "('person', 'case', 'change') ORDER BY id",
                new { after },
                Piece,
                ct
            );
            foreach (var e in page)
                Take(trail, e);
            if (page.Count < Piece)
                return trail;
            after = page[^1].Id;
        }
    }

    private static void Take(Trail trail, Entry e)
    {
        if (!long.TryParse(e.ObjectId, System.Globalization.CultureInfo.InvariantCulture, out var id))
            return;
        if (e.ObjectType == "change")
        {
            if (e.Action == "workzone.rights.decide")
                trail.Decided.Add(id);
            return;
        }
        // most entries of cases are of no interest here: only those with these words are read
        if (!Words.Any(w => e.Detail.Contains(w, StringComparison.Ordinal)))
            return;
        using var detail = JsonDocument.Parse(e.Detail);
        var root = detail.RootElement;
        foreach (var (word, granted) in new[] { ("granted", true), ("revoked", false) })
            if (root.TryGetProperty(word, out var roles) && roles.ValueKind == JsonValueKind.Array)
                foreach (var r in roles.EnumerateArray())
                    trail.Granted[(id, r.GetProperty("code").GetString() ?? "", r.GetProperty("courtId").GetInt64())] = granted;
        foreach (var (word, open) in new[] { ("recused", true), ("recusalEnded", false) })
            if (root.TryGetProperty(word, out var person) && person.TryGetInt64(out var who))
                trail.Recused[(id, who)] = open;
        if (root.TryGetProperty("what", out var what) && what.GetString() is "sealed" or "unsealed")
            trail.Sealed[id] = what.GetString() == "sealed";
    }

    private static readonly string[] Words = ["\"granted\"", "\"revoked\"", "\"recused\"", "\"recusalEnded\"", "\"what\""];

    private sealed class Trail
    {
        public DateTimeOffset? First { get; init; }
        public HashSet<long> People { get; } = [];
        public Dictionary<(long PersonId, string Code, long CourtId), bool> Granted { get; } = [];
        public Dictionary<(long CaseId, long PersonId), bool> Recused { get; } = [];
        public Dictionary<long, bool> Sealed { get; } = [];
        public HashSet<long> Decided { get; } = [];
    }

    private sealed record Entry
    {
        public long Id { get; init; }
        public string Action { get; init; } = "";
        public string ObjectType { get; init; } = "";
        public string ObjectId { get; init; } = "";
        public string Detail { get; init; } = "{}";
    }

    private sealed record Grant
    {
        public long PersonId { get; init; }
        public string Role { get; init; } = "";
        public string Centre { get; init; } = "";
        public long CourtId { get; init; }
        public DateTimeOffset GrantedAt { get; init; }

        /// <summary>As <see cref="RoleGrant"/> writes it: "clerk:service".</summary>
        public string Code => new RoleGrant { Role = Role, Centre = Centre }.Code;
    }

    private sealed record Recusal
    {
        public long CaseId { get; init; }
        public long PersonId { get; init; }
        public int Ended { get; init; }
    }

    private sealed record Access
    {
        public long CaseId { get; init; }
        public long PersonId { get; init; }
        public string Reason { get; init; } = "";
    }

    private sealed record Change
    {
        public long Id { get; init; }
        public long AskedBy { get; init; }
        public long? DecidedBy { get; init; }
        public DateTimeOffset? DecidedAt { get; init; }
    }
}
