using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Cases;

/// <summary>
/// Who may see a case: its judge and team; whoever has an order of it in hand (权随事走); leaders and checkers within their courts, unless it is sealed.
/// A recused person sees it in no way. Kept by commands in workzone_case_access, read by every list and page through <see cref="Cases.Seeing"/>.
/// </summary>
public sealed class CaseAccess(Db db, Actor actor, TimeProvider clock, AccessLog access, Changes changes)
{
    /// <summary>The condition for lists over cases aliased c (id, court_id, sealed); it reads <see cref="Arguments"/>.</summary>
    public string Condition => Seeing.Case("c");

    /// <summary>The same condition where the statement itself holds the court at one of the courts.</summary>
    public string HeldCondition => Seeing.HeldCase("c");

    /// <summary>The same condition for cases that are named by their ids.</summary>
    public string IdCondition => Seeing.CaseById("c");

    /// <summary>The same condition for a list that nothing else narrows: it costs what the person's cases are, not what the courts hold.</summary>
    public string ListCondition => Seeing.CaseList("c");

    public AccessArguments Arguments => Seeing.Arguments;

    internal Seeing Seeing => new(actor);

    private readonly HashSet<long> made = [];

    /// <summary>A case registered in this transaction: whoever registers it puts its papers to it.</summary>
    internal void Made(long caseId) => made.Add(caseId);

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
        actor.IsSystem || (actor.Can("workzone.documents.secondary") && await IsAsync(caseId, Seeing.Secondary("c"), ct));

    public async Task<bool> IsRecusedAsync(long caseId, CancellationToken ct = default) =>
        await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM workzone_recusal WHERE case_id = @caseId AND person_id = @me AND ended_at IS NULL",
            new { caseId, me = actor.Id },
            ct
        ) > 0;

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

    /// <summary>Gives access for an order in hand, as long as the person works in its centre. A recused person gets none.</summary>
    public async Task GrantAsync(long caseId, long personId, long orderId, string centre, CancellationToken ct) =>
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since)
            SELECT c.id, @personId, 'order', @orderId, @centre, @now
            FROM workzone_case c
            WHERE c.id = @caseId
              AND NOT EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = c.id AND a.person_id = @personId AND a.reason = 'order' AND a.order_id =
                  @orderId)
              AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = @personId AND x.ended_at IS NULL)
            """,
            new
            {
                caseId,
                personId,
                orderId,
                centre,
                now = clock.GetUtcNow(),
            },
            ct
        );

    public async Task RevokeAsync(long caseId, long personId, long orderId, CancellationToken ct)
    {
        await db.ExecuteAsync(
            "DELETE FROM workzone_case_access WHERE case_id = @caseId AND person_id = @personId AND reason = 'order' AND order_id = @orderId",
            new
            {
                caseId,
                personId,
                orderId,
            },
            ct
        );
        db.OnCommitted(() =>
        {
            changes.Reshuffle($"case:{caseId}");
            changes.Reshuffle($"order:{orderId}");
        });
    }

    private async Task<bool> IsAsync(long caseId, string condition, CancellationToken ct)
    {
        if (actor.IsSystem || made.Contains(caseId))
            return true;
        var (me, courts, places) = Arguments;
        return await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM workzone_case c WHERE c.id = @caseId AND " + condition,
                new
                {
                    caseId,
                    me,
                    courts,
                    places,
                },
                ct
            ) > 0;
    }
}
