using System.Collections.Concurrent;
using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Rights;
using FluentValidation;

namespace CourtOps.Workzone.People;

/// <summary>How an API key was received.</summary>
public enum KeyEnd
{
    Done,
    Unknown,
    Expired,

    /// <summary>More calls in this minute than the key has.</summary>
    TooMany,

    /// <summary>The account holds no role, or none any more, in the court the key is for.</summary>
    NoRole,
}

/// <param name="Replaces">The key in whose place it comes; that one works on for <paramref name="OverlapHours"/>.</param>
internal sealed record KeyBody(
    long PersonId,
    string Login,
    string Purpose,
    long? CourtId,
    IReadOnlyList<string>? Only,
    int PerMinute,
    int Days,
    long? Replaces = null,
    int OverlapHours = 0
);

/// <summary>API keys: found by digest, kept for a few seconds, counted by the minute on this host.</summary>
internal sealed class Keys(TimeProvider clock)
{
    private const string Select =
        "SELECT id, person_id, court_id, only_actions, expires_at, per_minute, last_used_at FROM workzone_api_key WHERE revoked_at IS NULL AND ";
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (Entry? Key, DateTimeOffset Until)> entries = new();
    private readonly ConcurrentDictionary<long, (long Minute, int Calls)> calls = new();

    public void Clear() => entries.Clear();

    public async Task<(KeyEnd End, Entry? Key)> FindAsync(Db db, string key)
    {
        if (key.Length is < 20 or > 100)
            return (KeyEnd.Unknown, null);
        var now = clock.GetUtcNow();
        var digest = Secrets.Digest(key);
        if (!entries.TryGetValue(digest, out var kept) || kept.Until <= now)
        {
            var row = await db.FirstAsync<Row>(Select + "digest = @digest", new { digest });
            kept = (row?.Entry(), now + Kept);
            if (entries.Count > 10_000)
                entries.Clear();
            entries[digest] = kept;
            if (row is not null && (row.LastUsedAt is null || now - row.LastUsedAt > TimeSpan.FromMinutes(10)))
                await UsedAsync(db, row.Id, now);
        }
        if (kept.Key is not { } found)
            return (KeyEnd.Unknown, null);
        if (found.ExpiresAt <= now)
            return (KeyEnd.Expired, null);
        var minute = now.ToUnixTimeSeconds() / 60;
        var count = calls.AddOrUpdate(found.Id, (minute, 1), (_, c) => c.Minute == minute ? (minute, c.Calls + 1) : (minute, 1));
        return count.Calls > found.PerMinute ? (KeyEnd.TooMany, null) : (KeyEnd.Done, found);
    }

    /// <summary>The key while it may still be used; no call is counted.</summary>
    public async Task<Entry?> ByIdAsync(Db db, long id) =>
        await db.FirstAsync<Row>(Select + "id = @id", new { id }) is { } row && !(row.ExpiresAt <= clock.GetUtcNow()) ? row.Entry() : null;

    /// <summary>The key this request came by; null for a person at a browser and for the system.</summary>
    public static long? Of(Actor actor) =>
        actor.Kind == ActorKind.Key && actor.Channel.StartsWith("key:", StringComparison.Ordinal)
            ? long.Parse(actor.Channel[4..], System.Globalization.CultureInfo.InvariantCulture)
            : null;

    private static async Task UsedAsync(Db db, long id, DateTimeOffset now)
    {
        await db.BeginAsync();
        await db.ExecuteAsync("UPDATE workzone_api_key SET last_used_at = @now WHERE id = @id", new { id, now });
        await db.CommitAsync();
    }

    internal sealed record Entry(long Id, long PersonId, long? CourtId, IReadOnlySet<string>? Only, DateTimeOffset? ExpiresAt, int PerMinute);

    private sealed record Row
    {
        public long Id { get; init; }
        public long PersonId { get; init; }
        public long? CourtId { get; init; }
        public string? OnlyActions { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public int PerMinute { get; init; }
        public DateTimeOffset? LastUsedAt { get; init; }

        public Entry Entry() =>
            new(
                Id,
                PersonId,
                CourtId,
                OnlyActions is null ? null : JsonSerializer.Deserialize<HashSet<string>>(OnlyActions, Json.Stored),
                ExpiresAt,
                PerMinute
            );
    }
}

/// <summary>A key by the console: whoever has it may do everything the user may, for a year.</summary>
[Permit(PermitAttribute.System)]
[Audited("workzone.key.create")]
internal sealed record CreateKey : ICommand<string>
{
    public string Login { get; init; } = "";
    public string? CourtCode { get; init; }
    public string Purpose { get; init; } = "";

