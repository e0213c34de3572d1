using System.Collections.Concurrent;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Identity;

namespace CourtOps.Workzone.People;

public enum SignInEnd
{
    Done,
    WrongNameOrPassword,
    Locked,
    MustChangePassword,
}

public sealed record SignInAnswer(SignInEnd End, long PersonId = 0, string Stamp = "", DateTimeOffset? LockedUntil = null);

/// <summary>How the host signs people in; the rows are Workzone's.</summary>
public interface IAccounts
{
    Task<SignInAnswer> SignInAsync(string login, string password);

    /// <summary>Fills the actor of this scope. False when the person is gone, locked out of work, or the stamp is old.</summary>
    Task<bool> ActAsync(Actor actor, long personId, string stamp);

    Task<bool> ActByKeyAsync(Actor actor, string key);

    Task<bool> AnyAdministratorAsync();

    Task<long> CreateAdministratorAsync(string login, string name, string password, string courtCode, string courtName);

    Task ChangePasswordAsync(string oldPassword, string newPassword);

    /// <summary>Returns the key; it is shown once and only its digest is kept.</summary>
    Task<string> CreateKeyAsync(string login, string? courtCode, string purpose);
}

internal sealed class Accounts(Db db, IMediator mediator, ActionCatalogue catalogue, PersonCache cache, TimeProvider clock, Texts texts) : IAccounts
{
    public Task<SignInAnswer> SignInAsync(string login, string password) => mediator.Send(new SignIn { Login = login, Password = password });

    public async Task<bool> ActAsync(Actor actor, long personId, string stamp)
    {
        var person = await cache.FindAsync(db, personId, clock);
        if (person is null || person.State != "active" || person.Stamp != stamp)
            return false;
        Fill(actor, person, ActorKind.Person);
        return true;
    }

    public async Task<bool> ActByKeyAsync(Actor actor, string key)
    {
        if (key.Length is < 20 or > 100)
            return false;
        var personId = await db.FirstAsync<long?>("SELECT person_id FROM workzone_api_key WHERE digest = @digest AND revoked_at IS NULL", new { digest = Secrets.Digest(key) });
        if (personId is null || await cache.FindAsync(db, personId.Value, clock) is not { State: "active" } person)
            return false;
        Fill(actor, person, ActorKind.Key);
        return true;
    }

    public async Task<bool> AnyAdministratorAsync() =>
        await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_person_role WHERE role = 'sysadmin'") > 0;

    public Task<long> CreateAdministratorAsync(string login, string name, string password, string courtCode, string courtName) =>
        mediator.Send(new CreateAdministrator { Login = login, Name = name, Password = password, CourtCode = courtCode, CourtName = courtName });

    public Task ChangePasswordAsync(string oldPassword, string newPassword) => mediator.Send(new ChangePassword { Old = oldPassword, New = newPassword });

    public Task<string> CreateKeyAsync(string login, string? courtCode, string purpose) => mediator.Send(new CreateKey { Login = login, CourtCode = courtCode, Purpose = purpose });

    private void Fill(Actor actor, PersonCache.Entry p, ActorKind kind)
    {
        var may = catalogue.Of(p.Roles.SelectMany(r => r.Contains(':', StringComparison.Ordinal) ? new[] { r, r[..r.IndexOf(':', StringComparison.Ordinal)] } : [r]));
        var roleText = string.Join(texts["、"], p.Roles.Select(r => Roles.Words(texts, r)));
        actor.ActAs(kind, p.Id, p.Login, p.Name, p.Roles, roleText, may, p.CourtId, p.CourtName, p.Courts, p.Roles.Contains(Roles.Leader) || p.Roles.Contains(Roles.Checker));
    }
}

/// <summary>People with their roles, kept for a few seconds; every change of a person drops the entry.</summary>
internal sealed class PersonCache
{
    private readonly ConcurrentDictionary<long, (Entry? Person, DateTimeOffset Until)> entries = new();

    public void Drop(long personId) => entries.TryRemove(personId, out _);

