using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Rights;
using MediatR;

namespace CourtOps.Workzone.People;

public enum SignInEnd
{
    Done,
    WrongNameOrPassword,
    Locked,
    MustChangePassword,

    /// <summary>The code of the second factor is asked next.</summary>
    SecondFactor,

    /// <summary>The policy asks for a second factor, and none is set up yet.</summary>
    EnrolSecondFactor,

    /// <summary>A one-time password that was not used in time.</summary>
    Expired,
}

/// <param name="Token">Of the new session; goes into the cookie and nowhere else.</param>
public sealed record SignInAnswer(SignInEnd End, long PersonId = 0, string Token = "", DateTimeOffset? LockedUntil = null);

/// <summary>How the host signs people in; the rows are Workzone's.</summary>
public interface IAccounts
{
    Task<SignInAnswer> SignInAsync(string login, string password, string agent = "");

    /// <summary>A session for a person whom somebody trusted has identified: the reverse proxy, or a provider of identities.</summary>
    Task<SignInAnswer> EnterAsync(string login, string channel, string agent);

    /// <summary>Somebody who is no trusted proxy named a person in its header. Nothing came of it but this record.</summary>
    Task RecordSpoofAsync(string named);

    /// <summary>Something was refused before it reached a command.</summary>
    /// <param name="kind">"wrong-key", "forged-form", "too-many".</param>
    /// <param name="path">What was asked for.</param>
    /// <param name="count">How many times since it was last recorded for the address.</param>
    Task RecordRefusalAsync(string kind, string path, int count);

    /// <summary>Fills the actor of this scope. False when the person is gone, locked out of work, or the stamp is old.</summary>
    Task<bool> ActAsync(Actor actor, long personId, string stamp);

    Task<KeyEnd> ActByKeyAsync(Actor actor, string key);

    /// <summary>
    /// Fills the actor for work that a person began and that goes on without them: in the court it was begun in, and through the key it was begun with, so
    /// that a role
    /// that has ended, a key that was revoked and what a key is narrowed to count. Null when the actor may act; else why not.
    /// </summary>
    /// <param name="courtId">Null: begun without a court.</param>
    Task<string?> GoOnAsync(Actor actor, long personId, long? courtId, long? keyId);

    Task<bool> AnyAdministratorAsync();

    /// <summary>By the console or the first run only. The court is made when it is missing.</summary>
    Task<long> CreateAdministratorAsync(
        string login,
        string name,
        string password,
        string courtCode,
        string courtName,
        string role = Roles.SystemAdministrator
    );

    /// <summary>The three of a first run, all or none.</summary>
    Task CreateAdministratorsAsync(string courtCode, string courtName, IReadOnlyList<NewAdministrator> people);

    Task ChangePasswordAsync(string oldPassword, string newPassword);

    /// <summary>Returns the key; it is shown once and only its digest is kept.</summary>
    Task<string> CreateKeyAsync(string login, string? courtCode, string purpose);
}

/// <param name="Role">sysadmin, secadmin or auditor.</param>
public sealed record NewAdministrator(string Role, string Login, string Name, string Password);

internal sealed class Accounts(Db db, IMediator mediator, PersonCache cache, Keys keys, TimeProvider clock, Texts texts) : IAccounts
{
    public Task<SignInAnswer> SignInAsync(string login, string password, string agent = "") =>
        mediator.Send(
            new SignIn
            {
                Login = login,
                Password = password,
                Agent = agent,
            }
        );

    public Task<SignInAnswer> EnterAsync(string login, string channel, string agent) =>
        mediator.Send(
            new Enter
            {
                Login = login,
                Channel = channel,
                Agent = agent,
            }
        );

    public Task RecordSpoofAsync(string named) => mediator.Send(new RecordSpoof { Named = named });

    public Task RecordRefusalAsync(string kind, string path, int count) =>
        mediator.Send(
            new RecordRefusal
            {
                Kind = kind,
                Path = path.Length > 200 ? path[..200] : path,
                Count = count,
            }
        );