    internal sealed class Handler(Db db, KeyMaker maker) : ICommandHandler<CreateKey, string>
    {
        public async Task<string> Handle(CreateKey request, CancellationToken cancellationToken)
        {
            if (string.IsNullOrWhiteSpace(request.Purpose) || request.Purpose.Length > 200)
                throw new RuleBroken("请写明密钥的用途，最长 200 个字符。", "purpose");
            var person =
                await db.FirstAsync<PersonName>(
                    "SELECT id, login, name, court_id, state FROM workzone_person WHERE login = @Login AND state = 'active'",
                    new { request.Login },
                    cancellationToken
                ) ?? throw new RuleBroken($"没有登录名为 {request.Login} 的在用人员。", "user");
            if (await RightsBook.IsAdministratorAsync(db, person.Id, cancellationToken))
                throw new RuleBroken("管理员账号不发密钥：管理须由本人登录、过第二因素。", "user");
            long? court = null;
            if (!string.IsNullOrEmpty(request.CourtCode))
            {
                court =
                    await db.FirstAsync<long?>("SELECT id FROM workzone_court WHERE code = @CourtCode", new { request.CourtCode }, cancellationToken)
                    ?? throw new RuleBroken($"没有代字为 {request.CourtCode} 的法院。", "court");
                await maker.DemandRoleAsync(person.Id, person.CourtId, court.Value, "court", cancellationToken);
            }
            return await maker.MakeAsync(new KeyBody(person.Id, request.Login, request.Purpose, court, null, 60_000, 365), cancellationToken);
        }
    }
}

/// <summary>Writes new keys. Called inside commands.</summary>
internal sealed class KeyMaker(Db db, Ids ids, TimeProvider clock, Actor actor, AuditTrail audit)
{
    /// <summary>A key acts in one court: the account's own, or one where the account holds a role. Whoever has the say over a court has none over people who
    /// do not work in it.</summary>
    /// <exception cref="RuleBroken">No role there.</exception>
    public async Task DemandRoleAsync(long personId, long home, long court, string field, CancellationToken ct)
    {
        if (
            court != home
            && await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM workzone_role_grant WHERE person_id = @personId AND court_id = @court AND (until_at IS NULL OR until_at > @now)",
                new
                {
                    personId,
                    court,
                    now = clock.GetUtcNow(),
                },
                ct
            ) == 0
        )
            throw new RuleBroken("此账号在该法院没有角色，不能发该法院的密钥。", field, "no-role");
    }

