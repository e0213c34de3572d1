using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.People;

/// <summary>What a person still has in hand, of every kind that a module registered; it must be handed over before they leave.</summary>
internal sealed class OpenWork(IEnumerable<IOpenWork> kinds, Db db, TimeProvider clock)
{
    public IReadOnlyList<IOpenWork> Kinds { get; } = [.. kinds];

    public async Task<int> CountAsync(long personId, CancellationToken ct)
    {
        var sum = 0;
        foreach (var kind in Kinds)
            sum += await kind.CountAsync(personId, ct);
        return sum;
    }

    /// <summary>Moves everything; what there was of each kind.</summary>
    /// <param name="heirs">By the code of the kind.</param>
    /// <exception cref="RuleBroken">Somebody must take it and nobody is named, or who is named cannot.</exception>
    public async Task<IReadOnlyDictionary<string, int>> MoveAsync(
        long personId,
        long court,
        IReadOnlyDictionary<string, long?> heirs,
        string reason,
        CancellationToken ct
    )
    {
        var moved = new Dictionary<string, int>();
        foreach (var kind in Kinds)
        {
            var count = await kind.CountAsync(personId, ct);
            moved[kind.Code] = count;
            if (count == 0)
                continue;
            var heir = heirs.GetValueOrDefault(kind.Code);
            if (heir == personId)
                throw new RuleBroken("不能交接给本人。", HandOver.FieldOf(kind.Code));
            if (heir is null && kind.NeedsHeir)
                throw new RuleBroken($"“{kind.Label}”还有 {count} 件，请选择由谁接手。", HandOver.FieldOf(kind.Code));
            if (heir is { } to && !kind.Takes(await RolesAsync(to, court, ct)))
                throw new RuleBroken($"接手的人在本院没有相应的角色，不能接“{kind.Label}”。", HandOver.FieldOf(kind.Code));
            await kind.HandOverAsync(new OpenWorkMove(personId, court, heir, reason), ct);
        }
        return moved;
    }

    private async Task<IReadOnlyCollection<string>> RolesAsync(long personId, long court, CancellationToken ct) =>
        [
            .. (
                await db.QueryAsync<Rights.RoleGrant>(
                    "SELECT r.role, r.centre, r.court_id, r.reach, r.until_at FROM workzone_role_grant r JOIN workzone_person p ON p.id = r.person_id "
                        + "WHERE p.state = 'active' AND r.person_id = @personId AND r.court_id = @court AND (r.until_at IS NULL OR r.until_at > @now)",
                    new
                    {
                        personId,
                        court,
                        now = clock.GetUtcNow(),
                    },
                    ct
                )
            ).Select(g => g.Code),
        ];
}

/// <summary>Orders in hand: to somebody of their centre, or back into its queue.</summary>
internal sealed class OrdersInHand(Db db, IWorkOrders orders, TimeProvider clock) : IOpenWork
{
    public string Code => "orders";

    public string Label => "手上的工单";

    public bool NeedsHeir => false;

    public bool Takes(IReadOnlyCollection<string> roles) => roles.Any(r => Roles.CentreOf(r) is not null);

    public Task<int> CountAsync(long personId, CancellationToken ct) =>
        db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_order WHERE assignee_id = @personId AND is_open = 1", new { personId }, ct);

    public async Task<int> HandOverAsync(OpenWorkMove move, CancellationToken ct)
    {
        var inHand = await db.QueryAsync<Open>(
            "SELECT id, centre, court_id FROM workzone_order WHERE assignee_id = @PersonId AND is_open = 1",
            new { move.PersonId },
            ct
        );
        foreach (var (centre, court) in inHand.Select(o => (o.Centre, o.CourtId)).Distinct())
            if (
                move.HeirId is { } to
                && await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_role_grant WHERE person_id = @to AND court_id = @court AND centre = @centre AND (until_at IS NULL "
                        + "OR until_at > @now)",
                    new
                    {
                        to,
                        court,
                        centre,
                        now = clock.GetUtcNow(),
                    },
                    ct
                ) == 0
            )
                throw new RuleBroken($"接手的人不在{Centres.Labels.GetValueOrDefault(centre, centre)}，不能接工单。", "OrdersTo");
        foreach (var order in inHand)
            await orders.TakeFromAsync(order.Id, move.PersonId, move.HeirId, move.Reason, ct);
        return inHand.Count;
    }