    public async Task<bool> ActAsync(Actor actor, long personId, string stamp)
    {
        var person = await cache.FindAsync(db, personId, 0, clock);
        if (person is null || person.State != "active" || person.Stamp != stamp)
            return false;
        actor.ActAs(ActorKind.Person, person.Rights with { RoleText = RoleText(texts, person) });
        return true;
    }

    public async Task<KeyEnd> ActByKeyAsync(Actor actor, string key)
    {
        var found = await keys.FindAsync(db, key);
        if (found.Key is not { } k)
            return found.End;
        if (await cache.FindAsync(db, k.PersonId, k.CourtId ?? 0, clock) is not { State: "active" } person)
            return KeyEnd.Unknown;
        if (person.Rights.Scopes.Any(s => Separation.IsAdministrator(s.Code)))
            return KeyEnd.Unknown;
        // a key never falls back to another court than its own, as a session does
        if (k.CourtId is > 0 and var court && (person.Rights.CourtId != court || person.Rights.Scopes.Count == 0))
            return KeyEnd.NoRole;
        actor.ActAs(ActorKind.Key, person.Rights with { RoleText = RoleText(texts, person) }, k.Only);
        actor.Channel = $"key:{k.Id}";
        return KeyEnd.Done;
    }

    public async Task<string?> GoOnAsync(Actor actor, long personId, long? courtId, long? keyId)
    {
        if (await cache.FindAsync(db, personId, courtId ?? 0, clock) is not { State: "active" } person)
            return "发起人已不在岗。";
        if (courtId is > 0 and var court && (person.Rights.CourtId != court || person.Rights.Scopes.Count == 0))
            return "发起人在发起时的法院已没有角色。";
        var key = keyId is { } id ? await keys.ByIdAsync(db, id) : null;
        if (keyId is not null && key?.PersonId != personId)
            return "发起时所用的密钥已吊销或过期。";
        actor.ActAs(key is null ? ActorKind.Person : ActorKind.Key, person.Rights with { RoleText = RoleText(texts, person) }, key?.Only);
        if (key is not null)
            actor.Channel = $"key:{key.Id}";
        return null;
    }

    public async Task<bool> AnyAdministratorAsync() => await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_role_grant WHERE role = 'sysadmin'") > 0;

    public Task<long> CreateAdministratorAsync(
        string login,
        string name,
        string password,
        string courtCode,
        string courtName,
        string role = Roles.SystemAdministrator
    ) =>
        mediator.Send(
            new CreateAdministrator
            {
                Login = login,
                Name = name,
                Password = password,
                CourtCode = courtCode,
                CourtName = courtName,
                Role = role,
            }
        );

    public Task CreateAdministratorsAsync(string courtCode, string courtName, IReadOnlyList<NewAdministrator> people) =>
        mediator.Send(
            new CreateAdministrators
            {
                CourtCode = courtCode,
                CourtName = courtName,
                People = people,
            }
        );

    public async Task ChangePasswordAsync(string oldPassword, string newPassword)
    {
        // a wrong password is counted, and a count must outlive the refusal
        if (await mediator.Send(new CheckPassword { Password = oldPassword }) is { } refusal)
            throw new RuleBroken(refusal, "Old");
        await mediator.Send(new ChangePassword { Old = oldPassword, New = newPassword });
    }

    public Task<string> CreateKeyAsync(string login, string? courtCode, string purpose) =>
        mediator.Send(
            new CreateKey
            {
                Login = login,
                CourtCode = courtCode,
                Purpose = purpose,
            }
        );

    internal static string RoleText(Texts texts, PersonCache.Entry person) =>
        string.Join(texts["、"], person.Rights.Scopes.Select(s => Roles.Words(texts, s.Code)));
}

[Permit(PermitAttribute.Anyone)]
[Audited("workzone.sign-in")]
internal sealed record SignIn : ICommand<SignInAnswer>
{
    public string Login { get; init; } = "";
    public string Password { get; init; } = "";
    public string Agent { get; init; } = "";

