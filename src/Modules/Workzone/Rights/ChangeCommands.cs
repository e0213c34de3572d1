using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;
using FluentValidation;
using MediatR;

namespace CourtOps.Workzone.Rights;

/// <summary>Asks for roles for one person; another decides.</summary>
[Permit("workzone.rights.manage")]
[Audited("workzone.rights.ask-roles")]
internal sealed record AskForRoles : ICommand<long>
{
    public long PersonId { get; init; }
    public IReadOnlyList<RoleGrant> Add { get; init; } = [];
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskForRoles>
    {
        public Validator()
        {
            RuleFor(c => c.Add).NotEmpty().WithMessage("请至少选择一个角色。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明申请的理由，供确认人判断。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, RightsBook book) : ICommandHandler<AskForRoles, long>
    {
        public async Task<long> Handle(AskForRoles request, CancellationToken cancellationToken)
        {
            var person = await AdminScope.PersonAsync(db, actor, request.PersonId, cancellationToken);
            if (person.State != "active")
                throw new RuleBroken("此人已停用，不能授予角色。", "PersonId");
            foreach (var court in request.Add.Select(a => a.CourtId).Distinct())
                AdminScope.Demand(actor, court, "CourtId");
            var held = await book.HeldAsync(person.Id, cancellationToken);
            var add = request.Add.Where(a => !held.Any(h => h.Code == a.Code && h.CourtId == a.CourtId)).ToList();
            if (add.Count == 0)
                throw new RuleBroken("此人已有这些角色。", "Add");
            RightsRules.Demand([.. held, .. add]);
            return await book.AskAsync(
                ChangeKind.Roles,
                person.Id,
                $"{person.Name}（{person.Login}）",
                person.CourtId,
                new RolesBody([new(person.Id, person.Login, person.Name, add, false)]),
                request.Reason.Trim(),
                null,
                cancellationToken
            );
        }
    }
}

internal sealed record PersonName
{
    public long Id { get; init; }
    public string Login { get; init; } = "";
    public string Name { get; init; } = "";
    public long CourtId { get; init; }
    public string State { get; init; } = "";
}

/// <summary>Takes a role back at once.</summary>
[Permit("workzone.rights.manage")]
[Audited("workzone.rights.take-role")]
internal sealed record TakeRole : ICommand
{
    public long PersonId { get; init; }
    public string Code { get; init; } = "";
    public long CourtId { get; init; }

    internal sealed class Handler(Db db, Actor actor, RightsBook book) : CommandHandler<TakeRole>
    {
        protected override async Task RunAsync(TakeRole command, CancellationToken ct)
        {
            await AdminScope.PersonAsync(db, actor, command.PersonId, ct);
            AdminScope.Demand(actor, command.CourtId, "CourtId");
            var grant =
                (await book.HeldAsync(command.PersonId, ct)).FirstOrDefault(g => g.Code == command.Code && g.CourtId == command.CourtId)
                ?? throw new NotFound("角色", command.Code);
            await book.RevokeAsync(command.PersonId, [grant], ct);
        }
    }
}

/// <summary>Asks for a one-time password for a person. The asker sees the first half, the one who confirms the second.</summary>
[Permit("workzone.people.manage")]
[Audited("workzone.rights.ask-password")]
internal sealed record AskForPassword : ICommand<string>
{
    public long PersonId { get; init; }
    public bool DropSecondFactor { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, Actor actor, RightsBook book, OneTime oneTime) : ICommandHandler<AskForPassword, string>
    {
        public async Task<string> Handle(AskForPassword request, CancellationToken cancellationToken)
        {
            var person = await AdminScope.PersonAsync(db, actor, request.PersonId, cancellationToken);
            if (person.State != "active")
                throw new RuleBroken("此人已停用。", "PersonId");
            var first = OneTime.NewHalf();
            await book.AskAsync(
                ChangeKind.Password,
                person.Id,
                $"{person.Name}（{person.Login}）",
                person.CourtId,
                new PasswordBody(person.Id, person.Login, request.DropSecondFactor),
                request.Reason.Trim(),
                oneTime.Seal(new Dictionary<long, string> { [person.Id] = first }),
                cancellationToken
            );
            return first;
        }
    }
}

/// <summary>Asks for cells of the role matrix to be changed.</summary>
[Permit("workzone.rights.manage")]
[Audited("workzone.rights.ask-matrix")]
internal sealed record AskForMatrix : ICommand<long>
{
    public IReadOnlyList<MatrixBody.Item> Items { get; init; } = [];
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, Actor actor, RightsBook book, ActionCatalogue catalogue) : ICommandHandler<AskForMatrix, long>
    {
        public async Task<long> Handle(AskForMatrix request, CancellationToken cancellationToken)
        {
            if (request.Items.Count is 0 or > 200)
                throw new RuleBroken("一次改 1 到 200 格。", "Items");
            foreach (var item in request.Items)
            {
                if (!Roles.All.Contains(item.Role) && !Roles.Labels.ContainsKey(item.Role))
                    throw new RuleBroken($"没有这个角色：{item.Role}。", "Role");
                var action = catalogue.Find(item.Action) ?? throw new RuleBroken($"没有这个权限：{item.Action}。", "Action");
                if (item.Allowed == true && !Separation.MayHold(item.Role, action.Kind))
                    throw new RuleBroken($"三员分立：{Roles.Labels[item.Role.Split(':')[0]]}不能有“{action.Label}”。", "Action", "separation");
                if (item.CourtId != 0)
                    AdminScope.Demand(actor, item.CourtId, "CourtId");
                if (item.Allowed == false && item.Action is "workzone.rights.manage" or "workzone.rights.confirm" && item.Role == Roles.SecurityAdministrator)
                    throw new RuleBroken("不能取消安全管理员的授权权限：之后没有人能改回来。", "Action", "last-administrator");
            }
            if (request.Items.Any(i => i.CourtId == 0))
                await AdminScope.DemandEverywhereAsync(db, actor, cancellationToken);
            return await book.AskAsync(
                ChangeKind.Matrix,
                null,
                "角色权限表",
                null,
                new MatrixBody(request.Items),
                request.Reason.Trim(),
                null,
                cancellationToken
            );
        }
    }
}

/// <summary>Asks for a new sign-in policy.</summary>
[Permit("workzone.rights.manage")]
[Audited("workzone.rights.ask-policy")]
internal sealed record AskForPolicy : ICommand<long>
{
    public SignInPolicy Policy { get; init; } = new();
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, Actor actor, RightsBook book, PolicyBook policies) : ICommandHandler<AskForPolicy, long>
    {
        public async Task<long> Handle(AskForPolicy request, CancellationToken cancellationToken)
        {
            if (request.Policy.WhyNot() is { } why)
                throw new RuleBroken(why, "Policy");
            var now = await policies.CurrentAsync(cancellationToken);
            if (request.Policy == now)
                throw new RuleBroken("与现行策略相同，没有变更。", "Policy");
            if (request.Policy.SecondFactor == "off" && now.SecondFactor != "off")
                throw new RuleBroken("管理员必须使用第二因素，不能关闭；只有演示数据不要求。", "SecondFactor", "second-factor");
            await AdminScope.DemandEverywhereAsync(db, actor, cancellationToken);
            return await book.AskAsync(ChangeKind.Policy, 1, "登录策略", null, request.Policy, request.Reason.Trim(), null, cancellationToken);
        }
    }
}

/// <summary>
/// To be sent before a change is confirmed, outside its transaction: makes its one-time passwords. Does nothing for whoever may not decide it; the
/// command itself refuses them. Returns how many were made.
/// </summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed record PreparePasswords : IQuery<int>
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, OneTime oneTime) : IQueryHandler<PreparePasswords, int>
    {
        public async Task<int> Handle(PreparePasswords request, CancellationToken cancellationToken)
        {
            var change = await db.FirstAsync<ChangeRow>(ChangeRow.Select + " WHERE c.id = @Id AND c.state = 'pending'", new { request.Id }, cancellationToken);
            if (
                change?.SecretEnc is null
                || change.Kind is not (ChangeKind.Roles or ChangeKind.Password)
                || !ChangeRow.MaySee(actor, change)
                || RightsRules.WhyNotDecide(change.AskedBy, change.Gains(), actor.Id, change.MayConfirm(actor)) is not null
            )
                return 0;
            var halves = oneTime.Unseal(change.SecretEnc);
            oneTime.Prepare(halves, cancellationToken);
            return halves.Count;
        }
    }
}