    private sealed record Open
    {
        public long Id { get; init; }
        public string Centre { get; init; } = "";
        public long CourtId { get; init; }
    }
}

/// <summary>Orders asked for: somebody who works on cases of the court confirms them from now on.</summary>
internal sealed class OrdersAsked(Db db, IWorkOrders orders, TimeProvider clock) : IOpenWork
{
    public string Code => "asked";

    public string Label => "发起未结的工单";

    public bool NeedsHeir => true;

    public bool Takes(IReadOnlyCollection<string> roles) => roles.Any(r => Roles.Work.Contains(r.Split(':')[0]));

    public Task<int> CountAsync(long personId, CancellationToken ct) =>
        db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_order WHERE asked_by = @personId AND is_open = 1", new { personId }, ct);

    public async Task<int> HandOverAsync(OpenWorkMove move, CancellationToken ct)
    {
        var asked = await db.QueryAsync<long>("SELECT id FROM workzone_order WHERE asked_by = @PersonId AND is_open = 1", new { move.PersonId }, ct);
        if (
            await db.ScalarAsync<int>(
                """
                SELECT COUNT(*) FROM workzone_order o
                WHERE o.asked_by = @PersonId AND o.is_open = 1
                  AND NOT EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = @HeirId AND r.court_id = o.court_id AND (r.until_at IS NULL OR
                      r.until_at > @now))
                """,
                new
                {
                    move.PersonId,
                    move.HeirId,
                    now = clock.GetUtcNow(),
                },
                ct
            )
            is > 0
                and var elsewhere
        )
            throw new RuleBroken($"其中 {elsewhere} 件属于另一法院，接手的人在那里没有角色。请先由该法院处理这几件，再交接其余。", "AskedTo");
        foreach (var order in asked)
            await orders.HandAskingToAsync(order, move.HeirId!.Value, move.Reason, ct);
        return asked.Count;
    }
}

/// <summary>The open cases of a judge: to another judge of the court.</summary>
internal sealed class CasesOfJudge(Db db, TeamAccess teams, AuditTrail audit, TimeProvider clock, Supervision.CaseCounts counts, ICaseRegister register)
    : IOpenWork
{
    public string Code => "cases";

    public string Label => "承办的未结案件";

    public bool NeedsHeir => true;

    public bool Takes(IReadOnlyCollection<string> roles) => roles.Contains(Roles.Judge);

    public Task<int> CountAsync(long personId, CancellationToken ct) =>
        db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case WHERE judge_id = @personId AND state = 'open'", new { personId }, ct);

    public async Task<int> HandOverAsync(OpenWorkMove move, CancellationToken ct)
    {
        var judge = move.HeirId!.Value;
        if (
            await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM workzone_recusal x JOIN workzone_case c ON c.id = x.case_id WHERE x.person_id = @judge AND x.ended_at IS NULL "
                    + "AND c.judge_id = @PersonId AND c.state = 'open'",
                new { judge, move.PersonId },
                ct
            )
            is > 0
                and var recused
        )
            throw new RuleBroken($"接办的法官对其中 {recused} 件案件须回避。请先由立案庭把这几件改派他人，再交接其余。", "CasesTo");
        if (
            await db.ScalarAsync<int>(
                """
                SELECT COUNT(*) FROM workzone_case c
                WHERE c.judge_id = @PersonId AND c.state = 'open'
                  AND NOT EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = @judge AND r.role = 'judge' AND r.court_id = c.court_id AND
                      (r.until_at IS NULL OR r.until_at > @now))
                """,
                new
                {
                    move.PersonId,
                    judge,
                    now = clock.GetUtcNow(),
                },
                ct
            )
            is > 0
                and var elsewhere
        )
            throw new RuleBroken($"其中 {elsewhere} 件属于另一法院，接办的法官不在那里履职。请先由该法院改派这几件，再交接其余。", "CasesTo");
        var cases = await db.QueryAsync<long>("SELECT id FROM workzone_case WHERE judge_id = @PersonId AND state = 'open'", new { move.PersonId }, ct);
        foreach (var id in cases)
            await ChangeJudge.MoveAsync(counts, teams, audit, register, id, move.PersonId, judge, Kernel.Web.Times.Day(clock.GetUtcNow()), ct);
        return cases.Count;
    }
}