    public async Task<Entry?> FindAsync(Db db, long personId, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (entries.TryGetValue(personId, out var e) && e.Until > now)
            return e.Person;
        var person = await db.FirstAsync<Entry>(
            "SELECT p.id, p.login, p.name, p.court_id, t.name AS court_name, p.state, p.stamp FROM workzone_person p JOIN workzone_court t ON t.id = p.court_id WHERE p.id = @personId", new { personId });
        if (person is not null)
        {
            var roles = await db.QueryAsync<RoleRow>("SELECT role, centre FROM workzone_person_role WHERE person_id = @personId", new { personId });
            var courts = new List<long> { person.CourtId };
            if (roles.Any(r => r.Role is Roles.Leader or Roles.Checker))
                for (var i = 0; i < courts.Count; i++)
                    courts.AddRange(await db.QueryAsync<long>("SELECT id FROM workzone_court WHERE parent_id = @id", new { id = courts[i] }));
            person = person with { Roles = [.. roles.Select(r => r.Centre.Length == 0 ? r.Role : $"{r.Role}:{r.Centre}")], Courts = courts };
        }
        entries[personId] = (person, now.AddSeconds(5));
        return person;
    }

    internal sealed record Entry
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public long CourtId { get; init; }
        public string CourtName { get; init; } = "";
        public string State { get; init; } = "";
        public string Stamp { get; init; } = "";
        public IReadOnlyList<string> Roles { get; init; } = [];
        public IReadOnlyList<long> Courts { get; init; } = [];
    }

    private sealed record RoleRow
    {
        public string Role { get; init; } = "";
        public string Centre { get; init; } = "";
    }
}

/// <summary>Passwords: ASP.NET Core's hashing, a length rule, lockout.</summary>
internal static class Passwords
{
    public const int MinLength = 10;
    public const int TriesBeforeLock = 5;
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(15);
    private static readonly PasswordHasher<string> Hasher = new();

    // Verified when the login is unknown, so that time does not tell who exists.
    private static readonly string Decoy = Hasher.HashPassword("", Guid.NewGuid().ToString());

    public static string Hash(string password) => Hasher.HashPassword("", password);

    public static bool Verify(string? hash, string password) =>
        Hasher.VerifyHashedPassword("", hash ?? Decoy, password) != PasswordVerificationResult.Failed && hash is not null;

    /// <exception cref="RuleBroken">Too short, too long or all of one kind.</exception>
    public static void Check(string password, string login)
    {
        if (password.Length < MinLength)
            throw new RuleBroken($"密码至少 {MinLength} 个字符。", "Password");
        if (password.Length > 200)
            throw new RuleBroken("密码最长 200 个字符。", "Password");
        if (password.Contains(login, StringComparison.OrdinalIgnoreCase) || password.Distinct().Count() < 5)
            throw new RuleBroken("密码不能包含登录名，且至少有 5 个不同的字符。", "Password");
    }
}

[Permit(PermitAttribute.Anyone)]
[Audited("workzone.sign-in")]
internal sealed record SignIn : ICommand<SignInAnswer>
{
    public string Login { get; init; } = "";
    public string Password { get; init; } = "";

    internal sealed class Handler(Db db, TimeProvider clock, AuditTrail audit, PersonCache cache) : ICommandHandler<SignIn, SignInAnswer>
    {
        public async Task<SignInAnswer> Handle(SignIn request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var person = await db.FirstAsync<Row>("SELECT id, password_hash, failed, locked_until, stamp, must_change FROM workzone_person WHERE login = @Login AND state = 'active'", new { request.Login }, cancellationToken);
            if (person?.LockedUntil > now)
            {
                audit.Note("person", person.Id, new { result = "locked" });
                return new SignInAnswer(SignInEnd.Locked, LockedUntil: person.LockedUntil);
            }
            if (!Passwords.Verify(person?.PasswordHash, request.Password))
            {
                if (person is null)
                    return new SignInAnswer(SignInEnd.WrongNameOrPassword);
                var failed = person.Failed + 1;
                DateTimeOffset? until = failed >= Passwords.TriesBeforeLock ? now + Passwords.LockTime : null;
                await db.ExecuteAsync("UPDATE workzone_person SET failed = @failed, locked_until = @until WHERE id = @Id", new { person.Id, failed = until is null ? failed : 0, until }, cancellationToken);
                audit.Note("person", person.Id, new { result = until is null ? "wrong-password" : "locked-now" });
                return until is null ? new SignInAnswer(SignInEnd.WrongNameOrPassword) : new SignInAnswer(SignInEnd.Locked, LockedUntil: until);
            }
            await db.ExecuteAsync("UPDATE workzone_person SET failed = 0, locked_until = NULL WHERE id = @Id", new { person!.Id }, cancellationToken);
            cache.Drop(person.Id);
            audit.Note("person", person.Id, new { result = "signed-in" });
            return new SignInAnswer(person.MustChange ? SignInEnd.MustChangePassword : SignInEnd.Done, person.Id, person.Stamp);
        }

