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

    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, Actor actor, CaseAccess access, IWorkOrders orders, AuditTrail audit, Changes changes, People.PersonCache people) : ICommandHandler<Recuse, long>
    {
        public async Task<long> Handle(Recuse request, CancellationToken cancellationToken)
        {
            await access.DemandAsync(request.CaseId, cancellationToken);
            if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 200)
                throw new RuleBroken("请写明回避的理由，最长 200 个字符。", "Reason");
            var person = await db.FirstAsync<long?>("SELECT id FROM workzone_person WHERE login = @login AND state = 'active'", new { login = request.Login.Trim() }, cancellationToken)
                ?? throw new RuleBroken($"没有登录名为 {request.Login} 的在用人员。", "Login");
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_recusal WHERE case_id = @CaseId AND person_id = @person AND ended_at IS NULL", new { request.CaseId, person }, cancellationToken) > 0)
                throw new RuleBroken("此人对本案已经回避。", "Login");
            var id = ids.Next();
            await db.ExecuteAsync("INSERT INTO workzone_recusal (id, case_id, person_id, reason, since, by_name) VALUES (@id, @CaseId, @person, @Reason, @now, @Name)",
                new { id, request.CaseId, person, Reason = request.Reason.Trim(), now = clock.GetUtcNow(), actor.Name }, cancellationToken);
            foreach (var order in await db.QueryAsync<long>("SELECT id FROM workzone_order WHERE case_id = @CaseId AND assignee_id = @person AND is_open = 1", new { request.CaseId, person }, cancellationToken))
                await orders.TakeFromAsync(order, person, null, "回避", cancellationToken);
            await db.ExecuteAsync("DELETE FROM workzone_case_access WHERE case_id = @CaseId AND person_id = @person", new { request.CaseId, person }, cancellationToken);
            audit.Note("case", request.CaseId, new { recused = person });
            db.OnCommitted(() =>
            {
                people.Drop(person);
                changes.Say($"case:{request.CaseId}");
                changes.Forget(person);
            });
            return id;
        }
    }
}

/// <summary>The recusal ends, for instance because it was refused on review.</summary>
[Permit("workzone.recusals.manage")]
[Audited("workzone.recusal.end")]
internal sealed record EndRecusal : ICommand
{
    public long Id { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, TimeProvider clock, Actor actor, CaseAccess access, TeamAccess teams, AuditTrail audit, People.PersonCache people) : CommandHandler<EndRecusal>
    {
        protected override async Task RunAsync(EndRecusal command, CancellationToken ct)
        {
            var row = await db.FirstAsync<Row>("SELECT case_id, person_id FROM workzone_recusal WHERE id = @Id AND ended_at IS NULL", new { command.Id }, ct) ?? throw new NotFound("回避", command.Id);
            await access.DemandAsync(row.CaseId, ct);
            if (row.PersonId == actor.Id)
                throw new Forbidden("workzone.recusals.manage", "回避不能由本人解除。");
            if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > 200)
                throw new RuleBroken("请写明解除的理由，最长 200 个字符。", "Reason");
            await db.ExecuteAsync("UPDATE workzone_recusal SET ended_at = @now, end_reason = @reason WHERE id = @Id", new { command.Id, now = clock.GetUtcNow(), reason = command.Reason.Trim() }, ct);
            await teams.RefreshCaseAsync(row.CaseId, ct);
            db.OnCommitted(() => people.Drop(row.PersonId));
            audit.Note("case", row.CaseId, new { recusalEnded = row.PersonId });
        }

        private sealed record Row
        {
            public long CaseId { get; init; }
            public long PersonId { get; init; }
        }
    }
}
