using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;

namespace CourtOps.Workzone.Rights;

/// <summary>An administrator's reach: their court and those below it.</summary>
internal static class AdminScope
{
    /// <summary>The courts this administrator is for, whichever of the two they are.</summary>
    public static IReadOnlyList<long> Courts(Actor actor) =>
        actor.CourtsOf(Roles.SystemAdministrator) is { Count: > 0 } run ? run : actor.CourtsOf(Roles.SecurityAdministrator);

    public static bool Covers(Actor actor, long courtId) => actor.IsSystem || Courts(actor).Contains(courtId);

    /// <exception cref="RuleBroken">The court is another's.</exception>
    public static void Demand(Actor actor, long courtId, string field)
    {
        if (!Covers(actor, courtId))
            throw new RuleBroken("该法院不在您管理的范围内。", field, "scope");
    }

    /// <summary>What is set for every court is decided by the highest: a security administrator whose courts hold all the others of the installation.</summary>
    /// <exception cref="RuleBroken">There is one above or beside, or courts under no common one: then the console alone.</exception>
    public static async Task DemandEverywhereAsync(Db db, Actor actor, CancellationToken ct)
    {
        if (!actor.IsSystem && !await IsHighestAsync(db, actor, Roles.SecurityAdministrator, ct))
            throw new RuleBroken("这项设置对全部法院生效，只能由上级法院的安全管理员办理。", "CourtId", "scope");
    }

    /// <summary>Whether the courts are one tree and nobody else holds this role in a court that the actor's does not reach.</summary>
    public static async Task<bool> IsHighestAsync(Db db, Actor actor, string role, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_court WHERE parent_id IS NULL", new { }, ct) > 1)
            return false;
        var mine = actor.CourtsOf(role);
        var others = await db.QueryAsync<long>(
            "SELECT DISTINCT r.court_id FROM workzone_role_grant r JOIN workzone_person p ON p.id = r.person_id WHERE r.role = @role AND p.state = 'active'",
            new { role },
            ct
        );
        return mine.Count > 0 && others.All(mine.Contains);
    }

    /// <exception cref="NotFound">No such person, or of a court that is another's.</exception>
    public static async Task<PersonName> PersonAsync(Db db, Actor actor, long personId, CancellationToken ct)
    {
        var person = await db.FirstAsync<PersonName>("SELECT id, login, name, court_id, state FROM workzone_person WHERE id = @personId", new { personId }, ct);
        return person is not null && Covers(actor, person.CourtId) ? person : throw new NotFound("人员", personId);
    }
}

/// <summary>The highest system administrator runs what is of every court.</summary>
internal sealed class OperatorScope(Db db, Actor actor) : IOperatorScope
{
    public async Task<bool> IsWholeAsync(CancellationToken ct) => actor.IsSystem || await AdminScope.IsHighestAsync(db, actor, Roles.SystemAdministrator, ct);
}
