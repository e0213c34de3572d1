using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.People;

/// <summary>What a person has in hand, and who could take it.</summary>
[Permit("workzone.people.manage")]
internal sealed record ShowHandover : IQuery<ShowHandover.Result>
{
    public long PersonId { get; init; }

    internal sealed record Result(string Login, string Name, string CourtName, string State, IReadOnlyList<OrderRow> InHand, IReadOnlyList<OrderRow> Asked, int Cases, IReadOnlyList<Heir> Heirs);

    /// <summary>Numbers and types only: who runs the system sees no case.</summary>
    internal sealed record OrderRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string OrderType { get; init; } = "";
        public string Centre { get; init; } = "";
        public string State { get; init; } = "";
        public DateTimeOffset? DueAt { get; init; }
    }

    internal sealed record Heir
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public string RoleCodes { get; init; } = "";
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ShowHandover, Result>
    {
        public async Task<Result> Handle(ShowHandover request, CancellationToken cancellationToken)
        {
            await AdminScope.PersonAsync(db, actor, request.PersonId, cancellationToken);
            var person = await db.FirstAsync<Row>("SELECT p.login, p.name, p.court_id, t.name AS court_name, p.state FROM workzone_person p JOIN workzone_court t ON t.id = p.court_id WHERE p.id = @PersonId", new { request.PersonId }, cancellationToken) ?? throw new NotFound("人员", request.PersonId);
            const string columns = "SELECT o.id, o.number, o.order_type, o.centre, o.state, o.due_at FROM workzone_order o WHERE ";
            return new Result(person.Login, person.Name, person.CourtName, person.State,
                await db.PageAsync<OrderRow>(columns + "o.assignee_id = @PersonId AND o.is_open = 1 ORDER BY o.due_at", new { request.PersonId }, 2000, cancellationToken),
                await db.PageAsync<OrderRow>(columns + "o.asked_by = @PersonId AND o.is_open = 1 ORDER BY o.due_at", new { request.PersonId }, 2000, cancellationToken),
                await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case WHERE judge_id = @PersonId AND state = 'open'", new { request.PersonId }, cancellationToken),
                await db.PageAsync<Heir>(
                    """
                    SELECT p.id, p.login, p.name, (SELECT STRING_AGG(CONCAT(r.role, CASE WHEN r.centre = '' THEN '' ELSE CONCAT(':', r.centre) END), ' ') FROM workzone_role_grant r WHERE r.person_id = p.id AND r.court_id = @CourtId) AS role_codes
                    FROM workzone_person p
                    WHERE p.state = 'active' AND p.id <> @PersonId
                      AND EXISTS (SELECT 1 FROM workzone_role_grant g WHERE g.person_id = p.id AND g.court_id = @CourtId AND g.role IN ('judge', 'assistant', 'clerk', 'lead'))
                    ORDER BY p.name
                    """, new { request.PersonId, person.CourtId }, 500, cancellationToken));
        }

        private sealed record Row
        {
            public string Login { get; init; } = "";
            public string Name { get; init; } = "";
            public long CourtId { get; init; }
            public string CourtName { get; init; } = "";
            public string State { get; init; } = "";
        }
    }
}

/// <summary>Hands over everything open in one go: orders in hand, orders asked for, cases of a judge.</summary>
[Permit("workzone.people.manage")]
[Audited("workzone.person.hand-over")]
internal sealed record HandOver : ICommand<HandOver.Result>
{
    public long PersonId { get; init; }

    /// <summary>Takes the orders in hand; null puts them back into the queue.</summary>
    public long? OrdersTo { get; init; }

    /// <summary>Confirms from now on what this person asked for.</summary>
    public long? AskedTo { get; init; }

    /// <summary>The judge who takes the cases.</summary>
    public long? CasesTo { get; init; }
    public string Reason { get; init; } = "";

    internal sealed record Result(int Orders, int Asked, int Cases);

