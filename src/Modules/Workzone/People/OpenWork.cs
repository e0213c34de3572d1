using CourtOps.Kernel.Data;

namespace CourtOps.Workzone.People;

/// <summary>What a person still has in hand or has asked for; it must be handed over before they leave.</summary>
internal static class OpenWork
{
    public static async Task<int> CountAsync(Db db, long personId, CancellationToken ct) =>
        await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_order WHERE assignee_id = @personId AND is_open = 1", new { personId }, ct)
        + await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_order WHERE asked_by = @personId AND is_open = 1", new { personId }, ct)
        + await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case WHERE judge_id = @personId AND state = 'open'", new { personId }, ct);
}
