using System.Collections.Concurrent;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.People;

/// <summary>
/// People with what they may do in a court, kept for a few seconds; every change of a person, of the matrix or of an absence drops entries at once
/// on this host, and after five seconds on others.
/// </summary>
internal sealed class PersonCache(ActionCatalogue catalogue)
{
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private long state;
    private readonly ConcurrentDictionary<(long Person, long Court), (Entry? Person, DateTimeOffset Until)> entries = new();

    public void Drop(long personId)
    {
        foreach (var key in entries.Keys.Where(k => k.Person == personId))
            entries.TryRemove(key, out _);
    }

    public void DropAll()
    {
        Interlocked.Increment(ref state);
        entries.Clear();
    }

    /// <summary>Another number after the matrix, a court or everybody's rights changed on this host.</summary>
    public long State => Interlocked.Read(ref state);

    /// <param name="courtId">The court acted in; 0 is the person's own.</param>
    public async Task<Entry?> FindAsync(Db db, long personId, long courtId, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (entries.TryGetValue((personId, courtId), out var e) && e.Until > now)
            return e.Person;
        var person = await LoadAsync(db, personId, courtId, now);
        entries[(personId, courtId)] = (person, now + Kept);
        return person;
    }

    private async Task<Entry?> LoadAsync(Db db, long personId, long courtId, DateTimeOffset now)
    {
        var row = await db.FirstAsync<Row>(
            "SELECT p.id, p.login, p.name, p.court_id, p.state, p.stamp, (SELECT COUNT(*) FROM workzone_recusal x WHERE x.person_id = p.id AND "
                + "x.ended_at IS NULL) AS recusals FROM workzone_person p WHERE p.id = @personId",
            new { personId }
        );
        if (row is null)
            return null;
        var grants = (
            await db.QueryAsync<GrantRow>(
                "SELECT role, centre, court_id, reach, until_at FROM workzone_role_grant WHERE person_id = @personId",
                new { personId }
            )
        )
            .Where(g => g.UntilAt is null || g.UntilAt > now)
            .ToList();
        var acting = courtId == 0 || !grants.Exists(g => g.CourtId == courtId) ? row.CourtId : courtId;
        var tree = await CourtTree.LoadAsync(db);
        var here = grants.Where(g => g.CourtId == acting).ToList();
        var scopes = here.Select(g => new RoleScope(Roles.Code(g.Role, g.Centre), g.Reach == "below" ? tree.Below(acting) : [acting])
            {
                Place = Roles.PlaceOf(g.Role, g.Centre),
            })
            .ToList();
        var matrix = await MatrixAsync(db, tree.Above(acting));
        var wide = here.Where(g => g.Role is Roles.Leader or Roles.Checker or Roles.SystemKey)
            .SelectMany(g => g.Reach == "below" ? tree.Below(acting) : [acting])
            .Distinct()
            .ToList();
        var absent =
            here.Count == 0
                ? []
                : await db.QueryAsync<AbsentRow>(
                    """
                    SELECT x.person_id, x.closed_too, t.role, t.centre FROM workzone_absence x
                    JOIN workzone_role_grant t ON t.person_id = x.person_id
                    WHERE x.deputy_id = @personId AND x.active = 1 AND t.court_id = @acting AND (t.until_at IS NULL OR t.until_at > @now)
                    """,
                    new
                    {
                        personId,
                        acting,
                        now,
                    }
                );
        var standIns = absent
            .GroupBy(a => (a.PersonId, a.ClosedToo))
            .SelectMany(a =>
                StandInsOf(a.Key.PersonId, acting, a.Key.ClosedToo, [.. here.Select(g => (g.Role, g.Centre))], [.. a.Select(g => (g.Role, g.Centre))])
            )
            .ToList();
        return new Entry(
            row.State,
            row.Stamp,
            row.CourtId,
            [.. grants.Select(g => g.CourtId).Append(row.CourtId).Distinct()],
            new ActorRights
            {
                Id = row.Id,
                Login = row.Login,
                Name = row.Name,
                CourtId = acting,
                CourtName = tree.NameOf(acting),
                Scopes = scopes,
                WideCourts = wide,
                StandIns = standIns,
                HasRecusals = row.Recusals > 0,
                Actions = catalogue.Of(scopes.Select(s => s.Code), (role, action) => matrix.TryGetValue((role, action), out var allowed) ? allowed : null),
            }
        );
    }

