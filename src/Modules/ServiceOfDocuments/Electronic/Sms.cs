using System.Globalization;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;
using Microsoft.Extensions.Configuration;

namespace CourtOps.ServiceOfDocuments.Electronic;

/// <summary>The texts of short messages. Pure. No content of the case but its court: the phone may be another's.</summary>
internal static class SmsText
{
    public static readonly IReadOnlyList<string> Templates = ["notice", "remind", "collect"];

    public static string Of(string template, string court, string language, string link) =>
        (template, language) switch
        {
            ("notice", "ko") =>
                $"【{court}】법원 문서가 송달되었습니다. {link} 에서 신분증 번호 뒤 4자리로 확인하십시오. 문의 12368. 은행 정보를 묻지 않습니다.",
            ("notice", _) => $"【{court}】有诉讼文书送达给您，请打开 {link} 用证件号码后4位核对后查看。咨询12368，不问银行卡和密码。",
            ("remind", "ko") => $"【{court}】아직 열람하지 않은 법원 문서가 있습니다. {link} 문의 12368.",
            ("remind", _) => $"【{court}】您还有诉讼文书没有查看：{link} 。咨询12368。",
            (_, "ko") => $"【{court}】법원에 오셔서 문서를 수령하시기 바랍니다. 신분증을 지참하십시오. 문의 12368.",
            _ => $"【{court}】请携带身份证件到本院诉讼服务中心领取诉讼文书。咨询12368。",
        };
}

/// <summary>Queues short messages of a notice, and is the one place where they change.</summary>
internal sealed class SmsBook(Db db, Ids ids, WorkQueue work, IConfiguration configuration, TimeProvider clock)
{
    public const string Columns = "SELECT id, notice_id, template, state, report, sent_at, reported_at, version FROM service_sms";

    public static readonly Kernel.States.StateTable Table = new(
        "service_sms",
        "短信",
        new("accept", ["queued"], "accepted"),
        new("fail", ["queued", "accepted"], "failed"),
        new("deliver", ["queued", "accepted"], "delivered")
    );

    public Task<SmsRow?> FindAsync(long id, CancellationToken ct) => db.FirstAsync<SmsRow>(Columns + " WHERE id = @id", new { id }, ct);

    /// <summary>False where it has gone further already: the first word stands.</summary>
    public async Task<bool> MoveAsync(SmsRow? row, string step, string? report, DateTimeOffset at, CancellationToken ct)
    {
        if (row is null || Table.Find(step, row.State) is null)
            return false;
        await Table.MoveAsync(
            db,
            step,
            row.State,
            new
            {
                row.Id,
                row.Version,
                report,
                at,
            },
            step == "accept" ? "sent_at = @at" : "report = @report, reported_at = @at",
            ct
        );
        return true;
    }

    public bool IsConfigured => configuration["CourtOps:Sms:Url"] is { Length: > 0 };

    /// <summary>Nothing where there is no gateway or no phone.</summary>
    public async Task<long?> QueueAsync(Notice notice, string template, CancellationToken ct)
    {
        if (!IsConfigured || notice.PhoneEnc is null)
            return null;
        var id = ids.Next();
        await db.ExecuteAsync(
            "INSERT INTO service_sms (id, notice_id, template, state, created_at) VALUES (@id, @notice, @template, 'queued', @now)",
            new
            {
                id,
                notice = notice.Id,
                template,
                now = clock.GetUtcNow(),
            },
            ct
        );
        await work.AddAsync(SendSms.Name, $"{id}", new SendSms.Payload { Id = id }, ct: ct);
        return id;
    }

    public Task<IReadOnlyList<SmsRow>> OfNoticeAsync(long noticeId, CancellationToken ct) =>
        db.QueryAsync<SmsRow>(Columns + " WHERE notice_id = @noticeId ORDER BY id", new { noticeId }, ct);
}

