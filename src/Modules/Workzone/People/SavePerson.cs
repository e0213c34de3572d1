using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Rights;
using FluentValidation;

namespace CourtOps.Workzone.People;

/// <summary>
/// Creates a person, or changes the one with the id (version given). Roles that are taken away go at once; roles that are added wait for a second
/// person, except when the console or the first run asks.
/// </summary>
[Permit("workzone.people.manage")]
[Audited("workzone.person.save")]
internal sealed record SavePerson : ICommand<long>
{
    public long? Id { get; init; }
    public int? Version { get; init; }
    public string Login { get; init; } = "";
    public string Name { get; init; } = "";

    /// <summary>Code or name.</summary>
    public string Court { get; init; } = "";
    public string Division { get; init; } = "";
    public string Team { get; init; } = "";

    /// <summary>岗位, as the court calls it.</summary>
    public string Post { get; init; } = "";

    /// <summary>证件号码, kept encrypted and shown to nobody; tells whether a reader is a party. Null leaves it as it is, blank takes it away.</summary>
    public string? IdNumber { get; init; }

    /// <summary>"judge", "clerk:service" … in the person's own court. Null leaves them as they are.</summary>
    public IReadOnlyList<string>? Roles { get; init; } = [];

    /// <summary>By the console only; everybody else asks for a one-time password.</summary>
    public string? Password { get; init; }
    public bool MustChange { get; init; }
    public bool Active { get; init; } = true;

    /// <summary>Why the roles are needed; shown to whoever confirms.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Gathers the requests of a list into one.</summary>
    internal GatheredRoles? Gather { get; init; }

    internal sealed class Validator : AbstractValidator<SavePerson>
    {
        public Validator()
        {
            RuleFor(c => c.Login)
                .NotEmpty()
                .WithMessage("请填写登录名。")
                .MaximumLength(60)
                .WithMessage("登录名最长 60 个字符。")
                .Matches("^[A-Za-z0-9._-]+$")
                .When(c => c.Login.Length > 0, ApplyConditionTo.CurrentValidator)
                .WithMessage("登录名只能用字母、数字、点、横线和下划线。");
            RuleFor(c => c.Name).NotEmpty().WithMessage("请填写姓名。").MaximumLength(60).WithMessage("姓名最长 60 个字符。");
            RuleFor(c => c.Court).NotEmpty().WithMessage("请填写法院。");
            RuleFor(c => c.Division).MaximumLength(60).WithMessage("庭室最长 60 个字符。");
            RuleFor(c => c.Team).MaximumLength(60).WithMessage("团队最长 60 个字符。");
            RuleFor(c => c.Post).MaximumLength(60).WithMessage("岗位最长 60 个字符。");
            RuleFor(c => c.IdNumber)
                .Must(n => string.IsNullOrWhiteSpace(n) || IdNumbers.IsIdCard(Written.Sign(n)))
                .WithMessage("证件号码不是有效的 18 位居民身份证号码。请核对；不登记的留空。");
            RuleFor(c => c.Reason).MaximumLength(400).WithMessage("理由最长 400 个字符。");
            RuleFor(c => c.Roles).Must(r => r is not { Count: 0 }).When(c => c.Active, ApplyConditionTo.CurrentValidator).WithMessage("请至少选择一个角色。");
            RuleForEach(c => c.Roles).Must(r => Parse(r) is { } p && Workzone.Roles.IsKnown(p.Role, p.Centre)).WithMessage("没有这个角色：{PropertyValue}。");
        }
    }

    /// <summary>What is said where a login is taken, by whomever.</summary>
    internal static Said Taken(string login) => Say($"登录名 {login} 已有人使用。");

    private static Said Say(Said said) => said;