    public async Task<string> MakeAsync(KeyBody body, CancellationToken ct)
    {
        var key = "co_" + Secrets.NewToken() + Secrets.NewToken();
        var id = ids.Next();
        var now = clock.GetUtcNow();
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_api_key (id, person_id, digest, purpose, court_id, created_at, only_actions, expires_at, per_minute, created_by, replaces_id)
            VALUES (@id, @PersonId, @digest, @Purpose, @CourtId, @now, @only, @expires, @PerMinute, @by, @Replaces)
            """,
            new
            {
                id,
                body.PersonId,
                digest = Secrets.Digest(key),
                body.Purpose,
                body.CourtId,
                now,
                only = body.Only is null ? null : JsonSerializer.Serialize(body.Only, Json.Stored),
                expires = now.AddDays(body.Days),
                body.PerMinute,
                by = actor.Name,
                body.Replaces,
            },
            ct
        );
        audit.Note(
            "api-key",
            id,
            new
            {
                body.Login,
                body.Purpose,
                body.CourtId,
                body.Only,
                body.PerMinute,
                body.Days,
                body.Replaces,
            }
        );
        return key;
    }
}

/// <summary>Asks for a key for an account; a second person confirms, then the asker collects it once.</summary>
[Permit("workzone.keys.manage")]
[Audited("workzone.key.ask")]
internal sealed record AskForKey : ICommand<long>
{
    public string Login { get; init; } = "";
    public string? CourtCode { get; init; }
    public string Purpose { get; init; } = "";

    /// <summary>Null: all the account may do.</summary>
    public IReadOnlyList<string>? Only { get; init; }
    public int PerMinute { get; init; } = 600;
    public int Days { get; init; } = 365;
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskForKey>
    {
        public Validator()
        {
            RuleFor(c => c.Purpose).NotEmpty().WithMessage("请写明密钥的用途。").MaximumLength(200).WithMessage("用途最长 200 个字符。");
            RuleFor(c => c.PerMinute).InclusiveBetween(1, 6000).WithMessage("每分钟次数应在 1 到 6000 之间。");
            RuleFor(c => c.Days).InclusiveBetween(1, 730).WithMessage("有效期应在 1 到 730 天之间。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, RightsBook book, ActionCatalogue catalogue, KeyMaker maker) : ICommandHandler<AskForKey, long>
    {
        public async Task<long> Handle(AskForKey request, CancellationToken cancellationToken)
        {
            // whoever neither belongs to a court of this administrator nor has a role in one is like nobody
            var person =
                await db.FirstAsync<PersonName>(
                    """
                    SELECT p.id, p.login, p.name, p.court_id, p.state FROM workzone_person p
                    WHERE p.login = @login AND p.state = 'active' AND (p.court_id IN @scope OR EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id =
                        p.id AND r.court_id IN @scope))
                    """,
                    new { login = request.Login.Trim(), scope = AdminScope.Courts(actor) },
                    cancellationToken
                ) ?? throw new RuleBroken($"没有登录名为 {request.Login} 的在用人员。", "Login");
            if (await RightsBook.IsAdministratorAsync(db, person.Id, cancellationToken))
                throw new RuleBroken("管理员账号不发密钥：管理须由本人登录、过第二因素。", "Login");
            var court = string.IsNullOrWhiteSpace(request.CourtCode)
                ? person.CourtId
                : await db.FirstAsync<long?>("SELECT id FROM workzone_court WHERE code = @code", new { code = request.CourtCode.Trim() }, cancellationToken)
                    ?? throw new RuleBroken($"没有代字为 {request.CourtCode} 的法院。", "CourtCode");
            AdminScope.Demand(actor, court, "CourtCode");
            await maker.DemandRoleAsync(person.Id, person.CourtId, court, "CourtCode", cancellationToken);
            if (request.Only?.FirstOrDefault(a => catalogue.Find(a) is null) is { } unknown)
                throw new RuleBroken($"没有这个权限：{unknown}。", "Only");
            return await book.AskAsync(
                ChangeKind.Key,
                null,
                $"{person.Name}（{person.Login}）：{request.Purpose}",
                court,
                new KeyBody(person.Id, person.Login, request.Purpose.Trim(), court, request.Only, request.PerMinute, request.Days),
                request.Reason.Trim(),
                null,
                cancellationToken
            );
        }
    }
}

/// <summary>The asker takes the confirmed key: it is made now, shown once, and only its digest is kept.</summary>
[Permit("workzone.keys.manage")]
[Audited("workzone.key.collect")]
internal sealed record CollectKey : ICommand<string>
{
    public long ChangeId { get; init; }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, KeyMaker maker, Keys keys) : ICommandHandler<CollectKey, string>
    {
        public async Task<string> Handle(CollectKey request, CancellationToken cancellationToken)
        {
            var change =
                await db.FirstAsync<ChangeRow>(
                    ChangeRow.Select + " WHERE c.id = @ChangeId AND c.kind = 'key' AND c.asked_by = @me",
                    new { request.ChangeId, me = actor.Id },
                    cancellationToken
                ) ?? throw new NotFound("密钥申请", request.ChangeId);
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_change SET state = 'collected', version = version + 1 WHERE id = @ChangeId AND state = 'confirmed'",
                    new { request.ChangeId },
                    cancellationToken
                ) == 0
            )
                throw new Conflict(
                    change.State == "collected" ? "这把密钥已经领取过了；遗失请轮换。" : "这项申请还没有确认。",
                    change.DecidedByName,
                    change.DecidedAt
                );
            var body = change.Read<KeyBody>();
            if (await RightsBook.IsAdministratorAsync(db, body.PersonId, cancellationToken))
                throw new RuleBroken("管理员账号不发密钥：管理须由本人登录、过第二因素。", "Login");
            if (body.Replaces is { } old)
            {
                await db.ExecuteAsync(
                    "UPDATE workzone_api_key SET expires_at = @until WHERE id = @old AND (expires_at IS NULL OR expires_at > @until)",
                    new { old, until = clock.GetUtcNow().AddHours(body.OverlapHours) },
                    cancellationToken
                );
                db.OnCommitted(keys.Clear);
            }
            var home =
                await db.FirstAsync<long?>(
                    "SELECT court_id FROM workzone_person WHERE id = @PersonId AND state = 'active'",
                    new { body.PersonId },
                    cancellationToken
                ) ?? throw new RuleBroken($"没有登录名为 {body.Login} 的在用人员。", "Login");
            if (body.CourtId is { } court)
                await maker.DemandRoleAsync(body.PersonId, home, court, "CourtCode", cancellationToken);
            return await maker.MakeAsync(body, cancellationToken);
        }
    }
}

/// <summary>
/// Asks for a new secret in the place of a key; whoever collects it holds the account's rights, so that a second person confirms here too. The old
/// one works on for some hours after that, so that the other side can change over.
/// </summary>
[Permit("workzone.keys.manage")]
[Audited("workzone.key.rotate")]
internal sealed record RotateKey : ICommand<long>
{
    public long Id { get; init; }
    public int OverlapHours { get; init; } = 24;
    public string Reason { get; init; } = "轮换密钥";

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, RightsBook book) : ICommandHandler<RotateKey, long>
    {
        public async Task<long> Handle(RotateKey request, CancellationToken cancellationToken)
        {
            if (request.OverlapHours is < 0 or > 168)
                throw new RuleBroken("重叠时间应在 0 到 168 小时之间。", "OverlapHours");
            var old = await KeyRow.FindAsync(db, actor, request.Id, cancellationToken);
            if (old.ExpiresAt <= clock.GetUtcNow())
                throw new RuleBroken("密钥已过期，请重新申请。", code: "expired");
            var only = old.OnlyActions is null ? null : JsonSerializer.Deserialize<List<string>>(old.OnlyActions, Json.Stored);
            return await book.AskAsync(
                ChangeKind.Key,
                request.Id,
                $"{old.Name}（{old.Login}）：{old.Purpose}",
                old.CourtId,
                new KeyBody(old.PersonId, old.Login, old.Purpose, old.CourtId, only, old.PerMinute, 365, request.Id, request.OverlapHours),
                request.Reason.Trim(),
                null,
                cancellationToken
            );
        }
    }
}

/// <summary>A key that works, for the administrators of its court.</summary>
internal sealed record KeyRow
{
    public long PersonId { get; init; }
    public string Login { get; init; } = "";
    public string Name { get; init; } = "";
    public string Purpose { get; init; } = "";
    public long CourtId { get; init; }
    public string? OnlyActions { get; init; }
    public int PerMinute { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <exception cref="NotFound">No such key, or of a court that is another's.</exception>
    public static async Task<KeyRow> FindAsync(Db db, Actor actor, long id, CancellationToken ct)
    {
        var row = await db.FirstAsync<KeyRow>(
            "SELECT k.person_id, p.login, p.name, k.purpose, COALESCE(k.court_id, p.court_id) AS court_id, k.only_actions, k.per_minute, k.expires_at "
                + "FROM workzone_api_key k JOIN workzone_person p ON p.id = k.person_id WHERE k.id = @id AND k.revoked_at IS NULL",
            new { id },
            ct
        );
        return row is not null && AdminScope.Covers(actor, row.CourtId) ? row : throw new NotFound("密钥", id);
    }
}

[Permit("workzone.keys.manage")]
[Audited("workzone.key.revoke")]
internal sealed record RevokeKey : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, Keys keys, AuditTrail audit) : CommandHandler<RevokeKey>
    {
        protected override async Task RunAsync(RevokeKey command, CancellationToken ct)
        {
            await KeyRow.FindAsync(db, actor, command.Id, ct);
            await db.ExecuteAsync(
                "UPDATE workzone_api_key SET revoked_at = @now WHERE id = @Id AND revoked_at IS NULL",
                new { command.Id, now = clock.GetUtcNow() },
                ct
            );
            audit.Note("api-key", command.Id);
            db.OnCommitted(keys.Clear);
        }
    }
}

[Permit("workzone.keys.manage")]
internal sealed record ListKeys : IQuery<IReadOnlyList<ListKeys.Row>>
{
    internal sealed record Row
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public string? CourtName { get; init; }
        public string Purpose { get; init; } = "";
        public string? OnlyActions { get; init; }
        public int PerMinute { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public DateTimeOffset? LastUsedAt { get; init; }
        public DateTimeOffset? RevokedAt { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListKeys, IReadOnlyList<Row>>
    {
        public Task<IReadOnlyList<Row>> Handle(ListKeys request, CancellationToken cancellationToken) =>
            db.PageAsync<Row>(
                """
                SELECT k.id, p.login, p.name, t.name AS court_name, k.purpose, k.only_actions, k.per_minute, k.created_at, k.expires_at, k.last_used_at,
                    k.revoked_at
                FROM workzone_api_key k
                JOIN workzone_person p ON p.id = k.person_id
                LEFT JOIN workzone_court t ON t.id = k.court_id
                WHERE COALESCE(k.court_id, p.court_id) IN @scope
                ORDER BY k.id DESC
                """,
                new { scope = AdminScope.Courts(actor) },
                200,
                cancellationToken
            );
    }
}
