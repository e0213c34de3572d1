using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.Workzone.People;

/// <summary>Creates a person, or changes the one with the same login (version given) .</summary>
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

    /// <summary>"judge", "clerk:service" …</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Null leaves the password as it is; a new person without one cannot sign in yet.</summary>
    public string? Password { get; init; }
    public bool MustChange { get; init; }
    public bool Active { get; init; } = true;

    internal sealed class Validator : AbstractValidator<SavePerson>
    {
        public Validator()
        {
            RuleFor(c => c.Login).NotEmpty().WithMessage("请填写登录名。").MaximumLength(60).WithMessage("登录名最长 60 个字符。")
                .Matches("^[A-Za-z0-9._-]+$").When(c => c.Login.Length > 0).WithMessage("登录名只能用字母、数字、点、横线和下划线。");
            RuleFor(c => c.Name).NotEmpty().WithMessage("请填写姓名。").MaximumLength(60).WithMessage("姓名最长 60 个字符。");
            RuleFor(c => c.Court).NotEmpty().WithMessage("请填写法院。");
            RuleFor(c => c.Roles).NotEmpty().WithMessage("请至少选择一个角色。");
            RuleForEach(c => c.Roles).Must(r => Parse(r) is { } p && Workzone.Roles.IsKnown(p.Role, p.Centre)).WithMessage("没有这个角色：{PropertyValue}。");
        }
    }

    internal static (string Role, string Centre)? Parse(string text)
    {
        var parts = text.Trim().Split(':');
        return parts.Length > 2 ? null : (parts[0], parts.Length == 2 ? parts[1] : "");
    }

    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, AuditTrail audit, PersonCache cache) : ICommandHandler<SavePerson, long>
    {
        public async Task<long> Handle(SavePerson request, CancellationToken cancellationToken)
        {
            var court = await db.FirstAsync<long?>("SELECT id FROM workzone_court WHERE code = @Court OR name = @Court", new { request.Court }, cancellationToken)
                ?? throw new RuleBroken($"没有法院“{request.Court}”。", "Court");
            if (request.Password is { } password)
                Passwords.Check(password, request.Login);
            var id = request.Id ?? ids.Next();
            var state = request.Active ? "active" : "left";
            try
            {
                if (request.Id is null)
                {
                    await db.ExecuteAsync(
                        """
                        INSERT INTO workzone_person (id, login, name, court_id, division, team, password_hash, state, must_change, failed, locked_until, stamp, language, created_at, version)
                        VALUES (@id, @Login, @Name, @court, @Division, @Team, @hash, @state, @MustChange, 0, NULL, @stamp, 'zh-CN', @now, 1)
                        """,
                        new { id, request.Login, request.Name, court, request.Division, request.Team, hash = request.Password is null ? null : Passwords.Hash(request.Password), state, request.MustChange, stamp = Secrets.NewToken(), now = clock.GetUtcNow() }, cancellationToken);
                }
                else
                {
                    if (!request.Active && await IsLastAdministratorAsync(id, cancellationToken) || (!request.Roles.Contains(Workzone.Roles.SystemAdministrator) && await IsLastAdministratorAsync(id, cancellationToken)))
                        throw new RuleBroken("这是最后一名系统管理员，不能停用或取消其角色。", "Roles");
                    var changed = await db.ExecuteAsync(
                        """
                        UPDATE workzone_person SET login = @Login, name = @Name, court_id = @court, division = @Division, team = @Team, state = @state, stamp = @stamp, version = version + 1
                        WHERE id = @id AND version = @Version
                        """,
                        new { id, request.Version, request.Login, request.Name, court, request.Division, request.Team, state, stamp = Secrets.NewToken() }, cancellationToken);
                    if (changed == 0)
                        throw await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_person WHERE id = @id", new { id }, cancellationToken) == 0
                            ? new NotFound("人员", id)
                            : new Conflict("此人员刚被他人修改，请核对后再保存。");
                    if (request.Password is not null)
                        await db.ExecuteAsync("UPDATE workzone_person SET password_hash = @hash, must_change = @MustChange, failed = 0, locked_until = NULL WHERE id = @id", new { id, hash = Passwords.Hash(request.Password), request.MustChange }, cancellationToken);
                    await db.ExecuteAsync("DELETE FROM workzone_person_role WHERE person_id = @id", new { id }, cancellationToken);
                }
            }
            catch (Exception e) when (db.Dialect.IsDuplicate(e))
            {
                throw new RuleBroken($"登录名 {request.Login} 已有人使用。", "Login");
            }
            foreach (var (role, centre) in request.Roles.Distinct().Select(r => Parse(r)!.Value))
                await db.ExecuteAsync("INSERT INTO workzone_person_role (person_id, role, centre) VALUES (@id, @role, @centre)", new { id, role, centre }, cancellationToken);
            audit.Note("person", id, new { request.Login, roles = request.Roles, state });
            db.OnCommitted(() => cache.Drop(id));
            return id;
        }

        private async Task<bool> IsLastAdministratorAsync(long id, CancellationToken ct) =>
            await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_person_role WHERE person_id = @id AND role = 'sysadmin'", new { id }, ct) > 0
            && await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_person_role r JOIN workzone_person p ON p.id = r.person_id WHERE r.role = 'sysadmin' AND p.state = 'active' AND p.id <> @id", new { id }, ct) == 0;
    }
}
