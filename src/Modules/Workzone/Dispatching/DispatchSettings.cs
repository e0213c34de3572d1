using System.Text.RegularExpressions;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Dispatching;

/// <summary>The lead of a centre says how its orders find their people.</summary>
[Permit("workzone.orders.dispatch")]
[Audited("workzone.dispatch.save")]
internal sealed record SaveDispatch : ICommand
{
    public string Centre { get; init; } = "";
    public string Strategy { get; init; } = "";

    /// <summary>The version that was seen; 0 where nothing was set yet.</summary>
    public int Version { get; init; }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, AuditTrail audit) : CommandHandler<SaveDispatch>
    {
        protected override async Task RunAsync(SaveDispatch command, CancellationToken ct)
        {
            if (!Centres.Labels.ContainsKey(command.Centre))
                throw new RuleBroken("请选择中心。", "Centre");
            if (!actor.Holds(Roles.Lead + ":" + command.Centre, actor.CourtId))
                throw new NotFound("中心", command.Centre);
            if (!DispatchStrategy.All.Contains(command.Strategy))
                throw new RuleBroken("没有这种派单方式。", "Strategy");
            var args = new
            {
                actor.CourtId,
                command.Centre,
                command.Strategy,
                by = actor.Name,
                now = clock.GetUtcNow(),
                command.Version,
            };
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_dispatch SET strategy = @Strategy, changed_by = @by, changed_at = @now, version = version + 1 WHERE court_id = "
                        + "@CourtId AND centre = @Centre AND version = @Version",
                    args,
                    ct
                ) == 0
            )
            {
                var other = await db.FirstAsync<Changed>(
                    "SELECT changed_by, changed_at FROM workzone_dispatch WHERE court_id = @CourtId AND centre = @Centre",
                    args,
                    ct
                );
                if (other is not null || command.Version != 0)
                    throw new Conflict("派单方式已被他人修改。", other?.ChangedBy ?? "", other?.ChangedAt ?? args.now);
                await db.ExecuteAsync(
                    "INSERT INTO workzone_dispatch (court_id, centre, strategy, last_given, given_at, changed_by, changed_at, version) VALUES "
                        + "(@CourtId, @Centre, @Strategy, 0, NULL, @by, @now, 1)",
                    args,
                    ct
                );
            }
            audit.Note("dispatch", $"{actor.CourtId}:{command.Centre}", new { command.Strategy });
        }

        private sealed record Changed
        {
            public string ChangedBy { get; init; } = "";
            public DateTimeOffset ChangedAt { get; init; }
        }
    }
}

/// <summary>What a person can do in this centre of this court; a type of order may ask for it.</summary>
[Permit("workzone.orders.dispatch")]
[Audited("workzone.skills.save")]
internal sealed partial record SaveSkills : ICommand
{
    public string Centre { get; init; } = "";
    public long PersonId { get; init; }

    /// <summary>Separated by blanks or commas.</summary>
    public string Skills { get; init; } = "";

    [GeneratedRegex(@"[\s,，、;；]+")]
    private static partial Regex Between();

    internal sealed class Handler(Db db, Actor actor, AuditTrail audit) : CommandHandler<SaveSkills>
    {
        protected override async Task RunAsync(SaveSkills command, CancellationToken ct)
        {
            if (!Centres.Labels.ContainsKey(command.Centre))
                throw new RuleBroken("请选择中心。", "Centre");
            if (
                !actor.Holds(Roles.Lead + ":" + command.Centre, actor.CourtId)
                || await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_role_grant WHERE person_id = @PersonId AND centre = @Centre AND court_id = @CourtId",
                    new
                    {
                        command.PersonId,
                        command.Centre,
                        actor.CourtId,
                    },
                    ct
                ) == 0
            )
                throw new NotFound("人员", command.PersonId);
            var skills = Between().Split(command.Skills).Where(s => s.Length > 0).Distinct().ToList();
            if (skills.Count > 20 || skills.Exists(s => s.Length > 40))
                throw new RuleBroken("最多 20 项技能，每项最长 40 个字符。", "Skills");
            // what the lead of another centre has entered for the same person is not this one's
            await db.ExecuteAsync(
                "DELETE FROM workzone_centre_skill WHERE person_id = @PersonId AND court_id = @CourtId AND centre = @Centre",
                new
                {
                    command.PersonId,
                    actor.CourtId,
                    command.Centre,
                },
                ct
            );
            foreach (var skill in skills)
                await db.ExecuteAsync(
                    "INSERT INTO workzone_centre_skill (person_id, court_id, centre, skill) VALUES (@PersonId, @CourtId, @Centre, @skill)",
                    new
                    {
                        command.PersonId,
                        actor.CourtId,
                        command.Centre,
                        skill,
                    },
                    ct
                );
            audit.Note("person", command.PersonId, new { command.Centre, skills });
        }
    }
}
