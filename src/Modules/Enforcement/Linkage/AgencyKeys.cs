using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Linkage;

/// <summary>An agency with its interface, as its page shows it.</summary>
internal sealed record AgencyCard
{
    public const string Columns =
        "SELECT a.id, a.court_id, a.name, a.kind, a.login, a.active, a.two_persons, a.hook_url, a.key_enc, a.key_made_at, a.version FROM enforcement_agency a";

    /// <summary>How far an agency's clock may be off; an older message is refused, a younger one counts once.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public long Id { get; init; }
    public long CourtId { get; init; }
    public string Name { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Login { get; init; } = "";
    public bool Active { get; init; }
    public bool TwoPersons { get; init; }
    public string? HookUrl { get; init; }
    public string? KeyEnc { get; init; }
    public DateTimeOffset? KeyMadeAt { get; init; }
    public int Version { get; init; }
}

/// <summary>Finds agencies of one's own court.</summary>
internal sealed class Agencies(Db db, Actor actor)
{
    /// <exception cref="NotFound">No such agency, or another court's.</exception>
    public async Task<AgencyCard> GetAsync(long id, CancellationToken ct) =>
        await db.FirstAsync<AgencyCard>(AgencyCard.Columns + " WHERE a.id = @id AND a.court_id = @court", new { id, court = actor.CourtId }, ct)
        ?? throw new NotFound("联动单位", id);
}

/// <summary>One agency: its interface and what was told to it.</summary>
[Permit("enforcement.read")]
internal sealed record ShowAgency : IQuery<ShowAgency.Result>
{
    public long Id { get; init; }

    internal sealed record Result(AgencyCard Agency, IReadOnlyList<HookRow> Hooks);

    internal sealed class Handler(Db db, Agencies agencies, ICases cases) : IQueryHandler<ShowAgency, Result>
    {
        public async Task<Result> Handle(ShowAgency request, CancellationToken cancellationToken)
        {
            var agency = await agencies.GetAsync(request.Id, cancellationToken);
            var (me, courts, places) = cases.Arguments;
            var hooks = await db.PageAsync<HookRow>(
                HookRow.Columns
                    + " JOIN enforcement_linkage l ON l.id = h.linkage_id WHERE h.agency_id = @Id AND "
                    + cases.Seen("l.case_id")
                    + " ORDER BY h.id DESC",
                new
                {
                    agency.Id,
                    me,
                    courts,
                    places,
                },
                100,
                cancellationToken
            );
            return new Result(agency with { KeyEnc = null }, hooks);
        }
    }
}

/// <summary>Where an agency is told of requests, urgings and withdrawals; empty: it is not told.</summary>
[Permit("enforcement.agency")]
[Audited("enforcement.agency.hook")]
internal sealed record SetAgencyHook : ICommand
{
    public long Id { get; init; }
    public string Url { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SetAgencyHook>
    {
        public Validator()
        {
            RuleFor(c => c.Id).NotEmpty().WithMessage("请指明联动单位。");
            RuleFor(c => c.Url).MaximumLength(300).WithMessage("地址最长 300 个字符。").Must(IsUrl).WithMessage("应为 http 或者 https 地址。");
        }

        private static bool IsUrl(string url) =>
            url.Length == 0 || (Uri.TryCreate(url, UriKind.Absolute, out var at) && at.Scheme is "http" or "https" && at.UserInfo.Length == 0);
    }

    internal sealed class Handler(Db db, Agencies agencies, AuditTrail audit) : CommandHandler<SetAgencyHook>
    {
        protected override async Task RunAsync(SetAgencyHook command, CancellationToken ct)
        {
            var agency = await agencies.GetAsync(command.Id, ct);
            if (command.Url.Length > 0 && agency.KeyEnc is null)
                throw new RuleBroken("请先为单位生成接口密钥：没有密钥的消息不能签名。", "Url", "no-key");
            await db.ExecuteAsync(
                "UPDATE enforcement_agency SET hook_url = @url, version = version + 1 WHERE id = @Id",
                new { agency.Id, url = command.Url.Length == 0 ? null : command.Url },
                ct
            );
            audit.Note("agency", agency.Id, new { hook = command.Url.Length > 0 });
        }
    }
}

/// <summary>A new key for an agency's messages; the one before is dead. It is shown once.</summary>
[Permit("enforcement.agency")]
[Audited("enforcement.agency.key")]
internal sealed record MakeAgencyKey : ICommand<string>
{
    public long Id { get; init; }

    internal sealed class Validator : AbstractValidator<MakeAgencyKey>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明联动单位。");
    }

    internal sealed class Handler(Db db, Agencies agencies, Secrets secrets, TimeProvider clock, AuditTrail audit) : ICommandHandler<MakeAgencyKey, string>
    {
        public async Task<string> Handle(MakeAgencyKey c, CancellationToken cancellationToken)
        {
            var agency = await agencies.GetAsync(c.Id, cancellationToken);
            var key = Secrets.NewToken();
            await db.ExecuteAsync(
                "UPDATE enforcement_agency SET key_enc = @enc, key_made_at = @now, version = version + 1 WHERE id = @Id",
                new
                {
                    agency.Id,
                    enc = secrets.Protect(key),
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            audit.Note("agency", agency.Id, new { key = "new" });
            return key;
        }
    }
}