    internal sealed class Handler(Db db, TimeProvider clock, AuditTrail audit, PersonCache cache, PolicyBook policies, Sessions sessions)
        : ICommandHandler<SignIn, SignInAnswer>
    {
        public async Task<SignInAnswer> Handle(SignIn request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var policy = await policies.CurrentAsync(cancellationToken);
            var person = await Account.FindAsync(db, request.Login, cancellationToken);
            if (person?.LockedUntil > now)
            {
                audit.Note("person", person.Id, new { result = "locked" }, courtId: person.CourtId, refused: true);
                return new SignInAnswer(SignInEnd.Locked, LockedUntil: person.LockedUntil);
            }
            if (!Passwords.Verify(person?.PasswordHash, request.Password))
            {
                if (person is null)
                {
                    audit.Note("person", 0, new { result = "unknown-login" }, refused: true);
                    return new SignInAnswer(SignInEnd.WrongNameOrPassword);
                }
                var failed = person.Failed + 1;
                DateTimeOffset? until = failed >= policy.TriesBeforeLock ? now.AddMinutes(policy.LockMinutes) : null;
                await db.ExecuteAsync(
                    "UPDATE workzone_person SET failed = @failed, locked_until = @until WHERE id = @Id",
                    new
                    {
                        person.Id,
                        failed = until is null ? failed : 0,
                        until,
                    },
                    cancellationToken
                );
                audit.Note("person", person.Id, new { result = until is null ? "wrong-password" : "locked-now" }, courtId: person.CourtId, refused: true);
                return until is null ? new SignInAnswer(SignInEnd.WrongNameOrPassword) : new SignInAnswer(SignInEnd.Locked, LockedUntil: until);
            }
            if (person!.OneTimeUntil < now)
            {
                audit.Note("person", person.Id, new { result = "one-time-expired" }, courtId: person.CourtId, refused: true);
                return new SignInAnswer(SignInEnd.Expired);
            }
            await db.ExecuteAsync("UPDATE workzone_person SET failed = 0, locked_until = NULL WHERE id = @Id", new { person.Id }, cancellationToken);
            cache.Drop(person.Id);
            var answer = await sessions.OpenAsync(person, policy, "password", request.Agent, cancellationToken);
            audit.Note("person", person.Id, new { result = "signed-in", next = answer.End }, courtId: person.CourtId);
            return answer;
        }
    }
}

/// <summary>A session without a password: the reverse proxy or a provider of identities has answered for the person.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("workzone.sign-in.enter")]
internal sealed record Enter : ICommand<SignInAnswer>
{
    public string Login { get; init; } = "";
    public string Channel { get; init; } = "";
    public string Agent { get; init; } = "";

    internal sealed class Handler(Db db, AuditTrail audit, PolicyBook policies, Sessions sessions) : ICommandHandler<Enter, SignInAnswer>
    {
        public async Task<SignInAnswer> Handle(Enter request, CancellationToken cancellationToken)
        {
            var person = await Account.FindAsync(db, request.Login, cancellationToken);
            if (person is null)
            {
                audit.Note("person", 0, new { result = "unknown-login", request.Channel }, refused: true);
                return new SignInAnswer(SignInEnd.WrongNameOrPassword);
            }
            audit.Note("person", person.Id, new { result = "signed-in", request.Channel }, courtId: person.CourtId);
            return await sessions.OpenAsync(person, await policies.CurrentAsync(cancellationToken), request.Channel, request.Agent, cancellationToken);
        }
    }
}

/// <summary>A person named by whoever has no say in it; the record tells from where.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("workzone.sign-in.spoof")]
internal sealed record RecordSpoof : ICommand
{
    public string Named { get; init; } = "";

    internal sealed class Handler(AuditTrail audit) : CommandHandler<RecordSpoof>
    {
        protected override Task RunAsync(RecordSpoof command, CancellationToken ct)
        {
            audit.Note("person", 0, new { result = "not-believed", command.Named });
            return Task.CompletedTask;
        }
    }
}

