using System.Globalization;
using System.Security.Cryptography;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>Sends the second code; three times at most in a row.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.code")]
internal sealed record SendCode : ICommand
{
    public string Token { get; init; } = "";

    internal sealed class Handler(Db db, Secrets secrets, TimeProvider clock, WorkQueue work, AuditTrail audit) : CommandHandler<SendCode>
    {
        protected override async Task RunAsync(SendCode command, CancellationToken ct)
        {
            var notice = await PublicNotices.FindAsync(db, command.Token, clock, ct) ?? throw new NotFound("文书");
            if (!notice.NeedsCode)
                return;
            var now = clock.GetUtcNow();
            if (notice.CodeSent >= 3 && notice.CodeUntil > now)
                throw new RuleBroken("验证码已发了三次，请过一会儿再试。", "Code");
            var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture);
            var sent = notice.CodeUntil > now ? notice.CodeSent + 1 : 1;
            await db.ExecuteAsync(
                "UPDATE service_public_notice SET code_keyed = @keyed, code_until = @until, code_sent = @sent WHERE token_digest = @TokenDigest",
                new
                {
                    notice.TokenDigest,
                    keyed = secrets.Keyed("party-code", code),
                    until = now.AddMinutes(15),
                    sent,
                },
                ct
            );
            await work.AddAsync(
                SendCodeWork.Name,
                Guid.NewGuid().ToString("n"),
                new SendCodeWork.Payload { NoticeId = notice.NoticeId, Code = secrets.Protect(code)! },
                ct: ct
            );
            audit.Note("notice", notice.NoticeId, new { code = "sent" });
        }
    }
}

/// <summary>The code by mail or SMS. Sending it twice harms nobody.</summary>
internal sealed class SendCodeWork(
    Notices notices,
    Secrets secrets,
    MailServer server,
    IHttpClientFactory http,
    Microsoft.Extensions.Configuration.IConfiguration configuration
) : IWorkHandler
{
    public const string Name = "service.code";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 5;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    /// <summary>Who got no code asks for another.</summary>
    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        var notice = await notices.GetAsync(payload.NoticeId, ct);
        var code = secrets.Reveal(payload.Code)!;
        var text = notice.Language == "ko" ? $"확인번호: {code} (15분간 유효)" : $"验证码：{code}，15 分钟内有效。";
        if (!server.Reaches(notice))
            return WorkOutcome.Failed("受送达人没有可收验证码的地址"); // the court has changed its channel meanwhile
        if (server.SecondCode == "sms")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, configuration["CourtOps:Sms:Url"])
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { to = secrets.Reveal(notice.PhoneEnc), text }),
            };
            request.Headers.Add("Idempotency-Key", item.WorkKey);
            request.Headers.Add("X-Api-Key", configuration["CourtOps:Sms:Key"] ?? "");
            using var answer = await http.CreateClient().SendAsync(request, ct);
            return answer.IsSuccessStatusCode ? WorkOutcome.Done() : WorkOutcome.Retry($"短信网关答复 {(int)answer.StatusCode}");
        }
        var outcome = await server.SendAsync(
            secrets.Reveal(notice.EmailEnc)!,
            notice.Language == "ko" ? "확인번호" : "验证码",
            text,
            $"<p>{text}</p>",
            $"{item.Id}",
            ct
        );
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
        public long NoticeId { get; init; }
        public string Code { get; init; } = "";
    }
}