internal sealed record SmsRow
{
    public long Id { get; init; }
    public long NoticeId { get; init; }
    public string Template { get; init; } = "";
    public string State { get; init; } = "";
    public string? Report { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? ReportedAt { get; init; }
    public int Version { get; init; }
}

/// <summary>Sends one queued message of a notice.</summary>
internal sealed class SendSms(SmsBook sms, Notices notices, Secrets secrets, PublicAddress address, SmsSender sender, TimeProvider clock) : IWorkHandler
{
    public const string Name = "service.sms";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 30;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var row = await sms.FindAsync(item.Read<Payload>().Id, ct);
        if (row is null || row.State != "queued")
            return WorkOutcome.Done();
        var notice = await notices.GetAsync(row.NoticeId, ct);
        if (notice.PhoneEnc is null || notice.State is NoticeState.Cancelled or NoticeState.Voided or NoticeState.Contested)
            return WorkOutcome.Failed("不再需要发短信");
        var text = SmsText.Of(row.Template, notice.CourtName, notice.Language, address.Link(secrets.Reveal(notice.TokenEnc)!));
        return await sender.SendAsync(item.WorkKey, secrets.Reveal(notice.PhoneEnc)!, text, $"{row.Id}", row.Template, ct);
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var row = await sms.FindAsync(item.Read<Payload>().Id, ct);
        if (outcome.End == WorkEnd.Done && outcome.Result is SmsSender.Accepted taken)
            await sms.MoveAsync(row, "accept", null, taken.At, ct);
        else if (outcome.End == WorkEnd.Failed)
            await sms.MoveAsync(row, "fail", Contests.Cut(outcome.Reason ?? "", 200), clock.GetUtcNow(), ct);
    }

    internal sealed record Payload
    {
        public long Id { get; init; }
    }
}

/// <summary>The gateway reports what became of a message. Unknown ids and repeats change nothing; a failed one is a failed try to reach the person.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.sms.report")]
internal sealed record ReportSms : ICommand<bool>
{
    public string Id { get; init; } = "";

    /// <summary>delivered or failed.</summary>
    public string Status { get; init; } = "";
    public string Reason { get; init; } = "";

    internal sealed class Handler(SmsBook sms, TimeProvider clock, Kernel.Audit.AuditTrail audit) : ICommandHandler<ReportSms, bool>
    {
        public async Task<bool> Handle(ReportSms request, CancellationToken cancellationToken)
        {
            if (!long.TryParse(request.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || request.Status is not ("delivered" or "failed"))
                throw new RuleBroken("需要 id 和 status（delivered 或 failed）。", "status");
            // a report may overtake the answer to the sending; the first report stands
            var known = await sms.MoveAsync(
                await sms.FindAsync(id, cancellationToken),
                request.Status == "delivered" ? "deliver" : "fail",
                Contests.Cut(request.Reason, 200),
                clock.GetUtcNow(),
                cancellationToken
            );
            audit.Note("sms", id, new { request.Status, known });
            return known;
        }
    }
}

/// <summary>The clerk sends a prompt by hand: a reminder, or the call to come and collect.</summary>
[Permit("service.work")]
[Audited("service.sms.send")]
internal sealed record SendPrompt : ICommand
{
    public long NoticeId { get; init; }
    public long? OrderId { get; init; }
    public string Template { get; init; } = "";

    internal sealed class Handler(Notices notices, SmsBook sms, SharedAddresses shared, Kernel.Audit.AuditTrail audit) : CommandHandler<SendPrompt>
    {
        protected override async Task RunAsync(SendPrompt command, CancellationToken ct)
        {
            var (notice, _) = await notices.OpenAsync(command.NoticeId, command.OrderId, ct);
            if (!SmsText.Templates.Contains(command.Template))
                throw new RuleBroken("没有这个短信模板。", "Template");
            if (
                command.Template != "collect"
                && (
                    notice.ReleasedAt is null
                    || notice.State is NoticeState.Cancelled or NoticeState.Voided or NoticeState.Contested or NoticeState.Failed or NoticeState.Unread
                )
            )
                throw new RuleBroken($"{notice.Recipient}的送达现在是 {Pages.ServiceUi.Label(notice.State)}，没有可提醒的链接。", code: "state");
            await shared.DemandAsync(notice, ct);
            if (!sms.IsConfigured)
                throw new RuleBroken("没有配置短信网关，不能发短信。", "Template");
            if (await sms.QueueAsync(notice, command.Template, ct) is null)
                throw new RuleBroken($"{notice.Recipient}没有电话号码。", "Template");
            audit.Note("notice", notice.Id, new { sms = command.Template });
        }
    }
}
