using System.Globalization;
using System.Security.Cryptography;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Mail;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Triage.Online;

/// <summary>Whether and how a code reaches somebody, by setting: CourtOps:Sms:Url, CourtOps:Smtp:Host.</summary>
internal sealed class CodeWays(IConfiguration configuration, SmtpMail smtp)
{
    public bool Sms => configuration["CourtOps:Sms:Url"] is { Length: > 0 };

    public bool Mail => !string.IsNullOrEmpty(smtp.Host);

    /// <summary>sms or mail; null where no code can be sent to this filer.</summary>
    public string? For(Filer who) =>
        Sms && who.Phone.Length > 0 ? "sms"
        : Mail && who.Email.Length > 0 ? "mail"
        : null;
}

/// <summary>The codes that confirm a phone or a mailbox: six digits, fifteen minutes, three in a row.</summary>
internal sealed class Codes(Db db, Secrets secrets, TimeProvider clock, WorkQueue work, CodeWays ways)
{
    public async Task SendAsync(long publicId, int sent, DateTimeOffset? until, Filer who, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (sent >= 3 && until > now)
            throw new RuleBroken("验证码已发了三次，请过一会儿再试。", "Code");
        var way = ways.For(who) ?? throw new RuleBroken("本院现在发不出验证码，请到立案窗口办理。", "Code");
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        await db.ExecuteAsync(
            "UPDATE triage_public_filing SET code_keyed = @keyed, code_until = @ends, code_sent = @n WHERE id = @publicId",
            new
            {
                publicId,
                keyed = secrets.Keyed("filer-code", code),
                ends = now.AddMinutes(15),
                n = until > now ? sent + 1 : 1,
            },
            ct
        );
        await work.AddAsync(
            SendFilerCode.Name,
            Guid.NewGuid().ToString("n"),
            new SendFilerCode.Payload
            {
                To = secrets.Protect(way == "sms" ? who.Phone : who.Email)!,
                Way = way,
                Code = secrets.Protect(code)!,
            },
            ct: ct
        );
    }
}

/// <summary>A code by SMS or mail. Sending it twice harms nobody.</summary>
internal sealed class SendFilerCode(Secrets secrets, SmtpMail smtp, IHttpClientFactory http, IConfiguration configuration) : IWorkHandler
{
    public const string Name = "triage.code";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 5;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    /// <summary>Who got no code asks for another.</summary>
    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        var (to, code) = (secrets.Reveal(payload.To)!, secrets.Reveal(payload.Code)!);
        var text = $"网上立案验证码：{code}，15 分钟内有效。不是您本人操作的，请不要理会。";
        if (payload.Way == "sms")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, configuration["CourtOps:Sms:Url"])
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { to, text }),
            };
            request.Headers.Add("Idempotency-Key", item.WorkKey);
            request.Headers.Add("X-Api-Key", configuration["CourtOps:Sms:Key"] ?? "");
            using var answer = await http.CreateClient().SendAsync(request, ct);
            return answer.IsSuccessStatusCode ? WorkOutcome.Done() : WorkOutcome.Retry($"短信网关答复 {(int)answer.StatusCode}");
        }
        var outcome = await smtp.SendAsync("人民法院网上立案", to, "网上立案验证码", text, $"<p>{text}</p>", $"<{item.Id}@courtops.invalid>", ct);
        return outcome.End switch
        {
            WorkEnd.Doubt => WorkOutcome.Done(),
            WorkEnd.Wait => outcome with { End = WorkEnd.Retry }, // a code does not keep
            _ => outcome,
        };
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct) => Task.CompletedTask;

    internal sealed record Payload
    {
        public string To { get; init; } = "";

        /// <summary>sms or mail.</summary>
        public string Way { get; init; } = "";
        public string Code { get; init; } = "";
    }
}

/// <summary>The code is typed. Five wrong ones lock, each lock twice as long as the last.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.identify")]
internal sealed record IdentifyFiler : ICommand<IdentifyFiler.Result>
{
    public string Token { get; init; } = "";
    public string Code { get; init; } = "";

    internal sealed record Result(bool Done, DateTimeOffset? LockedUntil, int Left);

    internal sealed class Handler(Db db, PublicFilings filings, Secrets secrets, TimeProvider clock, AuditTrail audit) : ICommandHandler<IdentifyFiler, Result>
    {
        public async Task<Result> Handle(IdentifyFiler request, CancellationToken cancellationToken)
        {
            var filing = await filings.FindAsync(request.Token, cancellationToken);
            var now = clock.StoredNow();
            if (filing.LockedUntil > now)
                return new Result(false, filing.LockedUntil, 0);
            // where the court sends no codes, whoever has the link still shows that the id number is known
            var typed = PartyReading.Sign(request.Code);
            if (
                filing.NeedsCode
                    ? filing.CodeUntil > now && secrets.SameKeyed(filing.CodeKeyed, "filer-code", typed)
                    : Secrets.Same(Secrets.Tail(filings.FilerOf(filing).IdNumber), typed)
            )
            {
                await db.ExecuteAsync(
                    "UPDATE triage_public_filing SET tries = 0, locks = 0, locked_until = NULL, code_keyed = NULL, verified_at = CASE WHEN needs_code "
                        + "= 1 THEN COALESCE(verified_at, @now) ELSE verified_at END WHERE id = @Id",
                    new { filing.Id, now },
                    cancellationToken
                );
                audit.Note("public-filing", filing.Id, new { result = "identified" });
                return new Result(true, null, 0);
            }
            // counted in the row itself: guesses at the same time each count
            await db.ExecuteAsync("UPDATE triage_public_filing SET tries = tries + 1 WHERE id = @Id", new { filing.Id }, cancellationToken);
            var tries = await db.ScalarAsync<int>("SELECT tries FROM triage_public_filing WHERE id = @Id", new { filing.Id }, cancellationToken);
            DateTimeOffset? until = tries >= PublicFilings.TriesBeforeLock ? now + PublicFilings.LockTime(filing.Locks) : null;
            if (until is not null)
                await db.ExecuteAsync(
                    "UPDATE triage_public_filing SET tries = 0, locks = locks + 1, locked_until = @until WHERE id = @Id",
                    new { filing.Id, until },
                    cancellationToken
                );
            audit.Note("public-filing", filing.Id, new { result = until is null ? "wrong-code" : "locked" }, refused: true);
            return new Result(false, until, PublicFilings.TriesBeforeLock - tries);
        }
    }
}

/// <summary>Another code.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.code")]
internal sealed record AskFilerCode : ICommand
{
    public string Token { get; init; } = "";

    internal sealed class Handler(PublicFilings filings, Codes codes, AuditTrail audit) : CommandHandler<AskFilerCode>
    {
        protected override async Task RunAsync(AskFilerCode command, CancellationToken ct)
        {
            var filing = await filings.FindAsync(command.Token, ct);
            if (!filing.NeedsCode)
                return;
            await codes.SendAsync(filing.Id, filing.CodeSent, filing.CodeUntil, filings.FilerOf(filing), ct);
            audit.Note("public-filing", filing.Id, new { code = "sent" });
        }
    }
}
