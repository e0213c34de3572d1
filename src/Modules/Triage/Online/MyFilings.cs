using System.Globalization;
using System.Security.Cryptography;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using FluentValidation;

namespace CourtOps.Triage.Online;

/// <summary>A person who wants to see all they filed, in any court: between the question for a code and the list.</summary>
internal sealed record FilerAccount
{
    public string TokenDigest { get; init; } = "";
    public string PersonEnc { get; init; } = "";
    public string PhoneEnc { get; init; } = "";
    public string? CodeKeyed { get; init; }
    public DateTimeOffset? CodeUntil { get; init; }
    public int Tries { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What one person filed, by id number and the phone or mailbox that was confirmed then.</summary>
internal sealed class FilerAccounts(Db db, Secrets secrets, PublicFilings filings, TimeProvider clock)
{
    /// <exception cref="NotFound">No such link, or its time has run out.</exception>
    public async Task<FilerAccount> FindAsync(string token, CancellationToken ct)
    {
        if (token.Length != 32 || !token.All(char.IsAsciiHexDigitLower))
            throw new NotFound("立案申请");
        var digest = Secrets.Digest(token);
        return await db.FirstAsync<FilerAccount>(
                "SELECT token_digest, person_enc, phone_enc, code_keyed, code_until, tries, expires_at FROM triage_public_account WHERE token_digest "
                    + "= @digest AND expires_at > @now",
                new { digest, now = clock.GetUtcNow() },
                ct
            ) ?? throw new NotFound("立案申请");
    }

    /// <summary>The filings of this person whose identity was confirmed with this phone, newest first.</summary>
    public async Task<IReadOnlyList<PublicFiling>> OfAsync(string idNumber, string phone, CancellationToken ct)
    {
        var mine = await filings.OfPersonAsync(secrets.BlindAll(idNumber), ct);
        return [.. mine.Where(f => f is { NeedsCode: true, VerifiedAt: not null } && filings.FilerOf(f).Phone == phone)];
    }

    public Task<IReadOnlyList<PublicFiling>> OfAsync(FilerAccount account, CancellationToken ct) =>
        OfAsync(secrets.Reveal(account.PersonEnc)!, secrets.Reveal(account.PhoneEnc)!, ct);
}

/// <summary>
/// Asks for a code to see all one's filings. The answer is the same whether there are any; a code goes only to the phone or mailbox that was confirmed with
/// one of them, three
/// times in a quarter of an hour.
/// </summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.mine")]
internal sealed record AskMine : ICommand<string>
{
    public string IdNumber { get; init; } = "";
    public string Phone { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskMine>
    {
        public Validator()
        {
            RuleFor(c => c.IdNumber).Must(n => IdNumbers.IsIdCard(PartyReading.Sign(n))).WithMessage("身份证号码应为 18 位且校验相符，请核对。");
            RuleFor(c => c.Phone).Must(p => PartyReading.Phone(p).Length > 0 && PartyReading.IsPhone(p)).WithMessage("请填写立案时用的手机号。");
        }
    }

    internal sealed class Handler(
        Db db,
        Secrets secrets,
        FilerAccounts accounts,
        PublicFilings filings,
        CodeWays ways,
        WorkQueue work,
        TimeProvider clock,
        AuditTrail audit
    ) : ICommandHandler<AskMine, string>
    {
        public async Task<string> Handle(AskMine request, CancellationToken cancellationToken)
        {
            var (number, phone, now) = (PartyReading.Sign(request.IdNumber), PartyReading.Phone(request.Phone), clock.GetUtcNow());
            var token = Secrets.NewToken();
            var recent = await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM triage_public_account WHERE person_idx IN @keys AND created_at > @since",
                new { keys = secrets.BlindAll(number), since = now.AddMinutes(-15) },
                cancellationToken
            );
            var mine = recent < 3 ? await accounts.OfAsync(number, phone, cancellationToken) : [];
            var code = mine.Count > 0 ? RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture) : null;
            await db.ExecuteAsync(
                "INSERT INTO triage_public_account (token_digest, person_enc, person_idx, phone_enc, code_keyed, code_until, tries, created_at, "
                    + "expires_at) VALUES (@digest, @person, @idx, @phone, @keyed, @until, 0, @now, @ends)",
                new
                {
                    digest = Secrets.Digest(token),
                    person = secrets.Protect(number),
                    idx = secrets.Blind(number),
                    phone = secrets.Protect(phone),
                    keyed = code is null ? null : secrets.Keyed("filer-code", code),
                    until = now.AddMinutes(15),
                    now,
                    ends = now.AddHours(2),
                },
                cancellationToken
            );
            if (code is not null && filings.FilerOf(mine[0]) is var who && ways.For(who) is { } way)
                await work.AddAsync(
                    SendFilerCode.Name,
                    Guid.NewGuid().ToString("n"),
                    new SendFilerCode.Payload
                    {
                        To = secrets.Protect(way == "sms" ? who.Phone : who.Email)!,
                        Way = way,
                        Code = secrets.Protect(code)!,
                    },
                    ct: cancellationToken
                );
            audit.Note("public-account", "", new { sent = code is not null });
            return token;
        }
    }
}

/// <summary>The code is typed; five wrong ones end this question.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.identify")]
internal sealed record IdentifyMine : ICommand<IdentifyFiler.Result>
{
    public string Token { get; init; } = "";
    public string Code { get; init; } = "";

