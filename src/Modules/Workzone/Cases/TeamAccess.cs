using CourtOps.Kernel.Data;

namespace CourtOps.Workzone.Cases;

/// <summary>
/// The cases a person sees as a member of a judge's team: same court, same team, an assistant or clerk without a centre. Written when people or
/// judges change, so that lists only read.
/// </summary>
internal sealed class TeamAccess(Db db, TimeProvider clock)
{
    /// <summary>What the person's roles give now, as judge, in a team and for orders in hand: adds what is missing, takes what is too much.</summary>
    public async Task RefreshAsync(long personId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await RefreshJudgeAsync(personId, now, ct);
        await RefreshOrdersAsync(personId, now, ct);
        await db.ExecuteAsync(
            """
            DELETE FROM workzone_case_access
            WHERE person_id = @personId AND reason = 'team'
              AND NOT EXISTS (
                SELECT 1 FROM workzone_case c
                JOIN workzone_person j ON j.id = c.judge_id
                JOIN workzone_person p ON p.id = @personId
                WHERE c.id = workzone_case_access.case_id AND c.sealed = 0 AND p.state = 'active' AND p.team <> '' AND p.team = j.team AND p.court_id =
                    c.court_id AND j.court_id = p.court_id
                  AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.court_id = c.court_id AND r.role IN ('assistant', 'clerk') AND
                      r.centre = ''))
            """,
            new { personId },
            ct
        );
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since)
            SELECT c.id, @personId, 'team', 0, 'team', @now
            FROM workzone_case c
            JOIN workzone_person j ON j.id = c.judge_id
            JOIN workzone_person p ON p.id = @personId
            WHERE c.sealed = 0 AND p.state = 'active' AND p.team <> '' AND p.team = j.team AND p.court_id = c.court_id AND j.court_id = p.court_id AND j.id <>
                p.id
              AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.court_id = c.court_id AND r.role IN ('assistant', 'clerk') AND
                  r.centre = '')
              AND NOT EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = c.id AND a.person_id = @personId AND a.reason = 'team' AND a.order_id = 0)
              AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = @personId AND x.ended_at IS NULL)
            """,
            new { personId, now },
            ct
        );
    }

    /// <summary>Who sees the cases of a judge as their team, after the judge's own team or court has changed.</summary>
    public async Task RefreshTeamOfAsync(long judgeId, CancellationToken ct)
    {
        await db.ExecuteAsync(
            """
            DELETE FROM workzone_case_access
            WHERE reason = 'team' AND case_id IN (SELECT c.id FROM workzone_case c WHERE c.judge_id = @judgeId)
              AND NOT EXISTS (
                SELECT 1 FROM workzone_case c
                JOIN workzone_person j ON j.id = c.judge_id
                JOIN workzone_person p ON p.id = workzone_case_access.person_id
                WHERE c.id = workzone_case_access.case_id AND c.sealed = 0 AND p.state = 'active' AND p.team <> '' AND p.team = j.team AND p.court_id =
                    c.court_id AND j.court_id = p.court_id)
            """,
            new { judgeId },
            ct
        );
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since)
            SELECT c.id, p.id, 'team', 0, 'team', @now
            FROM workzone_case c
            JOIN workzone_person j ON j.id = c.judge_id
            JOIN workzone_person p ON p.court_id = c.court_id AND j.court_id = c.court_id AND p.team = j.team AND p.id <> j.id
            WHERE c.judge_id = @judgeId AND c.sealed = 0 AND p.state = 'active' AND p.team <> ''
              AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.court_id = c.court_id AND r.role IN ('assistant', 'clerk') AND
                  r.centre = '')
              AND NOT EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = c.id AND a.person_id = p.id AND a.reason = 'team' AND a.order_id = 0)
              AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = p.id AND x.ended_at IS NULL)
            """,
            new { judgeId, now = clock.GetUtcNow() },
            ct
        );
    }

    private async Task RefreshJudgeAsync(long personId, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync(
            """
            DELETE FROM workzone_case_access
            WHERE person_id = @personId AND reason = 'judge'
              AND NOT EXISTS (
                SELECT 1 FROM workzone_case c
                JOIN workzone_role_grant r ON r.person_id = @personId AND r.role = 'judge' AND r.court_id = c.court_id
                WHERE c.id = workzone_case_access.case_id)
            """,
            new { personId },
            ct
        );
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since)
            SELECT c.id, @personId, 'judge', 0, 'judge', @now
            FROM workzone_case c
            JOIN workzone_role_grant r ON r.person_id = @personId AND r.role = 'judge' AND r.court_id = c.court_id
            WHERE c.judge_id = @personId
              AND NOT EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = c.id AND a.person_id = @personId AND a.reason = 'judge' AND a.order_id = 0)
              AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = @personId AND x.ended_at IS NULL)
            """,
            new { personId, now },
            ct
        );
    }

    private async Task RefreshOrdersAsync(long personId, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync(
            """
            DELETE FROM workzone_case_access
            WHERE person_id = @personId AND reason = 'order'
              AND NOT EXISTS (
                SELECT 1 FROM workzone_case c
                JOIN workzone_role_grant r ON r.person_id = @personId AND r.centre = workzone_case_access.place AND (r.court_id = c.court_id OR r.reach =
                    'below')
                WHERE c.id = workzone_case_access.case_id)
            """,
            new { personId },
            ct
        );
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since)
            SELECT o.case_id, @personId, 'order', o.id, o.centre, @now
            FROM workzone_order o
            WHERE o.assignee_id = @personId AND o.is_open = 1 AND o.case_id IS NOT NULL AND o.state IN ('assigned', 'accepted', 'paused', 'feedback')
              AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = @personId AND r.centre = o.centre AND (r.court_id = o.court_id OR r.reach =
                  'below'))
              AND NOT EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = o.case_id AND a.person_id = @personId AND a.reason = 'order' AND a.order_id
                  = o.id)
              AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = o.case_id AND x.person_id = @personId AND x.ended_at IS NULL)
            """,
            new { personId, now },
            ct
        );
    }

    /// <summary>The judge of a case is new, or the case was sealed or opened: who sees it as judge and team.</summary>
    public async Task RefreshCaseAsync(long caseId, CancellationToken ct)
    {
        // a judge who stays has had it since before
        await db.ExecuteAsync(
            "DELETE FROM workzone_case_access WHERE case_id = @caseId AND (reason = 'team' OR (reason = 'judge' AND NOT EXISTS (SELECT 1 FROM "
                + "workzone_case c WHERE c.id = workzone_case_access.case_id AND c.judge_id = workzone_case_access.person_id)))",
            new { caseId },
            ct
        );
        var args = new { caseId, now = clock.GetUtcNow() };
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since)
            SELECT c.id, c.judge_id, 'judge', 0, 'judge', @now
            FROM workzone_case c
            WHERE c.id = @caseId AND c.judge_id IS NOT NULL
              AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = c.judge_id AND r.role = 'judge' AND r.court_id = c.court_id)
              AND NOT EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = c.id AND a.person_id = c.judge_id AND a.reason = 'judge' AND a.order_id =
                  0)
              AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = c.judge_id AND x.ended_at IS NULL)
            """,
            args,
            ct
        );
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since)
            SELECT c.id, p.id, 'team', 0, 'team', @now
            FROM workzone_case c
            JOIN workzone_person j ON j.id = c.judge_id
            JOIN workzone_person p ON p.court_id = c.court_id AND j.court_id = c.court_id AND p.team = j.team AND p.id <> j.id
            WHERE c.id = @caseId AND c.sealed = 0 AND p.state = 'active' AND p.team <> ''
              AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.court_id = c.court_id AND r.role IN ('assistant', 'clerk') AND
                  r.centre = '')
              AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = p.id AND x.ended_at IS NULL)
            """,
            args,
            ct
        );
    }
}