/// <summary>What the web refused by itself; the record tells from where and how often.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("workzone.web.refused")]
internal sealed record RecordRefusal : ICommand
{
    public string Kind { get; init; } = "";
    public string Path { get; init; } = "";
    public int Count { get; init; }

    internal sealed class Handler(AuditTrail audit) : CommandHandler<RecordRefusal>
    {
        protected override Task RunAsync(RecordRefusal command, CancellationToken ct)
        {
            audit.Note("web", command.Kind, new { command.Path, command.Count }, refused: true);
            return Task.CompletedTask;
        }
    }
}

/// <summary>What signing in needs to know of a person.</summary>
internal sealed record Account
{
    public long Id { get; init; }
    public string Login { get; init; } = "";
    public long CourtId { get; init; }
    public string? PasswordHash { get; init; }
    public int Failed { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }
    public bool MustChange { get; init; }
    public DateTimeOffset? OneTimeUntil { get; init; }
    public DateTimeOffset? PasswordChangedAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Accounts of other systems have no door here.</summary>
    public static Task<Account?> FindAsync(Db db, string login, CancellationToken ct) =>
        db.FirstAsync<Account>(
            """
            SELECT p.id, p.login, p.court_id, p.password_hash, p.failed, p.locked_until, p.must_change, p.one_time_until, p.password_changed_at, p.created_at
            FROM workzone_person p
            WHERE p.login = @login AND p.state = 'active'
              AND NOT EXISTS (SELECT 1 FROM workzone_role_grant g WHERE g.person_id = p.id AND g.role IN ('system', 'robot'))
            """,
            new { login },
            ct
        );
}

/// <summary>The password of whoever is signed in, asked once more. Returns why it was refused, or null; wrong ones count to the same lock as at
/// sign-in.</summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.password.check")]
internal sealed record CheckPassword : ICommand<string?>
{
    public string Password { get; init; } = "";

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, PolicyBook policies, Sessions sessions, AuditTrail audit)
        : ICommandHandler<CheckPassword, string?>
    {
        public async Task<string?> Handle(CheckPassword request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var person = await db.FirstAsync<Row>(
                "SELECT password_hash, failed, locked_until FROM workzone_person WHERE id = @Id",
                new { actor.Id },
                cancellationToken
            );
            if (actor.Kind != ActorKind.Person || person is null)
                return "原密码不对。";
            if (person.LockedUntil > now)
                return $"密码连续输错，锁定至 {Kernel.Web.Times.Full(person.LockedUntil.Value)}。";
            if (Passwords.Verify(person.PasswordHash, request.Password))
                return null;
            var policy = await policies.CurrentAsync(cancellationToken);
            var failed = person.Failed + 1;
            DateTimeOffset? until = failed >= policy.TriesBeforeLock ? now.AddMinutes(policy.LockMinutes) : null;
            await db.ExecuteAsync(
                "UPDATE workzone_person SET failed = @failed, locked_until = @until WHERE id = @Id",
                new
                {
                    actor.Id,
                    failed = until is null ? failed : 0,
                    until,
                },
                cancellationToken
            );
            // whoever guesses at an open session is put out of it
            if (until is not null)
                await sessions.EndAllAsync(actor.Id, "locked", null, cancellationToken);
            audit.Note("person", actor.Id, new { result = until is null ? "wrong-password" : "locked-now" }, refused: true);
            return "原密码不对。";
        }

        private sealed record Row
        {
            public string? PasswordHash { get; init; }
            public int Failed { get; init; }
            public DateTimeOffset? LockedUntil { get; init; }
        }
    }
}

