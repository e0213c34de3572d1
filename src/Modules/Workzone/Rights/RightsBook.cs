using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;

namespace CourtOps.Workzone.Rights;

/// <summary>The kinds of change that need two persons.</summary>
internal static class ChangeKind
{
    public const string Roles = "roles";
    public const string Matrix = "matrix";
    public const string Policy = "policy";
    public const string Password = "password";
    public const string Key = "key";
    public const string Unseal = "unseal";

    /// <summary>Somebody's open work goes to others, who see its cases by it.</summary>
    public const string HandOver = "hand-over";

    /// <summary>Another team of a judge is another set of cases.</summary>
    public const string Team = "team";
}

/// <summary>Roles to be given to people, and whether each gets a one-time password with it.</summary>
internal sealed record RolesBody(IReadOnlyList<RolesBody.Item> People)
{
    public sealed record Item(long PersonId, string Login, string Name, IReadOnlyList<RoleGrant> Add, bool Password);
}

internal sealed record MatrixBody(IReadOnlyList<MatrixBody.Item> Items)
{
    /// <param name="CourtId">0 is every court.</param>
    /// <param name="Allowed">Null: as declared, or as a court above says.</param>
    public sealed record Item(string Role, string Action, long CourtId, bool? Allowed);
}

internal sealed record PasswordBody(long PersonId, string Login, bool DropSecondFactor);

/// <param name="To">Who takes each kind, by its code.</param>
internal sealed record HandOverBody(long PersonId, IReadOnlyDictionary<string, long?> To, IReadOnlyList<HandOverBody.Line> Lines)
{
    public sealed record Line(string Label, int Count, string? Heir);
}

internal sealed record TeamBody(long PersonId, string Was, string Team);

internal sealed record UnsealBody(long CaseId, string Number);