        private sealed record Row
        {
            public long Id { get; init; }
            public string? PasswordHash { get; init; }
            public int Failed { get; init; }
            public DateTimeOffset? LockedUntil { get; init; }
            public string Stamp { get; init; } = "";
            public bool MustChange { get; init; }
        }
    }
}

[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.password.change")]
internal sealed record ChangePassword : ICommand
{
    public string Old { get; init; } = "";
    public string New { get; init; } = "";

    internal sealed class Handler(Db db, Actor actor, PersonCache cache, AuditTrail audit) : CommandHandler<ChangePassword>
    {
        protected override async Task RunAsync(ChangePassword command, CancellationToken ct)
        {
            var hash = await db.FirstAsync<string>("SELECT password_hash FROM workzone_person WHERE id = @Id", new { actor.Id }, ct);
            if (!Passwords.Verify(hash, command.Old))
                throw new RuleBroken("原密码不对。", "Old");
            if (command.Old == command.New)
                throw new RuleBroken("新密码不能与原密码相同。", "New");
            Passwords.Check(command.New, actor.Login);
            await db.ExecuteAsync("UPDATE workzone_person SET password_hash = @hash, must_change = 0, stamp = @stamp, version = version + 1 WHERE id = @Id",
                new { actor.Id, hash = Passwords.Hash(command.New), stamp = Secrets.NewToken() }, ct);
            audit.Note("person", actor.Id);
            db.OnCommitted(() => cache.Drop(actor.Id));
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

    internal sealed class Handler(Db db, IMediator mediator, AuditTrail audit) : ICommandHandler<CreateAdministrator, long>
    {
        public async Task<long> Handle(CreateAdministrator request, CancellationToken cancellationToken)
        {
            Passwords.Check(request.Password, request.Login);
            if (await db.FirstAsync<long?>("SELECT id FROM workzone_court WHERE code = @CourtCode", new { request.CourtCode }, cancellationToken) is null)
                await mediator.Send(new Courts.SaveCourt { Code = request.CourtCode, Name = request.CourtName }, cancellationToken);
            var id = await mediator.Send(new SavePerson
            {
                Login = request.Login, Name = request.Name, Court = request.CourtCode, Roles = [Roles.SystemAdministrator], Password = request.Password,
            }, cancellationToken);
            audit.Note("person", id, new { role = Roles.SystemAdministrator });
            return id;
        }
    }
}

[Permit("workzone.people.manage")]
[Audited("workzone.key.create")]
internal sealed record CreateKey : ICommand<string>
{
    public string Login { get; init; } = "";
    public string? CourtCode { get; init; }
    public string Purpose { get; init; } = "";

    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, AuditTrail audit) : ICommandHandler<CreateKey, string>
    {
        public async Task<string> Handle(CreateKey request, CancellationToken cancellationToken)
        {
            if (string.IsNullOrWhiteSpace(request.Purpose))
                throw new RuleBroken("请写明密钥的用途。", "purpose");
            var person = await db.FirstAsync<long?>("SELECT id FROM workzone_person WHERE login = @Login AND state = 'active'", new { request.Login }, cancellationToken)
                ?? throw new RuleBroken($"没有登录名为 {request.Login} 的在用人员。", "user");
            long? court = null;
            if (!string.IsNullOrEmpty(request.CourtCode))
                court = await db.FirstAsync<long?>("SELECT id FROM workzone_court WHERE code = @CourtCode", new { request.CourtCode }, cancellationToken)
                    ?? throw new RuleBroken($"没有代字为 {request.CourtCode} 的法院。", "court");
            var key = "co_" + Secrets.NewToken() + Secrets.NewToken();
            var id = ids.Next();
            await db.ExecuteAsync("INSERT INTO workzone_api_key (id, person_id, digest, purpose, court_id, created_at) VALUES (@id, @person, @digest, @Purpose, @court, @now)",
                new { id, person, digest = Secrets.Digest(key), request.Purpose, court, now = clock.GetUtcNow() }, cancellationToken);
            audit.Note("api-key", id, new { request.Login, request.Purpose });
            return key;
        }
    }
}
