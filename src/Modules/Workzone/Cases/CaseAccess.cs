using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Cases;

/// <summary>
/// Who may see a case: its judge and team; whoever has an order of it in hand (权随事走); leaders and checkers within their courts, unless it is sealed.
/// A recused person sees it in no way. Kept by commands in workzone_case_access, read by every list and page: no list needs a statement of its own.
/// </summary>
public sealed class CaseAccess(Db db, Actor actor, TimeProvider clock, AccessLog access, Changes changes)
{
    private const string Named = "EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.person_id = @me AND a.case_id = c.id)";

    // somebody absent whose deputy this person is; only in a court acted in, and only where both hold the same role there
    private const string OfAbsent =
        "a.person_id IN (SELECT x.person_id FROM workzone_absence x JOIN workzone_role_grant t ON t.person_id = x.person_id AND t.court_id = c.court_id JOIN workzone_role_grant m ON m.person_id = @me AND m.role = t.role AND m.centre = t.centre AND m.court_id = t.court_id WHERE x.deputy_id = @me AND x.active = 1 AND t.court_id IN @courts)";

    private const string NamedOrDeputy =
        "EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = c.id AND (a.person_id = @me OR " + OfAbsent + "))";

    private const string NotRecused = " AND NOT EXISTS (SELECT 1 FROM workzone_recusal r WHERE r.case_id = c.id AND r.person_id = @me AND r.ended_at IS NULL)";

    // for whoever sees the cases of a court
    private const string Open = "(c.sealed = 0 OR " + Named + ")" + NotRecused;

    // 副卷: the judge, the team and the court's leaders; of the centres only the one that files it
    private const string OwnOrFiling = "EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = c.id AND (a.person_id = @me OR " + OfAbsent + ") AND (a.reason IN ('judge', 'team') OR EXISTS (SELECT 1 FROM workzone_order o WHERE o.id = a.order_id AND o.centre = 'cataloguing')))";

    /// <summary>The condition for lists over cases aliased c (id, court_id, sealed); its parameters are @me and @courts, see <see cref="Parameters"/>.</summary>
    public string Condition => actor.CourtWide ? "c.court_id IN @courts AND " + Open : ByName;

    /// <summary>The same condition where the statement itself holds the court at one of <see cref="Parameters"/>.</summary>
    public string HeldCondition => actor.CourtWide ? Open : ByName;

    /// <summary>The same condition for cases that are named by their ids: the plus keeps the planner from walking through the court's cases instead.</summary>
    public string IdCondition => actor.CourtWide ? "+c.court_id IN @courts AND " + Open : ByName;

    /// <summary>
    /// The same condition for a list that nothing else narrows: led by the person's own cases, so that it costs what they are and not what the courts hold.
    /// </summary>
    public string ListCondition => actor.CourtWide
        ? Condition
        : "c.id IN (SELECT m.case_id FROM workzone_case_access m WHERE m.person_id = @me" + (actor.Deputised.Count > 0 ? " OR m.person_id IN (SELECT x.person_id FROM workzone_absence x WHERE x.deputy_id = @me AND x.active = 1)" : "") + ") AND " + Condition;

    private string ByName => actor.Deputised.Count > 0 ? NamedOrDeputy + NotRecused : Named;

    public (long Me, IReadOnlyList<long> Courts) Parameters => (actor.Id, actor.Courts);

    /// <summary>Whoever may also hears from now on that something of it has changed.</summary>
    public async Task<bool> CanReadAsync(long caseId, CancellationToken ct = default)
    {
        var asked = changes.Said;
        var may = await IsAsync(caseId, Condition, ct);
        if (may)
            changes.Allow(actor.Id, $"case:{caseId}", asked);
        return may;
    }

    /// <summary>The secondary volume (副卷) of a case that can be read.</summary>
    public async Task<bool> CanReadSecondaryAsync(long caseId, CancellationToken ct = default) =>
        actor.IsSystem || (actor.Can("workzone.documents.secondary") && await IsAsync(caseId, actor.CourtWide ? Condition : OwnOrFiling + NotRecused, ct));

    public async Task<bool> IsRecusedAsync(long caseId, CancellationToken ct = default) =>
        actor.HasRecusals && await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_recusal WHERE case_id = @caseId AND person_id = @me AND ended_at IS NULL", new { caseId, me = actor.Id }, ct) > 0;

    /// <exception cref="NotFound">Not for this person: said as if the case did not exist.</exception>
    public Task DemandAsync(long caseId, CancellationToken ct = default) => DemandAsync(caseId, "案件", caseId, ct);

    /// <summary>The same for whoever named something of the case, which is then not found.</summary>
    /// <exception cref="NotFound">Of what was named: nothing tells that there is such a thing, nor of which case.</exception>
    public async Task DemandAsync(long caseId, string what, long id, CancellationToken ct = default)
    {
        if (!await CanReadAsync(caseId, ct))
        {
            access.Refused("case", caseId, caseId);
            throw new NotFound(what, id);
        }
        access.Passed("workzone.case.read", "case", caseId, caseId);
    }

    /// <summary>Gives access for a reason. A recused person gets none.</summary>
    public async Task GrantAsync(long caseId, long personId, string reason, long orderId, CancellationToken ct) =>
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, since)
            SELECT c.id, @personId, @reason, @orderId, @now
            FROM workzone_case c
            WHERE c.id = @caseId
              AND NOT EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = c.id AND a.person_id = @personId AND a.reason = @reason AND a.order_id = @orderId)
              AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = @personId AND x.ended_at IS NULL)
            """, new { caseId, personId, reason, orderId, now = clock.GetUtcNow() }, ct);

    public async Task RevokeAsync(long caseId, long personId, string reason, long orderId, CancellationToken ct)
    {
        await db.ExecuteAsync("DELETE FROM workzone_case_access WHERE case_id = @caseId AND person_id = @personId AND reason = @reason AND order_id = @orderId", new { caseId, personId, reason, orderId }, ct);
        db.OnCommitted(() =>
        {
            changes.Reshuffle($"case:{caseId}");
            changes.Reshuffle($"order:{orderId}");
        });
    }

    private async Task<bool> IsAsync(long caseId, string condition, CancellationToken ct) =>
        actor.IsSystem || await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case c WHERE c.id = @caseId AND " + condition, new { caseId, me = actor.Id, courts = actor.Courts }, ct) > 0;
}
