using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Cases;

/// <summary>回避: a person is shut out of a case, whatever else would let them in. What they had in hand of it goes back to the queue.</summary>
[Permit("workzone.recusals.manage")]
[Audited("workzone.recusal.add")]
internal sealed record Recuse : ICommand<long>
{
    public long CaseId { get; init; }

    /// <summary>Login of the person.</summary>
    public string Login { get; init; } = "";
    public string Reason { get; init; } = "";

    internal sealed class Handler(
        Db db,
        Ids ids,
        TimeProvider clock,
        Actor actor,
        CaseAccess access,
        IWorkOrders orders,
        AuditTrail audit,
        Changes changes,
        People.PersonCache people
    ) : ICommandHandler<Recuse, long>
    {
        public async Task<long> Handle(Recuse request, CancellationToken cancellationToken)
        {
            await access.DemandAsync(request.CaseId, cancellationToken);
            if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 200)
                throw new RuleBroken("请写明回避的理由，最长 200 个字符。", "Reason");
            var person = await PersonAsync(request, cancellationToken) ?? throw new RuleBroken($"没有登录名为 {request.Login} 的在用人员。", "Login");
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_recusal WHERE case_id = @CaseId AND person_id = @person AND ended_at IS NULL",
                    new { request.CaseId, person },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("此人对本案已经回避。", "Login");
            var id = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO workzone_recusal (id, case_id, person_id, reason, since, by_name) VALUES (@id, @CaseId, @person, @Reason, @now, @Name)",
                new
                {
                    id,
                    request.CaseId,
                    person,
                    Reason = request.Reason.Trim(),
                    now = clock.GetUtcNow(),
                    actor.Name,
                },
                cancellationToken
            );
            foreach (
                var order in await db.QueryAsync<long>(
                    "SELECT id FROM workzone_order WHERE case_id = @CaseId AND assignee_id = @person AND is_open = 1",
                    new { request.CaseId, person },
                    cancellationToken
                )
            )
                await orders.TakeFromAsync(order, person, null, "回避", cancellationToken);
            await db.ExecuteAsync(
                "DELETE FROM workzone_case_access WHERE case_id = @CaseId AND person_id = @person",
                new { request.CaseId, person },
                cancellationToken
            );
            audit.Note("case", request.CaseId, new { recused = person });
            db.OnCommitted(() =>
            {
                people.Drop(person);
                changes.Say($"case:{request.CaseId}");
                changes.Forget(person);
            });
            return id;
        }

        // whom it could concern: a role that reaches the case's court, or a place on the case
        private async Task<long?> PersonAsync(Recuse request, CancellationToken ct)
        {
            var court = await db.FirstAsync<long>("SELECT court_id FROM workzone_case WHERE id = @CaseId", new { request.CaseId }, ct);
            return await db.FirstAsync<long?>(
                """
                SELECT p.id FROM workzone_person p
                WHERE p.login = @login AND p.state = 'active'
                  AND (EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND (r.court_id = @court OR (r.reach = 'below' AND r.court_id
                      IN @above)))
                       OR EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.person_id = p.id AND a.case_id = @CaseId))
                """,
                new
                {
                    login = request.Login.Trim(),
                    court,
                    above = (await People.CourtTree.LoadAsync(db)).Above(court),
                    request.CaseId,
                },
                ct
            );
        }
    }
}

/// <summary>The recusal ends, for instance because it was refused on review.</summary>
[Permit("workzone.recusals.manage")]
[Audited("workzone.recusal.end")]
internal sealed record EndRecusal : ICommand
{
    public long CaseId { get; init; }
    public long Id { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, TimeProvider clock, Actor actor, CaseAccess access, TeamAccess teams, AuditTrail audit, People.PersonCache people)
        : CommandHandler<EndRecusal>
    {
        protected override async Task RunAsync(EndRecusal command, CancellationToken ct)
        {
            await access.DemandAsync(command.CaseId, ct);
            var recused =
                await db.FirstAsync<long?>(
                    "SELECT person_id FROM workzone_recusal WHERE id = @Id AND case_id = @CaseId AND ended_at IS NULL",
                    new { command.Id, command.CaseId },
                    ct
                ) ?? throw new NotFound("回避", command.Id);
            if (recused == actor.Id)
                throw new Forbidden("workzone.recusals.manage", "回避不能由本人解除。");
            if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > 200)
                throw new RuleBroken("请写明解除的理由，最长 200 个字符。", "Reason");
            await db.ExecuteAsync(
                "UPDATE workzone_recusal SET ended_at = @now, end_reason = @reason WHERE id = @Id",
                new
                {
                    command.Id,
                    now = clock.GetUtcNow(),
                    reason = command.Reason.Trim(),
                },
                ct
            );
            await teams.RefreshCaseAsync(command.CaseId, ct);
            db.OnCommitted(() => people.Drop(recused));
            audit.Note("case", command.CaseId, new { recusalEnded = recused });
        }
    }
}