/// <summary>Writes role grants and the changes that wait for a second person. Called inside commands.</summary>
internal sealed class RightsBook(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    PersonCache cache,
    AuditTrail audit,
    Sessions sessions,
    Cases.TeamAccess teams,
    Deputies deputies,
    Kernel.Web.Changes changes,
    Keys keys
)
{
    public const string Select = "SELECT g.role, g.centre, g.court_id, g.reach, g.until_at FROM workzone_role_grant g WHERE g.person_id = @personId";

    public static async Task<bool> IsAdministratorAsync(Db db, long personId, CancellationToken ct) =>
        await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM workzone_role_grant WHERE person_id = @personId AND role IN ('sysadmin', 'secadmin', 'auditor')",
            new { personId },
            ct
        ) > 0;

    public Task<IReadOnlyList<RoleGrant>> HeldAsync(long personId, CancellationToken ct) => db.QueryAsync<RoleGrant>(Select, new { personId }, ct);

    /// <summary>Asks for a change; somebody else decides. A second request for the same is refused.</summary>
    public async Task<long> AskAsync(
        string kind,
        long? subjectId,
        string subject,
        long? courtId,
        object body,
        string reason,
        string? secret,
        CancellationToken ct
    )
    {
        if (string.IsNullOrWhiteSpace(reason))
            throw new RuleBroken("请写明申请的理由，供确认人判断。", "Reason");
        if (reason.Length > 400)
            throw new RuleBroken("理由最长 400 个字符。", "Reason");
        if (
            subjectId is not null
            && await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM workzone_change WHERE subject_id = @subjectId AND kind = @kind AND state = 'pending'",
                new { subjectId, kind },
                ct
            ) > 0
        )
            throw new RuleBroken("同一对象已有一项申请在等确认，请先确认、退回或撤回那一项。", code: "pending", wayOut: "/rights");
        var id = ids.Next();
        var now = clock.GetUtcNow();
        var stored = JsonSerializer.Serialize(body, body.GetType(), Json.Stored);
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_change (id, kind, subject_id, subject, court_id, reach_id, body, secret_enc, reason, state, asked_by, asked_by_name, asked_at,
                words, expires_at, version)
            VALUES (@id, @kind, @subjectId, @subject, @courtId, @reach, @stored, @secret, @reason, 'pending', @by, @name, @now, '', @expires, 1)
            """,
            new
            {
                id,
                kind,
                subjectId,
                subject = subject.Length > 200 ? subject[..200] : subject,
                courtId,
                reach = new ChangeRow
                {
                    Kind = kind,
                    CourtId = courtId,
                    Body = stored,
                }.ReachId(),
                stored,
                secret,
                reason,
                by = actor.Id,
                name = actor.Name,
                now,
                expires = now + RightsRules.ChangeLives,
            },
            ct
        );
        audit.Note(
            "change",
            id,
            new
            {
                kind,
                subjectId,
                courtId,
            }
        );
        return id;
    }

    /// <summary>Adds grants after the rules have agreed to the whole of what the person then holds.</summary>
    public async Task GrantAsync(long personId, IReadOnlyList<RoleGrant> add, string by, string confirmedBy, long? changeId, CancellationToken ct)
    {
        var held = await HeldAsync(personId, ct);
        var fresh = add.Where(a => !held.Any(h => h.Code == a.Code && h.CourtId == a.CourtId)).ToList();
        RightsRules.Demand([.. held, .. fresh]);
        foreach (var g in fresh)
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_role_grant (id, person_id, role, centre, court_id, reach, until_at, granted_at, granted_by, confirmed_by, change_id)
                VALUES (@id, @personId, @Role, @Centre, @CourtId, @Reach, @UntilAt, @now, @by, @confirmedBy, @changeId)
                """,
                new
                {
                    id = ids.Next(),
                    personId,
                    g.Role,
                    g.Centre,
                    g.CourtId,
                    g.Reach,
                    g.UntilAt,
                    now = clock.GetUtcNow(),
                    by,
                    confirmedBy,
                    changeId,
                },
                ct
            );
        if (fresh.Count == 0)
            return;
        // administration is done by people with their second factor: keys from before end
        if (fresh.Exists(g => Separation.IsAdministrator(g.Role)))
        {
            await db.ExecuteAsync(
                "UPDATE workzone_api_key SET revoked_at = @now WHERE person_id = @personId AND revoked_at IS NULL",
                new { personId, now = clock.GetUtcNow() },
                ct
            );
            db.OnCommitted(keys.Clear);
        }
        audit.Note(
            "person",
            personId,
            new
            {
                granted = fresh.Select(g => new
                {
                    g.Code,
                    g.CourtId,
                    g.Reach,
                    g.UntilAt,
                }),
                by,
                confirmedBy,
            }
        );
        await ChangedAsync(personId, ct);
    }

    /// <summary>Takes roles back: at once, since it only lessens. The last administrator of each kind stays.</summary>
    public async Task RevokeAsync(long personId, IReadOnlyList<RoleGrant> drop, CancellationToken ct)
    {
        foreach (var g in drop)
        {
            if (Separation.IsAdministrator(g.Role))
                await DemandAnotherAsync(personId, g.Role, g, ct);
            await db.ExecuteAsync(
                "DELETE FROM workzone_role_grant WHERE person_id = @personId AND role = @Role AND centre = @Centre AND court_id = @CourtId",
                new
                {
                    personId,
                    g.Role,
                    g.Centre,
                    g.CourtId,
                },
                ct
            );
        }
        if (drop.Count == 0)
            return;
        await deputies.ReleaseAsync(personId, ct);
        audit.Note("person", personId, new { revoked = drop.Select(g => new { g.Code, g.CourtId }) });
        await ChangedAsync(personId, ct);
    }

    /// <summary>Each of the three administrations keeps one who holds it without an end: whoever holds it for a time is gone tomorrow.</summary>
    /// <param name="grant">The one that goes; null: all that the person holds.</param>
    /// <exception cref="RuleBroken">Nobody else does.</exception>
    public async Task DemandAnotherAsync(long personId, string role, RoleGrant? grant, CancellationToken ct)
    {
        var goes = await db.QueryAsync<RoleGrant>(Select + " AND g.role = @role AND g.until_at IS NULL", new { personId, role }, ct);
        if (!goes.Any(g => grant is null || g.CourtId == grant.CourtId))
            return;
        var stays = grant is null ? 0 : goes.Count(g => g.CourtId != grant.CourtId);
        if (
            stays == 0
            && await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM workzone_role_grant r JOIN workzone_person p ON p.id = r.person_id WHERE r.role = @role AND r.until_at IS NULL "
                    + "AND p.state = 'active' AND p.id <> @personId",
                new { personId, role },
                ct
            ) == 0
        )
            throw new RuleBroken($"这是最后一名长期的{Roles.Labels[role]}，不能停用或取消其角色。", "Roles", "last-administrator");
    }

    // rights that have changed end what was signed in with the old ones, and move the access to the team's cases
    private async Task ChangedAsync(long personId, CancellationToken ct)
    {
        await teams.RefreshAsync(personId, ct);
        await sessions.EndAllAsync(personId, "rights-changed", personId == actor.Id ? actor.Channel : null, ct);
        db.OnCommitted(() =>
        {
            cache.Drop(personId);
            changes.Forget(personId);
        });
    }
}