    /// <summary>
    /// What a deputy stands in for: the places of the roles both hold. For what the absent person asked others to do only with a role of a judge's
    /// side, where the absent person holds one: a clerk of a centre does not stand in for a judge who also works there. Pure.
    /// </summary>
    internal static IEnumerable<StandIn> StandInsOf(
        long absent,
        long court,
        bool closed,
        IReadOnlyCollection<(string Role, string Centre)> mine,
        IReadOnlyCollection<(string Role, string Centre)> theirs
    )
    {
        var shared = theirs.Intersect(mine).Where(r => !Separation.IsAdministrator(r.Role)).ToList();
        foreach (var place in shared.Select(r => Roles.PlaceOf(r.Role, r.Centre)).Where(p => p.Length > 0).Distinct())
            yield return new StandIn(absent, place, court, closed);
        if (theirs.Any(r => r.Centre.Length == 0) ? shared.Exists(r => r.Centre.Length == 0) : shared.Count > 0)
            yield return new StandIn(absent, StandIn.Asks, court, closed);
    }

    /// <summary>What the matrix says of roles and actions in a court; the nearest court that says something decides, 0 is every court.</summary>
    internal static async Task<Dictionary<(string, string), bool>> MatrixAsync(Db db, IReadOnlyList<long> above)
    {
        var chain = above.Append(0).ToList();
        var rows = await db.QueryAsync<MatrixRow>("SELECT role, action, court_id, allowed FROM workzone_matrix WHERE court_id IN @chain", new { chain });
        return rows.GroupBy(r => (r.Role, r.Action)).ToDictionary(g => g.Key, g => g.OrderBy(r => chain.IndexOf(r.CourtId)).First().Allowed);
    }

    internal sealed record Entry(string State, string Stamp, long HomeCourtId, IReadOnlyList<long> CourtIds, ActorRights Rights);

    private sealed record Row
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public long CourtId { get; init; }
        public string State { get; init; } = "";
        public string Stamp { get; init; } = "";
        public int Recusals { get; init; }
    }

    private sealed record GrantRow
    {
        public string Role { get; init; } = "";
        public string Centre { get; init; } = "";
        public long CourtId { get; init; }
        public string Reach { get; init; } = "";
        public DateTimeOffset? UntilAt { get; init; }
    }

    private sealed record AbsentRow
    {
        public long PersonId { get; init; }
        public bool ClosedToo { get; init; }
        public string Role { get; init; } = "";
        public string Centre { get; init; } = "";
    }

    private sealed record MatrixRow
    {
        public string Role { get; init; } = "";
        public string Action { get; init; } = "";
        public long CourtId { get; init; }
        public bool Allowed { get; init; }
    }
}

/// <summary>The courts as a tree; a province has about a hundred.</summary>
internal sealed class CourtTree
{
    private readonly Dictionary<long, Row> byId;
    private readonly ILookup<long?, long> children;

    private CourtTree(IReadOnlyList<Row> rows)
    {
        byId = rows.ToDictionary(r => r.Id);
        children = rows.ToLookup(r => r.ParentId, r => r.Id);
    }

    public static async Task<CourtTree> LoadAsync(Db db) => new(await db.QueryAsync<Row>("SELECT id, parent_id, name FROM workzone_court"));

    public string NameOf(long id) => byId.TryGetValue(id, out var r) ? r.Name : "";

    /// <summary>The court and every court under it. A ring in the data ends where it began.</summary>
    public IReadOnlyList<long> Below(long id)
    {
        var all = new List<long> { id };
        for (var i = 0; i < all.Count; i++)
            all.AddRange(children[all[i]].Where(c => !all.Contains(c)));
        return all;
    }

    /// <summary>The court, the one above it, and so on.</summary>
    public IReadOnlyList<long> Above(long id)
    {
        var all = new List<long>();
        for (long? at = id; at is { } c && !all.Contains(c) && byId.TryGetValue(c, out var row); at = row.ParentId)
            all.Add(c);
        return all;
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public long? ParentId { get; init; }
        public string Name { get; init; } = "";
    }
}