    internal static (string Role, string Centre)? Parse(string text)
    {
        var parts = text.Trim().Split(':');
        return parts.Length > 2 ? null : (parts[0], parts.Length == 2 ? parts[1] : "");
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        TimeProvider clock,
        Actor actor,
        AuditTrail audit,
        FactRecord facts,
        PersonCache cache,
        PolicyBook policies,
        RightsBook rights,
        Sessions sessions,
        Cases.TeamAccess teams,
        Secrets secrets,
        Keys keys,
        OpenWork work
    ) : ICommandHandler<SavePerson, long>
    {
        public async Task<long> Handle(SavePerson request, CancellationToken cancellationToken)
        {
            var court =
                await db.FirstAsync<long?>("SELECT id FROM workzone_court WHERE code = @Court OR name = @Court", new { request.Court }, cancellationToken)
                ?? throw new RuleBroken($"没有法院“{request.Court}”。", "Court");
            AdminScope.Demand(actor, court, "Court");
            if (request.Password is not null && !actor.IsSystem)
                throw new RuleBroken("密码不由管理员设定：请申请一次性密码，由您和确认人各持一半。", "Password");
            var wanted = request
                .Roles?.Distinct()
                .Select(r => Parse(r)!.Value)
                .Select(r => new RoleGrant
                {
                    Role = r.Role,
                    Centre = r.Centre,
                    CourtId = court,
                    Reach = RightsRules.DefaultReach(r.Role),
                })
                .ToList();
            if (wanted is not null)
                RightsRules.Demand(wanted);
            if (request.Password is { } password)
                Passwords.Check(
                    await policies.CurrentAsync(cancellationToken),
                    password,
                    request.Login,
                    wanted?.Any(w => Separation.IsAdministrator(w.Role)) == true
                );
            var id = request.Id ?? ids.Next();
            var was = request.Id is null
                ? null
                : await db.FirstAsync<Row>("SELECT court_id, team, state FROM workzone_person WHERE id = @id", new { id }, cancellationToken)
                    ?? throw new NotFound("人员", id);
            if (was is not null && !AdminScope.Covers(actor, was.CourtId))
                throw new NotFound("人员", id);
            try
            {
                if (was is null)
                    await InsertAsync(id, court, request, cancellationToken);
                else
                    await UpdateAsync(id, court, was, request, cancellationToken);
            }
            catch (Exception e) when (db.Dialect.IsDuplicate(e))
            {
                throw new RuleBroken(Taken(request.Login), "Login");
            }
            if (request.IdNumber is not null)
                await db.ExecuteAsync(
                    "UPDATE workzone_person SET id_number_enc = @enc, id_number_idx = @idx WHERE id = @id",
                    new
                    {
                        id,
                        enc = secrets.Protect(Written.Sign(request.IdNumber)),
                        idx = secrets.Blind(Written.Sign(request.IdNumber)),
                    },
                    cancellationToken
                );
            if (request.Password is not null)
                await facts.KeepAsync(
                    PasswordFacts.Of,
                    id,
                    PasswordFacts.DigestOf(
                        await db.FirstAsync<string>("SELECT password_hash FROM workzone_person WHERE id = @id", new { id }, cancellationToken)
                    ),
                    cancellationToken
                );
            audit.Note(
                "person",
                id,
                new
                {
                    request.Login,
                    state = request.Active ? "active" : "left",
                    idNumber = request.IdNumber is null ? "kept"
                    : request.IdNumber.Trim().Length > 0 ? "set"
                    : "removed",
                }
            );
            await RolesAsync(id, court, wanted, was, request, cancellationToken);
            if (was is not null && (was.Team != request.Team || was.CourtId != court))
            {
                if (TeamWaits(court, was, request))
                    await rights.AskAsync(
                        ChangeKind.Team,
                        id,
                        $"{request.Name}（{request.Login}）",
                        court,
                        new TeamBody(id, TeamUntilThen(court, was), request.Team),
                        request.Reason.Length > 0 ? request.Reason.Trim() : "人员登记",
                        null,
                        cancellationToken
                    );
                await teams.RefreshAsync(id, cancellationToken);
                await teams.RefreshTeamOfAsync(id, cancellationToken);
            }
            db.OnCommitted(() => cache.Drop(id));
            return id;
        }

        private Task InsertAsync(long id, long court, SavePerson request, CancellationToken ct) =>
            db.ExecuteAsync(
                """
                INSERT INTO workzone_person (id, login, name, court_id, division, team, post, password_hash, state, must_change, failed, locked_until, stamp,
                    language, created_at, password_changed_at, version)
                VALUES (@id, @Login, @Name, @court, @Division, @Team, @Post, @hash, @state, @MustChange, 0, NULL, @stamp, 'zh-CN', @now, @now, 1)
                """,
                new
                {
                    id,
                    request.Login,
                    request.Name,
                    court,
                    request.Division,
                    request.Team,
                    request.Post,
                    hash = request.Password is null ? null : Passwords.Hash(request.Password),
                    state = request.Active ? "active" : "left",
                    request.MustChange,
                    stamp = Secrets.NewToken(),
                    now = clock.GetUtcNow(),
                },
                ct
            );

        // another team gives the cases of its judges: a second person looks at it, in another court too, where a team may have the same name
        private bool TeamWaits(long court, Row was, SavePerson request) =>
            !actor.IsSystem && request is { Active: true, Team.Length: > 0 } && (was.Team != request.Team || was.CourtId != court);

        private static string TeamUntilThen(long court, Row was) => was.CourtId == court ? was.Team : "";

        private async Task UpdateAsync(long id, long court, Row was, SavePerson request, CancellationToken ct)
        {
            var leaves = was.State == "active" && !request.Active;
            if (leaves)
                foreach (var role in new[] { Workzone.Roles.SystemAdministrator, Workzone.Roles.SecurityAdministrator, Workzone.Roles.Auditor })
                    await rights.DemandAnotherAsync(id, role, null, ct);
            if ((leaves || was.CourtId != court) && await work.CountAsync(id, ct) is > 0 and var open)
                throw new RuleBroken($"此人还有 {open} 件未了的工作。请先交接，再停用或调离。", "Active", "open-work", $"/people/{id}/handover");
            var changed = await db.ExecuteAsync(
                """
                UPDATE workzone_person SET login = @Login, name = @Name, court_id = @court, division = @Division, team = @Team, post = @Post, state = @state,
                    left_at = @left, stamp = @stamp, version = version + 1
                WHERE id = @id AND version = @Version
                """,
                new
                {
                    id,
                    request.Version,
                    request.Login,
                    request.Name,
                    court,
                    request.Division,
                    Team = TeamWaits(court, was, request) ? TeamUntilThen(court, was) : request.Team,
                    request.Post,
                    state = request.Active ? "active" : "left",
                    left = request.Active ? (DateTimeOffset?)null : clock.GetUtcNow(),
                    stamp = Secrets.NewToken(),
                },
                ct
            );
            if (changed == 0)
                throw new Conflict("此人员刚被他人修改，请核对后再保存。");
            if (request.Password is not null)
                await db.ExecuteAsync(
                    "UPDATE workzone_person SET password_hash = @hash, must_change = @MustChange, failed = 0, locked_until = NULL, "
                        + "password_changed_at = @now WHERE id = @id",
                    new
                    {
                        id,
                        hash = Passwords.Hash(request.Password),
                        request.MustChange,
                        now = clock.GetUtcNow(),
                    },
                    ct
                );
            if (leaves || was.CourtId != court)
            {
                await db.ExecuteAsync(
                    "UPDATE workzone_api_key SET revoked_at = @now WHERE person_id = @id AND revoked_at IS NULL",
                    new { id, now = clock.GetUtcNow() },
                    ct
                );
                db.OnCommitted(keys.Clear);
            }
            if (leaves)
            {
                await sessions.EndAllAsync(id, "left", null, ct);
                await db.ExecuteAsync(
                    "UPDATE workzone_absence SET active = 0, cancelled_at = @now, version = version + 1 WHERE cancelled_at IS NULL AND person_id = @id",
                    new { id, now = clock.GetUtcNow() },
                    ct
                );
                await db.ExecuteAsync("DELETE FROM workzone_case_access WHERE person_id = @id", new { id }, ct);
            }
        }

        private async Task RolesAsync(long id, long court, List<RoleGrant>? wanted, Row? was, SavePerson request, CancellationToken ct)
        {
            var held = await rights.HeldAsync(id, ct);
            if (!request.Active)
            {
                await rights.RevokeAsync(id, held, ct);
                return;
            }
            if (was is not null && was.CourtId != court)
                await rights.RevokeAsync(id, [.. held.Where(h => h.CourtId == was.CourtId)], ct);
            if (wanted is null)
                return;
            var here = held.Where(h => h.CourtId == court).ToList();
            await rights.RevokeAsync(id, [.. here.Where(h => wanted.TrueForAll(w => w.Code != h.Code))], ct);
            var add = wanted.Where(w => !here.Exists(h => h.Code == w.Code)).ToList();
            if (add.Count == 0)
                return;
            if (actor.IsSystem)
            {
                await rights.GrantAsync(id, add, "console", "console", null, ct);
                return;
            }
            RightsRules.Demand([.. (await rights.HeldAsync(id, ct)), .. add]);
            var item = new RolesBody.Item(id, request.Login, request.Name, add, was is null);
            if (request.Gather is { } gather)
            {
                gather.Add(item, was is null ? OneTime.NewHalf() : null);
                return;
            }
            await rights.AskAsync(
                ChangeKind.Roles,
                id,
                $"{request.Name}（{request.Login}）",
                court,
                new RolesBody([item with { Password = false }]),
                request.Reason.Length > 0 ? request.Reason.Trim() : "人员登记",
                null,
                ct
            );
        }

        private sealed record Row
        {
            public long CourtId { get; init; }
            public string Team { get; init; } = "";
            public string State { get; init; } = "";
        }
    }
}

