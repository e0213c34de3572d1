using System.Globalization;
using System.Net;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Mail;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Electronic;
using Microsoft.Extensions.Configuration;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>The words by which a filer hears that there is something new. The receipt's number, no content of the filing. Pure.</summary>
internal static class FilerWord
{
    public static (string Subject, string Text, string Html) Mail(string court, string number, string what, string link)
    {
        string[] lines =
        [
            $"您的立案申请（收件编号 {number}）：{what}。",
            "请打开下面的链接查看，打开时要核对身份。",
            "아래 링크에서 입건 신청의 새 내용을 확인하십시오.",
            "本页不问银行卡号和密码。有疑问请拨打 12368。",
        ];
        string E(string s) => WebUtility.HtmlEncode(s);
        return (
            $"【{court}】立案申请有新消息",
            string.Join("\r\n", [lines[0], lines[1], link, lines[2], lines[3], court]),
            $"<!doctype html><html lang=\"zh-CN\"><body><p>{E(lines[0])}</p><p>{E(lines[1])}</p><p><a href=\"{E(link)}\">{E(link)}</a></p><p "
                + $"lang=\"ko\">{E(lines[2])}</p><p>{E(lines[3])}</p><p>{E(court)}</p></body></html>"
        );
    }

    public static string Sms(string court, string number, string what, string link) =>
        $"【{court}】立案申请{number}：{what}，请打开 {link} 查看。咨询12368，不问银行卡和密码。";
}

/// <summary>
/// Tells a filer: by a short message where there is a gateway, else by mail. Not repeatable: interrupted between doing and recording nobody knows whether it
/// left, which is said to the desk.
/// </summary>
internal sealed class SendFilerWord(
    MailServer mail,
    SmsBook sms,
    SmsSender sender,
    Secrets secrets,
    IConfiguration configuration,
    Outbox outbox,
    TimeProvider clock
) : IWorkHandler
{
    public const string Name = "service.filer-word";

    public string Queue => Name;

    public bool Repeatable => false;

    public int MaxAttempts => 60;

    public TimeSpan Lease => TimeSpan.FromMinutes(3);

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var work = item.Read<Payload>();
        if (work.Until <= clock.GetUtcNow())
            return WorkOutcome.Failed("链接已经到期");
        var link = (configuration["CourtOps:BaseUrl"] ?? "http://localhost:5080").TrimEnd('/') + secrets.Reveal(work.PathEnc);
        var key = "filer-" + item.WorkKey;
        if (secrets.Reveal(work.PhoneEnc) is { Length: > 0 } phone && sms.IsConfigured)
            return await sender.SendAsync(key, phone, FilerWord.Sms(work.Court, work.Number, work.What, link), key, "filer", ct);
        if (secrets.Reveal(work.EmailEnc) is { Length: > 0 } address && mail.Host is { Length: > 0 })
        {
            var (subject, text, html) = FilerWord.Mail(work.Court, work.Number, work.What, link);
            return await mail.SendAsync(address, subject, text, html, key, ct);
        }
        return WorkOutcome.Failed("申请人没有邮箱，也不能发短信");
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var work = item.Read<Payload>();
        var done = outcome.End == WorkEnd.Done;
        return outbox.AddAsync(
            "filer:" + work.LinkId.ToString(CultureInfo.InvariantCulture),
            new LinkDelivered
            {
                LinkId = work.LinkId,
                Round = 1,
                Channel = done
                    ? outcome.Result is MailTaken
                        ? "mail"
                        : "sms"
                    : "",
                Reason = done ? null : outcome.Reason ?? "不确定是否已经发出",
                At = clock.StoredNow(),
            },
            ct
        );
    }

    internal sealed record Payload
    {
        public long LinkId { get; init; }
        public string Court { get; init; } = "";
        public string Number { get; init; } = "";
        public string What { get; init; } = "";
        public string PhoneEnc { get; init; } = "";
        public string EmailEnc { get; init; } = "";
        public string PathEnc { get; init; } = "";
        public DateTimeOffset Until { get; init; }
    }
}
