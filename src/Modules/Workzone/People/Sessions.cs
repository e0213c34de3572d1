using System.Collections.Concurrent;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Rights;

namespace CourtOps.Workzone.People;

/// <summary>What a session must do before anything else is open to it.</summary>
public static class SessionStep
{
    public const string None = "";
    public const string Code = "totp";
    public const string Enrol = "enrol";
    public const string Password = "password";
}

/// <param name="Step">Empty, or what must be done first.</param>
public sealed record SessionState(long PersonId, string Step, string? Ended);

/// <summary>Sessions of people: begun by signing in, listed, ended by their owner, an administrator, time or a change of rights.</summary>
public interface ISessions
{
    /// <summary>Fills the actor from the token of the cookie. A session that is over fills nothing.</summary>
    /// <param name="background">A request the page makes by itself; it does not keep the session alive.</param>
    Task<SessionState?> ActAsync(Actor actor, string token, bool background);

    Task EndAsync(string token, string reason);

    /// <summary>Whether the session of the token still stands; what was seen within five seconds is not asked again.</summary>
    Task<bool> StandsAsync(string token);
}

internal sealed class SessionCache
{
    private readonly ConcurrentDictionary<string, (Sessions.Row? Row, DateTimeOffset Until)> entries = new();

    public bool TryGet(string digest, DateTimeOffset now, out Sessions.Row? row)
    {
        var found = entries.TryGetValue(digest, out var e) && e.Until > now;
        row = e.Row;
        return found;
    }

    public void Put(string digest, Sessions.Row? row, DateTimeOffset until)
    {
        if (entries.Count > 20_000)
            entries.Clear();
        entries[digest] = (row, until);
    }

    public void Clear() => entries.Clear();
}