[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.password.change")]
internal sealed record ChangePassword : ICommand
{
    public string Old { get; init; } = "";
    public string New { get; init; } = "";

    internal sealed class Handler(
        Db db,
        Actor actor,
        PersonCache cache,
        AuditTrail audit,
        FactRecord facts,
        PolicyBook policies,
        Sessions sessions,
        TimeProvider clock
    ) : CommandHandler<ChangePassword>
    {
        protected override async Task RunAsync(ChangePassword command, CancellationToken ct)
        {
            var hash = await db.FirstAsync<string>("SELECT password_hash FROM workzone_person WHERE id = @Id", new { actor.Id }, ct);
            if (!Passwords.Verify(hash, command.Old))
                throw new RuleBroken("原密码不对。", "Old");
            if (command.Old == command.New)
                throw new RuleBroken("新密码不能与原密码相同。", "New");
            Passwords.Check(await policies.CurrentAsync(ct), command.New, actor.Login, await RightsBook.IsAdministratorAsync(db, actor.Id, ct));
            hash = Passwords.Hash(command.New);
            await db.ExecuteAsync(
                "UPDATE workzone_person SET password_hash = @hash, must_change = 0, one_time_until = NULL, password_changed_at = @now, stamp = "
                    + "@stamp, version = version + 1 WHERE id = @Id",
                new
                {
                    actor.Id,
                    hash,
                    stamp = Secrets.NewToken(),
                    now = clock.GetUtcNow(),
                },
                ct
            );
            await facts.KeepAsync(PasswordFacts.Of, actor.Id, PasswordFacts.DigestOf(hash), ct);
            await sessions.EndAllAsync(actor.Id, "password-changed", except: actor.Channel, ct);
            await sessions.PassAsync(actor.Channel, "password", ct);
            audit.Note("person", actor.Id);
            db.OnCommitted(() => cache.Drop(actor.Id));
        }
    }
}

[Permit(PermitAttribute.System)]
[Audited("workzone.person.create-administrator")]
internal sealed record CreateAdministrators : ICommand
{
    public string CourtCode { get; init; } = "";
    public string CourtName { get; init; } = "";
    public IReadOnlyList<NewAdministrator> People { get; init; } = [];

    internal sealed class Handler(IMediator mediator) : CommandHandler<CreateAdministrators>
    {
        protected override async Task RunAsync(CreateAdministrators command, CancellationToken ct)
        {
            foreach (var p in command.People)
                await mediator.Send(
                    new CreateAdministrator
                    {
                        Login = p.Login,
                        Name = p.Name,
                        Password = p.Password,
                        Role = p.Role,
                        CourtCode = command.CourtCode,
                        CourtName = command.CourtName,
                    },
                    ct
                );
        }
    }
}

[Permit(PermitAttribute.System)]
[Audited("workzone.person.create-administrator")]
internal sealed record CreateAdministrator : ICommand<long>
{
    public string Login { get; init; } = "";
    public string Name { get; init; } = "";
    public string Password { get; init; } = "";
    public string CourtCode { get; init; } = "";
    public string CourtName { get; init; } = "";
    public string Role { get; init; } = Roles.SystemAdministrator;

    internal sealed class Handler(Db db, IMediator mediator, AuditTrail audit) : ICommandHandler<CreateAdministrator, long>
    {
        public async Task<long> Handle(CreateAdministrator request, CancellationToken cancellationToken)
        {
            if (!Separation.IsAdministrator(request.Role))
                throw new RuleBroken("role 只能是 sysadmin、secadmin 或 auditor。", "role");
            if (await db.FirstAsync<long?>("SELECT id FROM workzone_court WHERE code = @CourtCode", new { request.CourtCode }, cancellationToken) is null)
                await mediator.Send(new Courts.SaveCourt { Code = request.CourtCode, Name = request.CourtName }, cancellationToken);
            var id = await mediator.Send(
                new SavePerson
                {
                    Login = request.Login,
                    Name = request.Name,
                    Court = request.CourtCode,
                    Roles = [request.Role],
                    Password = request.Password,
                },
                cancellationToken
            );
            audit.Note("person", id, new { role = request.Role });
            return id;
        }
    }
}
