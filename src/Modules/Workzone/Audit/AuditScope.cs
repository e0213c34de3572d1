using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
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
        return await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_court WHERE id NOT IN @courts", new { courts }, ct) == 0 ? Whole : new AuditScope([.. courts, None]);
    }

    public bool Covers(long courtId) => Courts?.Contains(courtId) != false;

    /// <summary>
    /// The newest rows of these courts. Each court walks its own index from the newest on, no further than to what is in the answer already, so
    /// that a page costs a page whatever the logs hold.
    /// </summary>
    /// <param name="page">The newest rows of one court from the least id on; no court means all.</param>
    public async Task<IReadOnlyList<T>> NewestAsync<T>(int take, Func<T, long> id, Func<long?, long, Task<IReadOnlyList<T>>> page)
    {
        IReadOnlyList<T> found = [];
        foreach (var court in Courts?.Select(c => (long?)c) ?? [null])
            found = [.. found.Concat(await page(court, found.Count < take ? long.MinValue : id(found[^1]))).OrderByDescending(id).Take(take)];
        return found;
    }

    /// <exception cref="RuleBroken">The case is none, or of a court that is another auditor's.</exception>
    public async Task<long> CaseAsync(Db db, string canonical, CancellationToken ct)
    {
        var found = await db.FirstAsync<Found>("SELECT id, court_id FROM workzone_case WHERE number = @canonical", new { canonical }, ct);
        return found is not null && Covers(found.CourtId) ? found.Id : throw new RuleBroken("您审计的法院中没有这个案号的案件，请核对案号；其他法院的案件由该院或其上级法院的审计员查看。", "Number");
    }

    /// <exception cref="NotFound">The person neither belongs to one of these courts nor has a role in one.</exception>
    public async Task DemandPersonAsync(Db db, long personId, CancellationToken ct)
    {
        var courts = await db.QueryAsync<long>("SELECT court_id FROM workzone_person WHERE id = @personId UNION SELECT court_id FROM workzone_role_grant WHERE person_id = @personId", new { personId }, ct);
        if (!courts.Any(Covers))
            throw new NotFound("人员", personId);
    }

    private sealed record Found
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
    }
}