/// <summary>The second person confirms or refuses. What is confirmed takes effect in this transaction.</summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.rights.decide")]
internal sealed record DecideChange : ICommand<DecideChange.Result>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool Confirm { get; init; }
    public string Words { get; init; } = "";

    /// <param name="Halves">Second halves of one-time passwords by login; shown this once.</param>
    /// <param name="ReadyKey">True when the asker can now collect the key.</param>
    internal sealed record Result(string State, IReadOnlyDictionary<string, string> Halves, bool ReadyKey);

    internal sealed class Handler(
        Db db,
        Actor actor,
        TimeProvider clock,
        RightsBook book,
        PolicyBook policies,
        OneTime oneTime,
        PersonCache people,
        AuditTrail audit,
        Cases.Sealing sealing,
        Unsealing unsealing,
        OpenWork work,
        Cases.TeamAccess teams
    ) : ICommandHandler<DecideChange, Result>
    {
        public async Task<Result> Handle(DecideChange request, CancellationToken cancellationToken)
        {
            var change = await db.FirstAsync<ChangeRow>(ChangeRow.Select + " WHERE c.id = @Id", new { request.Id }, cancellationToken);
            if (change is null || !ChangeRow.MaySee(actor, change) || !await unsealing.MaySeeAsync(change, cancellationToken))
                throw new NotFound("变更申请", request.Id);
            if (change.State != "pending" || (request.Version is { } seen && seen != change.Version))
                throw new Conflict("这项申请已经处理过了。", change.DecidedByName, change.DecidedAt);
            if (change.ExpiresAt < clock.GetUtcNow())
                throw new RuleBroken("申请已过期，请重新申请。", code: "expired");
            if (actor.Kind == ActorKind.Key)
                throw new Forbidden("workzone.rights.confirm", "变更须由本人登录后确认，不能用密钥。");
            var gains = change.Gains();
            if (RightsRules.WhyNotDecide(change.AskedBy, gains, actor.Id, change.MayConfirm(actor)) is { } why)
                throw new Forbidden("workzone.rights.confirm", why);
            if (change.Courts().Contains(0))
                await AdminScope.DemandEverywhereAsync(db, actor, cancellationToken);
            if (!request.Confirm && string.IsNullOrWhiteSpace(request.Words))
                throw new RuleBroken("请写明不同意的理由。", "Words");
            if (request.Words.Length > 400)
                throw new RuleBroken("理由最长 400 个字符。", "Words");
            var state = request.Confirm ? "confirmed" : "refused";
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_change SET state = @state, decided_by = @by, decided_by_name = @name, decided_at = @now, words = @words, "
                        + "secret_enc = NULL, version = version + 1 WHERE id = @Id AND state = 'pending' AND version = @Version",
                    new
                    {
                        request.Id,
                        state,
                        by = actor.Id,
                        name = actor.Name,
                        now = clock.GetUtcNow(),
                        words = request.Words.Trim(),
                        change.Version,
                    },
                    cancellationToken
                ) == 0
            )
                throw new Conflict("这项申请刚被他人处理。");
            audit.Note("change", request.Id, new { change.Kind, state });
            var halves = request.Confirm ? await ApplyAsync(change, cancellationToken) : new Dictionary<string, string>();
            return new Result(state, halves, request.Confirm && change.Kind == ChangeKind.Key);
        }

        private async Task<IReadOnlyDictionary<string, string>> ApplyAsync(ChangeRow change, CancellationToken ct)
        {
            var halves = new Dictionary<string, string>();
            switch (change.Kind)
            {
                case ChangeKind.Roles:
                    var sealedHalves = oneTime.Unseal(change.SecretEnc);
                    foreach (var item in change.Read<RolesBody>().People)
                    {
                        await book.GrantAsync(item.PersonId, item.Add, change.AskedByName, actor.Name, change.Id, ct);
                        if (item.Password && sealedHalves.TryGetValue(item.PersonId, out var half))
                            halves[item.Login] = await oneTime.SetAsync(item.PersonId, half, ct);
                    }
                    break;
                case ChangeKind.Password:
                    var body = change.Read<PasswordBody>();
                    if (body.DropSecondFactor)
                        await db.ExecuteAsync("DELETE FROM workzone_second_factor WHERE person_id = @PersonId", new { body.PersonId }, ct);
                    halves[body.Login] = await oneTime.SetAsync(body.PersonId, oneTime.Unseal(change.SecretEnc)[body.PersonId], ct);
                    audit.Note("person", body.PersonId, new { password = "one-time", body.DropSecondFactor });
                    break;
                case ChangeKind.Matrix:
                    foreach (var item in change.Read<MatrixBody>().Items)
                    {
                        await db.ExecuteAsync(
                            "DELETE FROM workzone_matrix WHERE role = @Role AND action = @Action AND court_id = @CourtId",
                            new
                            {
                                item.Role,
                                item.Action,
                                item.CourtId,
                            },
                            ct
                        );
                        if (item.Allowed is { } allowed)
                            await db.ExecuteAsync(
                                "INSERT INTO workzone_matrix (role, action, court_id, allowed, changed_at, changed_by, confirmed_by) VALUES (@Role, "
                                    + "@Action, @CourtId, @allowed, @now, @by, @confirmed)",
                                new
                                {
                                    item.Role,
                                    item.Action,
                                    item.CourtId,
                                    allowed,
                                    now = clock.GetUtcNow(),
                                    by = change.AskedByName,
                                    confirmed = actor.Name,
                                },
                                ct
                            );
                        audit.Note("matrix", $"{item.Role}/{item.Action}/{item.CourtId}", new { item.Allowed });
                    }
                    db.OnCommitted(people.DropAll);
                    break;
                case ChangeKind.Policy:
                    await policies.SaveAsync(change.Read<SignInPolicy>(), change.Reason, change.AskedByName, actor.Name, ct);
                    audit.Note("policy", "sign-in", change.Read<SignInPolicy>());
                    break;
                case ChangeKind.Unseal:
                    await sealing.OpenAsync(change.Read<UnsealBody>().CaseId, ct);
                    break;
                case ChangeKind.HandOver:
                    var handed = change.Read<HandOverBody>();
                    var moved = await work.MoveAsync(handed.PersonId, change.CourtId!.Value, handed.To, change.Reason, ct);
                    audit.Note("person", handed.PersonId, new { handedOver = moved, to = handed.To });
                    break;
                case ChangeKind.Team:
                    var team = change.Read<TeamBody>();
                    if (
                        await db.ExecuteAsync(
                            "UPDATE workzone_person SET team = @Team, version = version + 1 WHERE id = @PersonId AND state = 'active' AND team = @Was "
                                + "AND court_id = @CourtId",
                            new
                            {
                                team.PersonId,
                                team.Team,
                                team.Was,
                                change.CourtId,
                            },
                            ct
                        ) == 0
                    )
                        throw new Conflict("此人的团队、法院或状态在申请之后变了，请退回，重新申请。");
                    await teams.RefreshAsync(team.PersonId, ct);
                    await teams.RefreshTeamOfAsync(team.PersonId, ct);
                    audit.Note("person", team.PersonId, new { team.Team });
                    db.OnCommitted(() => people.Drop(team.PersonId));
                    break;
                case ChangeKind.Key:
                    break; // the asker collects it
                default:
                    throw new InvalidOperationException($"Unknown change {change.Kind}.");
            }
            return halves;
        }
    }
}

/// <summary>The asker takes a request back before it is decided.</summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.rights.withdraw")]
internal sealed record WithdrawChange : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, AuditTrail audit) : CommandHandler<WithdrawChange>
    {
        protected override async Task RunAsync(WithdrawChange command, CancellationToken ct)
        {
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_change SET state = 'withdrawn', decided_at = @now, secret_enc = NULL, version = version + 1 WHERE id = @Id AND "
                        + "state = 'pending' AND asked_by = @me",
                    new
                    {
                        command.Id,
                        me = actor.Id,
                        now = clock.GetUtcNow(),
                    },
                    ct
                ) == 0
            )
                throw new NotFound("等待确认的申请", command.Id);
            audit.Note("change", command.Id);
        }
    }
}
