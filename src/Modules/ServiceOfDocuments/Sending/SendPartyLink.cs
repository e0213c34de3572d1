using System.Globalization;
using System.Net;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Mail;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Electronic;
using CourtOps.Workzone.Cases;
using Microsoft.Extensions.Configuration;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>The words with which a link of another centre goes out, in the party's language. No content of the case but its number. Pure.</summary>
internal static class LinkText
{
    public static (string Subject, string Text, string Html) Mail(
        string court,
        string number,
        string party,
        string language,
        string title,
        string link,
        DateOnly until
    )
    {
        var korean = language == "ko";
        var subject = korean ? $"【{court}】 {title} 작성 안내" : $"【{court}】请填写：{title}";
        string[] lines = korean
            ?
            [
                $"{party} 귀하:",
                $"{number} 사건에서 법원이 귀하에게 “{title}” 작성을 요청합니다. {Times.Iso(until)}까지 아래 링크에서 작성하여 주십시오.",
                "이 페이지는 은행 카드 번호나 비밀번호를 묻지 않습니다. 의문이 있으면 12368로 전화하십시오.",
            ]
            :
            [
                $"{party}：",
                $"在{number}案件中，请您填写“{title}”。请在 {Times.Iso(until)} 前打开下面的链接填写。",
                "本页不问银行卡号和密码。有疑问请拨打 12368。",
            ];
        string E(string s) => WebUtility.HtmlEncode(s);
        return (
            subject,
            string.Join("\r\n", [lines[0], lines[1], link, lines[2], court]),
            $"<!doctype html><html lang=\"{(korean ? "ko" : "zh-CN")}\"><body><p>{E(lines[0])}</p><p>{E(lines[1])}</p><p><a "
                + $"href=\"{E(link)}\">{E(link)}</a></p><p>{E(lines[2])}</p><p>{E(court)}</p></body></html>"
        );
    }

    public static string Sms(string court, string language, string title, string link) =>
        language == "ko"
            ? $"【{court}】“{title}” 작성을 요청합니다: {link} 문의 12368. 은행 정보를 묻지 않습니다."
            : $"【{court}】请打开 {link} 填写“{title}”。咨询12368，不问银行卡和密码。";
}

/// <summary>
/// Sends a link of another centre: by mail where the party has an address, else by a short message where there is a gateway. Not repeatable: interrupted
/// between doing and recording nobody knows whether it
/// left, which is said to whoever asked; another round may be asked for.
/// </summary>
internal sealed class SendPartyLink(
    ICases cases,
    MailServer mail,
    SmsBook sms,
    SmsSender sender,
    Secrets secrets,
    IConfiguration configuration,
    Outbox outbox,
    TimeProvider clock
) : IWorkHandler
{
    public const string Name = "service.party-link";

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
        var card = await cases.GetAsync(work.CaseId, ct);
        var party = (await cases.PartiesAsync(work.CaseId, ct)).FirstOrDefault(p => p.Id == work.PartyId);
        if (party is null)
            return WorkOutcome.Failed("已不是本案的当事人");
        var link = (configuration["CourtOps:BaseUrl"] ?? "http://localhost:5080").TrimEnd('/') + secrets.Reveal(work.PathEnc);
        if (party.Email is { Length: > 0 } address)
        {
            var (subject, text, html) = LinkText.Mail(card.CourtName, card.Number, party.Name, party.Language, work.Title, link, Times.Day(work.Until));
            return await mail.SendAsync(address, subject, text, html, string.Create(CultureInfo.InvariantCulture, $"link-{work.LinkId}.{work.Round}"), ct);
        }
        if (party.Phone is { Length: > 0 } phone && sms.IsConfigured)
            return await sender.SendAsync(
                "link-" + item.WorkKey,
                phone,
                LinkText.Sms(card.CourtName, party.Language, work.Title, link),
                item.WorkKey,
                "link",
                ct
            );
        return WorkOutcome.Failed("当事人没有邮箱，也不能发短信：请把链接当面交给当事人");
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var work = item.Read<Payload>();
        return outbox.AddAsync(
            Catalogue.CaseKey(work.CaseId),
            new LinkDelivered
            {
                LinkId = work.LinkId,
                Round = work.Round,
                CaseId = work.CaseId,
                Channel =
                    outcome.End == WorkEnd.Done
                        ? outcome.Result is MailTaken
                            ? "mail"
                            : "sms"
                        : "",
                Reason = outcome.End == WorkEnd.Done ? null : outcome.Reason ?? "不确定是否已经发出",
                At = clock.StoredNow(),
            },
            ct
        );
    }

    internal sealed record Payload
    {
        public long LinkId { get; init; }
        public int Round { get; init; }
        public long CaseId { get; init; }
        public long PartyId { get; init; }
        public string Title { get; init; } = "";
        public string PathEnc { get; init; } = "";
        public DateTimeOffset Until { get; init; }
    }
}