/// <summary>What a list of people asks for: roles, and first halves of one-time passwords for those who are new.</summary>
internal sealed class GatheredRoles
{
    private readonly List<RolesBody.Item> items = [];
    private readonly Dictionary<long, string> halves = [];

    public IReadOnlyList<RolesBody.Item> Items => items;

    public IReadOnlyDictionary<long, string> Halves => halves;

    public void Add(RolesBody.Item item, string? half)
    {
        items.Add(item);
        if (half is not null)
            halves[item.PersonId] = half;
    }
}

/// <summary>After a list: one request for all its roles.</summary>
[Permit("workzone.people.manage")]
[Audited("workzone.rights.ask-import")]
internal sealed record AskForGathered : ICommand<long>
{
    public string FileName { get; init; } = "";
    public required GatheredRoles Gathered { get; init; }

    internal sealed class Handler(RightsBook book, OneTime oneTime) : ICommandHandler<AskForGathered, long>
    {
        public Task<long> Handle(AskForGathered request, CancellationToken cancellationToken) =>
            book.AskAsync(
                ChangeKind.Roles,
                null,
                $"人员表 {request.FileName}：{request.Gathered.Items.Count} 人",
                null,
                new RolesBody(request.Gathered.Items),
                "人员表导入",
                request.Gathered.Halves.Count > 0 ? oneTime.Seal(request.Gathered.Halves) : null,
                cancellationToken
            );
    }
}
