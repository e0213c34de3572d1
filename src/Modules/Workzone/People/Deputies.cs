using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Notices;

namespace CourtOps.Workzone.People;

/// <summary>Ends what a deputy no longer stands for: who shares no role in one court with the absent person any more is no deputy of theirs.</summary>
internal sealed class Deputies(Db db, TimeProvider clock, PersonCache cache, Notifier notifier, AuditTrail audit)
{
    /// <summary>After a person left, moved or lost a role, inside that command. The absence itself stays; the absent person is told to name another.</summary>
    public async Task ReleaseAsync(long personId, CancellationToken ct)
    {
        var over = await db.QueryAsync<Row>(
            """
            SELECT x.id, x.person_id, x.deputy_id, d.name AS deputy_name, x.from_on, x.until_on
            FROM workzone_absence x
            JOIN workzone_person d ON d.id = x.deputy_id
            WHERE (x.deputy_id = @personId OR x.person_id = @personId) AND x.cancelled_at IS NULL AND x.until_on >= @today
              AND (d.state <> 'active' OR NOT EXISTS (
                SELECT 1 FROM workzone_role_grant t
                JOIN workzone_role_grant m ON m.role = t.role AND m.centre = t.centre AND m.court_id = t.court_id AND m.person_id = x.deputy_id
                WHERE t.person_id = x.person_id AND t.role NOT IN ('sysadmin', 'secadmin', 'auditor')))
            ORDER BY x.id
            """,
            new { personId, today = Times.Day(clock.GetUtcNow()) },
            ct
        );
        foreach (var row in over)
        {
            await db.ExecuteAsync("UPDATE workzone_absence SET deputy_id = NULL, version = version + 1 WHERE id = @Id", new { row.Id }, ct);
            await notifier.AddAsync(
                row.PersonId,
                NoticeKinds.DeputyGone,
                $"{NoticeKinds.DeputyGone}:{row.Id}:{row.DeputyId}",
                new
                {
                    deputy = row.DeputyName,
                    from = Times.Iso(row.FromOn),
                    until = Times.Iso(row.UntilOn),
                },
                ct: ct
            );
            audit.Note("absence", row.Id, new { deputyReleased = row.DeputyId });
            db.OnCommitted(() => cache.Drop(row.DeputyId));
        }
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public long PersonId { get; init; }
        public long DeputyId { get; init; }
        public string DeputyName { get; init; } = "";
        public DateOnly FromOn { get; init; }
        public DateOnly UntilOn { get; init; }
    }
}