internal sealed class Sessions(Db db, Ids ids, TimeProvider clock, Actor actor, PersonCache people, SessionCache cache, PolicyBook policies, Texts texts)
    : ISessions
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    public async Task<SessionState?> ActAsync(Actor actor, string token, bool background)
    {
        var now = clock.GetUtcNow();
        var digest = Secrets.Digest(token);
        if (!cache.TryGet(digest, now, out var row))
        {
            row = await FindAsync(digest, CancellationToken.None);
            cache.Put(digest, row, now + Kept);
        }
        if (row is null)
            return null;
        var policy = await policies.CurrentAsync(CancellationToken.None);
        var over =
            row.EndedAt is not null ? row.EndReason ?? "ended"
            : now - row.LastSeenAt > TimeSpan.FromMinutes(policy.IdleMinutes) ? "idle"
            : now - row.StartedAt > TimeSpan.FromHours(policy.MaxHours) ? "too-long"
            : null;
        if (over is null && await people.FindAsync(db, row.PersonId, row.CourtId, clock) is { State: "active" } person)
        {
            // a step that is still to be done leaves the person without any action
            actor.ActAs(
                ActorKind.Person,
                row.Step.Length == 0
                    ? person.Rights with
                    {
                        RoleText = Accounts.RoleText(texts, person),
                    }
                    : person.Rights with
                    {
                        Actions = new HashSet<string>(),
                        WideCourts = [],
                        Scopes = [],
                    }
            );
            actor.Channel = $"session:{row.Id}";
            if (!background && now - row.LastSeenAt > SeenEvery)
                await SeenAsync(row, digest, now);
            return new SessionState(row.PersonId, row.Step, null);
        }
        if (row.EndedAt is null && over is not null)
            await CloseAsync(digest, over);
        return new SessionState(row.PersonId, row.Step, over ?? "person");
    }

    public Task EndAsync(string token, string reason) => CloseAsync(Secrets.Digest(token), reason);

    public async Task<bool> StandsAsync(string token)
    {
        var now = clock.GetUtcNow();
        var digest = Secrets.Digest(token);
        if (!cache.TryGet(digest, now, out var row))
        {
            row = await FindAsync(digest, CancellationToken.None);
            cache.Put(digest, row, now + Kept);
        }
        return row is { EndedAt: null } && await people.FindAsync(db, row.PersonId, row.CourtId, clock) is { State: "active" };
    }

    /// <summary>Inside the command that signs in.</summary>
    public async Task<SignInAnswer> OpenAsync(Account person, SignInPolicy policy, string channel, string agent, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var roles = await db.QueryAsync<string>("SELECT role FROM workzone_role_grant WHERE person_id = @Id", new { person.Id }, ct);
        var enrolled =
            await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_second_factor WHERE person_id = @Id AND confirmed_at IS NOT NULL", new { person.Id }, ct)
            > 0;
        var step =
            enrolled ? SessionStep.Code
            : policy.NeedsSecondFactor(roles) ? SessionStep.Enrol
            : channel == "password" && (person.MustChange || policy.IsAged(person.PasswordChangedAt ?? person.CreatedAt, now)) ? SessionStep.Password
            : SessionStep.None;
        var open = await db.QueryAsync<long>(
            "SELECT id FROM workzone_session WHERE person_id = @Id AND ended_at IS NULL ORDER BY started_at DESC",
            new { person.Id },
            ct
        );
        foreach (var old in open.Skip(policy.MaxSessions - 1))
            await db.ExecuteAsync("UPDATE workzone_session SET ended_at = @now, end_reason = 'too-many' WHERE id = @old", new { old, now }, ct);
        var token = Secrets.NewToken() + Secrets.NewToken();
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_session (id, digest, person_id, court_id, step, channel, address, agent, started_at, last_seen_at)
            VALUES (@id, @digest, @person, @CourtId, @step, @channel, @address, @agent, @now, @now)
            """,
            new
            {
                id = ids.Next(),
                digest = Secrets.Digest(token),
                person = person.Id,
                person.CourtId,
                step,
                channel,
                address = Short(actor.Address, 60),
                agent = Short(agent, 200),
                now,
            },
            ct
        );
        db.OnCommitted(cache.Clear);
        return new SignInAnswer(
            step switch
            {
                SessionStep.Code => SignInEnd.SecondFactor,
                SessionStep.Enrol => SignInEnd.EnrolSecondFactor,
                SessionStep.Password => SignInEnd.MustChangePassword,
                _ => SignInEnd.Done,
            },
            person.Id,
            token
        );
    }

    /// <summary>The step was done: the session goes to the next one, or is open. Inside a command.</summary>
    /// <returns>What comes next.</returns>
    public async Task<string> PassAsync(string channel, string step, CancellationToken ct)
    {
        if (SessionId(channel) is not { } id)
            return SessionStep.None;
        var row = await db.FirstAsync<Pending>(
            "SELECT s.step, s.channel, p.must_change, p.password_changed_at, p.created_at FROM workzone_session s JOIN workzone_person p ON p.id = "
                + "s.person_id WHERE s.id = @id AND s.ended_at IS NULL",
            new { id },
            ct
        );
        if (row is null || (row.Step != step && !(step == SessionStep.Code && row.Step == SessionStep.Enrol)))
            return row?.Step ?? SessionStep.None;
        var policy = await policies.CurrentAsync(ct);
        var next =
            step != SessionStep.Password
            && row.Channel == "password"
            && (row.MustChange || policy.IsAged(row.PasswordChangedAt ?? row.CreatedAt, clock.GetUtcNow()))
                ? SessionStep.Password
                : SessionStep.None;
        await db.ExecuteAsync(
            "UPDATE workzone_session SET step = @next, last_seen_at = @now WHERE id = @id",
            new
            {
                id,
                next,
                now = clock.GetUtcNow(),
            },
            ct
        );
        db.OnCommitted(cache.Clear);
        return next;
    }

    /// <summary>Inside a command: the rights have changed, the password too, or the person has left.</summary>
    public async Task EndAllAsync(long personId, string reason, string? except, CancellationToken ct)
    {
        await db.ExecuteAsync(
            "UPDATE workzone_session SET ended_at = @now, end_reason = @reason WHERE person_id = @personId AND ended_at IS NULL AND id <> @keep",
            new
            {
                personId,
                reason,
                now = clock.GetUtcNow(),
                keep = SessionId(except) ?? 0,
            },
            ct
        );
        db.OnCommitted(cache.Clear);
    }

    internal static long? SessionId(string? channel) =>
        channel?.StartsWith("session:", StringComparison.Ordinal) == true
        && long.TryParse(channel.AsSpan(8), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    private Task<Row?> FindAsync(string digest, CancellationToken ct) =>
        db.FirstAsync<Row>(
            "SELECT id, person_id, court_id, step, started_at, last_seen_at, ended_at, end_reason FROM workzone_session WHERE digest = @digest",
            new { digest },
            ct
        );

    private async Task SeenAsync(Row row, string digest, DateTimeOffset now)
    {
        await db.BeginAsync();
        await db.ExecuteAsync("UPDATE workzone_session SET last_seen_at = @now WHERE id = @Id AND ended_at IS NULL", new { row.Id, now });
        await db.CommitAsync();
        cache.Put(digest, row with { LastSeenAt = now }, now + Kept);
    }

    private async Task CloseAsync(string digest, string reason)
    {
        await db.BeginAsync();
        await db.ExecuteAsync(
            "UPDATE workzone_session SET ended_at = @now, end_reason = @reason WHERE digest = @digest AND ended_at IS NULL",
            new
            {
                digest,
                now = clock.GetUtcNow(),
                reason,
            }
        );
        await db.CommitAsync();
        cache.Clear();
    }

    private static string Short(string text, int length) => text.Length <= length ? text : text[..length];

    internal sealed record Row
    {
        public long Id { get; init; }
        public long PersonId { get; init; }
        public long CourtId { get; init; }
        public string Step { get; init; } = "";
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset LastSeenAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public string? EndReason { get; init; }
    }

    private sealed record Pending
    {
        public string Step { get; init; } = "";
        public string Channel { get; init; } = "";
        public bool MustChange { get; init; }
        public DateTimeOffset? PasswordChangedAt { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
    }
}

/// <summary>Open sessions: a person's own, or everybody's for the security administrator.</summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed record ListSessions : IQuery<IReadOnlyList<ListSessions.Row>>
{
    public bool Everybody { get; init; }
    public string? Login { get; init; }
    public long After { get; init; }

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string Channel { get; init; } = "";
        public string Address { get; init; } = "";
        public string Agent { get; init; } = "";
        public string Step { get; init; } = "";
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset LastSeenAt { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListSessions, IReadOnlyList<Row>>
    {
        public Task<IReadOnlyList<Row>> Handle(ListSessions request, CancellationToken cancellationToken)
        {
            const string select =
                "SELECT s.id, p.login, p.name, t.name AS court_name, s.channel, s.address, s.agent, s.step, s.started_at, s.last_seen_at FROM "
                + "workzone_session s JOIN workzone_person p ON p.id = s.person_id JOIN workzone_court t ON t.id = s.court_id WHERE s.ended_at IS NULL AND ";
            if (!request.Everybody)
                return db.PageAsync<Row>(select + "s.person_id = @Id ORDER BY s.started_at DESC", new { actor.Id }, 50, cancellationToken);
            actor.Demand("workzone.sessions.manage");
            return db.PageAsync<Row>(
                select
                    + "p.court_id IN @scope AND s.id > @After"
                    + (string.IsNullOrWhiteSpace(request.Login) ? "" : " AND p.login = @login")
                    + " ORDER BY s.id",
                new
                {
                    scope = AdminScope.Courts(actor),
                    request.After,
                    login = request.Login?.Trim(),
                },
                100,
                cancellationToken
            );
        }
    }
}

/// <summary>Ends a session: one's own, or anybody's by the security administrator.</summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.session.end")]
internal sealed record EndSession : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, SessionCache cache, AuditTrail audit) : CommandHandler<EndSession>
    {
        protected override async Task RunAsync(EndSession command, CancellationToken ct)
        {
            var owner = await db.FirstAsync<Owner>(
                "SELECT p.id, p.court_id FROM workzone_session s JOIN workzone_person p ON p.id = s.person_id WHERE s.id = @Id AND s.ended_at IS NULL",
                new { command.Id },
                ct
            );
            if (owner is null || (owner.Id != actor.Id && !(actor.Can("workzone.sessions.manage") && AdminScope.Covers(actor, owner.CourtId))))
                throw new NotFound("登录会话", command.Id);
            await db.ExecuteAsync(
                "UPDATE workzone_session SET ended_at = @now, end_reason = @reason WHERE id = @Id",
                new
                {
                    command.Id,
                    now = clock.GetUtcNow(),
                    reason = owner.Id == actor.Id ? "by-owner" : "by-administrator",
                },
                ct
            );
            audit.Note("session", command.Id, new { person = owner.Id });
            db.OnCommitted(cache.Clear);
        }

        private sealed record Owner
        {
            public long Id { get; init; }
            public long CourtId { get; init; }
        }
    }
}

/// <summary>Changes to another court in which this person holds roles; the rights are those held there.</summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.session.court")]
internal sealed record ChangeCourt : ICommand
{
    public long CourtId { get; init; }

    internal sealed class Handler(Db db, Actor actor, SessionCache cache, AuditTrail audit, TimeProvider clock) : CommandHandler<ChangeCourt>
    {
        protected override async Task RunAsync(ChangeCourt command, CancellationToken ct)
        {
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_role_grant WHERE person_id = @Id AND court_id = @CourtId AND (until_at IS NULL OR until_at > @now)",
                    new
                    {
                        actor.Id,
                        command.CourtId,
                        now = clock.GetUtcNow(),
                    },
                    ct
                ) == 0
            )
                throw new RuleBroken("您在该法院没有角色。", "CourtId");
            if (Sessions.SessionId(actor.Channel) is not { } session)
                throw new RuleBroken("只有登录会话可以切换法院；密钥在建立时指定法院。", "CourtId");
            await db.ExecuteAsync("UPDATE workzone_session SET court_id = @CourtId WHERE id = @session", new { command.CourtId, session }, ct);
            audit.Note("session", session, new { court = command.CourtId });
            db.OnCommitted(cache.Clear);
        }
    }
}

/// <summary>Opens an account that wrong passwords or codes have locked.</summary>
[Permit("workzone.sessions.manage")]
[Audited("workzone.person.unlock")]
internal sealed record Unlock : ICommand
{
    public long PersonId { get; init; }

    internal sealed class Handler(Db db, Actor actor, AuditTrail audit) : CommandHandler<Unlock>
    {
        protected override async Task RunAsync(Unlock command, CancellationToken ct)
        {
            await AdminScope.PersonAsync(db, actor, command.PersonId, ct);
            await db.ExecuteAsync("UPDATE workzone_person SET failed = 0, locked_until = NULL WHERE id = @PersonId", new { command.PersonId }, ct);
            await db.ExecuteAsync(
                "UPDATE workzone_second_factor SET failed = 0, locked_until = NULL WHERE person_id = @PersonId",
                new { command.PersonId },
                ct
            );
            audit.Note("person", command.PersonId, new { unlocked = true });
        }
    }
}
