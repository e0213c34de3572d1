using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;

namespace CourtOps.Workzone.Trails;

/// <summary>
/// The courts whose records an auditor sees: those of the role. A row belongs to the court its person acted in, a case with all its readers to
/// the court of the case. What belongs to no court (the program, parties, unknown logins) is for the highest auditor.
/// </summary>
/// <param name="Courts">0 stands for no court; null means every row there is.</param>
internal sealed record AuditScope(IReadOnlyList<long>? Courts)
{
    private const long None = 0;

    public static readonly AuditScope Whole = new((IReadOnlyList<long>?)null);

    public static async Task<AuditScope> OfAsync(Db db, Actor actor, CancellationToken ct)
    {
        if (actor.IsSystem)
            return Whole;
        var courts = actor.CourtsOf(Roles.Auditor);
        if (!await AdminScope.IsHighestAsync(db, actor, Roles.Auditor, ct))
            return new AuditScope(courts);
        return await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_court WHERE id NOT IN @courts", new { courts }, ct) == 0
            ? Whole
            : new AuditScope([.. courts, None]);
    }

    /// <summary>Whether the actor audits every court but those above the own: then nothing that is found anywhere is another auditor's.</summary>
    public static async Task<bool> IsTopmostAsync(Db db, Actor actor, CancellationToken ct)
    {
        if (actor.IsSystem)
            return true;
        var known = actor.CourtsOf(Roles.Auditor).Concat((await CourtTree.LoadAsync(db)).Above(actor.CourtId)).Distinct().ToList();
        return await AdminScope.IsHighestAsync(db, actor, Roles.Auditor, ct)
            && await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_court WHERE id NOT IN @known", new { known }, ct) == 0;
    }

    public bool Covers(long courtId) => Courts?.Contains(courtId) != false;

    /// <summary>The condition of <see cref="NewestAsync"/> for a table aliased x.</summary>
    public string Condition => Courts is null ? "" : "x.court_id = @court# AND ";

    /// <summary>What its parameter stands for.</summary>
    public IReadOnlyList<long> Walked => Courts ?? [];

    /// <summary>
    /// The newest rows of these courts. Each court walks its own index from the newest on, a hundred courts in one statement that merges them, so
    /// that a page costs a page whatever the logs hold and however many courts there are.
    /// </summary>
    /// <param name="sql">With <see cref="Condition"/> and without ORDER BY; its arguments hold <see cref="Walked"/> as court.</param>
    public async Task<IReadOnlyList<T>> NewestAsync<T>(Db db, string sql, object args, int take, Func<T, long> id, CancellationToken ct)
    {
        var pieces = new List<IReadOnlyList<T>>(1);
        foreach (var text in Walks.Of(sql, Courts?.Count ?? 1))
            pieces.Add(await db.PageAsync<T>(text + " ORDER BY id DESC", args, take, ct));
        return Walks.Merge(pieces, take, id, descending: true);
    }

    /// <exception cref="RuleBroken">The case is none, or of a court that is another auditor's.</exception>
    public async Task<long> CaseAsync(Db db, string canonical, CancellationToken ct)
    {
        var found = await db.FirstAsync<Found>("SELECT id, court_id FROM workzone_case WHERE number = @canonical", new { canonical }, ct);
        return found is not null && Covers(found.CourtId)
            ? found.Id
            : throw new RuleBroken("您审计的法院中没有这个案号的案件，请核对案号；其他法院的案件由该院或其上级法院的审计员查看。", "Number");
    }

    /// <exception cref="NotFound">The person neither belongs to one of these courts nor has a role in one.</exception>
    public async Task DemandPersonAsync(Db db, long personId, CancellationToken ct)
    {
        var courts = await db.QueryAsync<long>(
            "SELECT court_id FROM workzone_person WHERE id = @personId UNION SELECT court_id FROM workzone_role_grant WHERE person_id = @personId",
            new { personId },
            ct
        );
        if (!courts.Any(Covers))
            throw new NotFound("人员", personId);
    }

    private sealed record Found
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
    }
}
