using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Cases;

/// <summary>
/// Who may see a case: court leaders within their courts; the judge and team; whoever has an order of the case in hand (权随事走).
/// Kept by commands in workzone_case_access, read by every list and page.
/// </summary>
public sealed class CaseAccess(Db db, Actor actor, TimeProvider clock, AccessLog access)
{
    /// <summary>The condition for lists over a case table aliased c; parameters from <see cref="Parameters"/>.</summary>
    public string Condition => actor.CourtWide
        ? "c.court_id IN @courts"
        : "EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.person_id = @me AND a.case_id = c.id)";

    public (long Me, IReadOnlyList<long> Courts) Parameters => (actor.Id, actor.Courts);

    public async Task<bool> CanReadAsync(long caseId, CancellationToken ct = default)
    {
        if (actor.IsSystem)
            return true;
        if (actor.CourtWide && await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case c WHERE c.id = @caseId AND c.court_id IN @courts", new { caseId, courts = actor.Courts }, ct) > 0)
            return true;
        return await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case_access WHERE case_id = @caseId AND person_id = @me", new { caseId, me = actor.Id }, ct) > 0;
    }

    /// <exception cref="NotFound">Not for this person: said as if the case did not exist.</exception>
    public async Task DemandAsync(long caseId, CancellationToken ct = default)
    {
        if (!await CanReadAsync(caseId, ct))
        {
            access.Refused("case", caseId, caseId);
            throw new NotFound("案件", caseId);
        }
        access.Passed("workzone.case.read", "case", caseId, caseId);
    }

    public async Task GrantAsync(long caseId, long personId, string reason, long orderId, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case_access WHERE case_id = @caseId AND person_id = @personId AND reason = @reason AND order_id = @orderId", new { caseId, personId, reason, orderId }, ct) == 0)
            await db.ExecuteAsync("INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, since) VALUES (@caseId, @personId, @reason, @orderId, @now)", new { caseId, personId, reason, orderId, now = clock.GetUtcNow() }, ct);
    }

    public Task RevokeAsync(long caseId, long personId, string reason, long orderId, CancellationToken ct) =>
        db.ExecuteAsync("DELETE FROM workzone_case_access WHERE case_id = @caseId AND person_id = @personId AND reason = @reason AND order_id = @orderId", new { caseId, personId, reason, orderId }, ct);
}