    internal sealed class Handler(Db db, Actor actor, IWorkOrders orders, TeamAccess teams, AuditTrail audit, TimeProvider clock) : ICommandHandler<HandOver, Result>
    {
        public async Task<Result> Handle(HandOver request, CancellationToken cancellationToken)
        {
            if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 200)
                throw new RuleBroken("请写明交接的理由，最长 200 个字符。", "Reason");
            var court = (await AdminScope.PersonAsync(db, actor, request.PersonId, cancellationToken)).CourtId;
            foreach (var heir in new[] { request.OrdersTo, request.AskedTo, request.CasesTo })
                if (heir == request.PersonId)
                    throw new RuleBroken("不能交接给本人。", "OrdersTo");
            var inHand = await db.QueryAsync<Open>("SELECT id, centre FROM workzone_order WHERE assignee_id = @PersonId AND is_open = 1", new { request.PersonId }, cancellationToken);
            if (request.OrdersTo is { } to)
                foreach (var centre in inHand.Select(o => o.Centre).Distinct())
                    await DemandAsync(to, court, "", centre, $"接手的人不在{Centres.Labels.GetValueOrDefault(centre, centre)}，不能接工单。", "OrdersTo", cancellationToken);
            foreach (var order in inHand)
                await orders.TakeFromAsync(order.Id, request.PersonId, request.OrdersTo, request.Reason.Trim(), cancellationToken);
            var asked = await db.QueryAsync<long>("SELECT id FROM workzone_order WHERE asked_by = @PersonId AND is_open = 1", new { request.PersonId }, cancellationToken);
            if (asked.Count > 0)
            {
                if (request.AskedTo is not { } asker)
                    throw new RuleBroken($"此人发起的 {asked.Count} 张工单还没有办结，请选择由谁确认。", "AskedTo");
                await DemandAsync(asker, court, "", "", "接手的人不在本院。", "AskedTo", cancellationToken);
                foreach (var order in asked)
                    await orders.HandAskingToAsync(order, asker, request.Reason.Trim(), cancellationToken);
            }
            var cases = await db.QueryAsync<long>("SELECT id FROM workzone_case WHERE judge_id = @PersonId AND state = 'open'", new { request.PersonId }, cancellationToken);
            if (cases.Count > 0)
            {
                if (request.CasesTo is not { } judge)
                    throw new RuleBroken($"此人承办的 {cases.Count} 件案件还没有结，请选择接办的法官。", "CasesTo");
                await DemandAsync(judge, court, Roles.Judge, "", "接办的人不是本院法官。", "CasesTo", cancellationToken);
                if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_recusal x JOIN workzone_case c ON c.id = x.case_id WHERE x.person_id = @judge AND x.ended_at IS NULL AND c.judge_id = @PersonId AND c.state = 'open'", new { judge, request.PersonId }, cancellationToken) is > 0 and var recused)
                    throw new RuleBroken($"接办的法官对其中 {recused} 件案件须回避。请先由立案庭把这几件改派他人，再交接其余。", "CasesTo");
                foreach (var id in cases)
                    await ChangeJudge.MoveAsync(db, teams, audit, id, judge, Kernel.Web.Times.Day(clock.GetUtcNow()), cancellationToken);
            }
            audit.Note("person", request.PersonId, new { handedOver = inHand.Count, asked = asked.Count, cases = cases.Count, request.OrdersTo, request.AskedTo, request.CasesTo });
            return new Result(inHand.Count, asked.Count, cases.Count);
        }

        // a blank role or centre is any
        private async Task DemandAsync(long personId, long court, string role, string centre, string refusal, string field, CancellationToken ct)
        {
            if (await db.ScalarAsync<int>(
                """
                SELECT COUNT(*) FROM workzone_role_grant r
                JOIN workzone_person p ON p.id = r.person_id
                WHERE p.state = 'active' AND r.person_id = @personId AND r.court_id = @court AND (@role = '' OR r.role = @role) AND (@centre = '' OR r.centre = @centre)
                """, new { personId, court, role, centre }, ct) == 0)
                throw new RuleBroken(refusal, field);
        }

        private sealed record Open
        {
            public long Id { get; init; }
            public string Centre { get; init; } = "";
        }
    }
}

/// <summary>Another judge takes a case: who sees it changes with it.</summary>
[Permit("workzone.cases.allot")]
[Audited("workzone.case.change-judge")]
internal sealed record ChangeJudge : ICommand
{
    public long CaseId { get; init; }

    /// <summary>Login of the judge.</summary>
    public string Judge { get; init; } = "";
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, CaseAccess access, TeamAccess teams, AuditTrail audit, TimeProvider clock) : CommandHandler<ChangeJudge>
    {
        protected override async Task RunAsync(ChangeJudge command, CancellationToken ct)
        {
            await access.DemandAsync(command.CaseId, ct);
            if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > 200)
                throw new RuleBroken("请写明改派的理由，最长 200 个字符。", "Reason");
            var judge = await db.FirstAsync<long?>(
                """
                SELECT p.id FROM workzone_person p
                JOIN workzone_case c ON c.id = @CaseId
                JOIN workzone_role_grant r ON r.person_id = p.id AND r.court_id = c.court_id AND r.role = 'judge'
                WHERE p.login = @login AND p.state = 'active'
                  AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = p.id AND x.ended_at IS NULL)
                """, new { command.CaseId, login = command.Judge.Trim() }, ct) ?? throw new RuleBroken("此人不是本院在用的法官，或对本案须回避。", "Judge");
            await MoveAsync(db, teams, audit, command.CaseId, judge, Kernel.Web.Times.Day(clock.GetUtcNow()), ct);
        }
    }

    internal static async Task MoveAsync(Db db, TeamAccess teams, AuditTrail audit, long caseId, long judge, DateOnly today, CancellationToken ct)
    {
        await db.ExecuteAsync("UPDATE workzone_case SET judge_id = @judge, allotted_on = @today, version = version + 1 WHERE id = @caseId", new { caseId, judge, today }, ct);
        await teams.RefreshCaseAsync(caseId, ct);
        audit.Note("case", caseId, new { judge });
    }
}