    internal sealed class Handler(Db db, FilerAccounts accounts, Secrets secrets, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<IdentifyMine, IdentifyFiler.Result>
    {
        public async Task<IdentifyFiler.Result> Handle(IdentifyMine request, CancellationToken cancellationToken)
        {
            var account = await accounts.FindAsync(request.Token, cancellationToken);
            if (account.Tries >= PublicFilings.TriesBeforeLock)
                return new IdentifyFiler.Result(false, account.ExpiresAt, 0);
            // counted in the row itself, before it is known whether it is right: guesses at the same time each count
            await db.ExecuteAsync(
                "UPDATE triage_public_account SET tries = tries + 1 WHERE token_digest = @TokenDigest",
                new { account.TokenDigest },
                cancellationToken
            );
            var tries = await db.ScalarAsync<int>(
                "SELECT tries FROM triage_public_account WHERE token_digest = @TokenDigest",
                new { account.TokenDigest },
                cancellationToken
            );
            var right =
                tries <= PublicFilings.TriesBeforeLock
                && account.CodeUntil > clock.GetUtcNow()
                && secrets.SameKeyed(account.CodeKeyed, "filer-code", PartyReading.Sign(request.Code));
            audit.Note("public-account", "", new { result = right ? "identified" : "wrong-code" }, refused: !right);
            if (!right)
                return new IdentifyFiler.Result(
                    false,
                    tries >= PublicFilings.TriesBeforeLock ? account.ExpiresAt : null,
                    Math.Max(0, PublicFilings.TriesBeforeLock - tries)
                );
            await db.ExecuteAsync(
                "UPDATE triage_public_account SET tries = 0, code_keyed = NULL WHERE token_digest = @TokenDigest",
                new { account.TokenDigest },
                cancellationToken
            );
            return new IdentifyFiler.Result(true, null, 0);
        }
    }
}

/// <summary>All filings of a person, for whoever has typed the code of this link (the caller knows).</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record ListMine : IQuery<IReadOnlyList<PublicFiling>>
{
    public string Token { get; init; } = "";

    /// <summary>Whether the code was typed in this browser; without it nothing is listed.</summary>
    public bool Known { get; init; }

    internal sealed class Handler(FilerAccounts accounts) : IQueryHandler<ListMine, IReadOnlyList<PublicFiling>>
    {
        public async Task<IReadOnlyList<PublicFiling>> Handle(ListMine request, CancellationToken cancellationToken)
        {
            var account = await accounts.FindAsync(request.Token, cancellationToken);
            return request.Known ? await accounts.OfAsync(account, cancellationToken) : [];
        }
    }
}

/// <summary>A link of its own to one of the filings of the list; links given before stay.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.mine")]
internal sealed record OpenMine : ICommand<string>
{
    public string Token { get; init; } = "";

    /// <summary>Of the list.</summary>
    public long Id { get; init; }

    internal sealed class Handler(Db db, FilerAccounts accounts, TimeProvider clock, AuditTrail audit) : ICommandHandler<OpenMine, string>
    {
        public async Task<string> Handle(OpenMine request, CancellationToken cancellationToken)
        {
            var account = await accounts.FindAsync(request.Token, cancellationToken);
            if ((await accounts.OfAsync(account, cancellationToken)).All(f => f.Id != request.Id))
                throw new NotFound("立案申请");
            var token = Secrets.NewToken();
            await db.ExecuteAsync(
                "INSERT INTO triage_public_link (token_digest, public_id, created_at) VALUES (@digest, @Id, @now)",
                new
                {
                    digest = Secrets.Digest(token),
                    request.Id,
                    now = clock.GetUtcNow(),
                },
                cancellationToken
            );
            audit.Note("public-filing", request.Id, new { opened = "mine" });
            return token;
        }
    }
}
