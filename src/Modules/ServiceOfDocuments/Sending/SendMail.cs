using CourtOps.Kernel.Data;
using CourtOps.Kernel.Mail;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>The notice mail. Not repeatable: interrupted between doing and recording, it is in doubt and a person decides.</summary>
internal sealed class SendMail(
    Db db,
    Notices notices,
    NoticeBook book,
    WorkQueue work,
    Secrets secrets,
    MailServer server,
    PublicAddress address,
    Settlement settlement,
    Steward.StewardBook steward
) : IWorkHandler
{
    public const string Name = "service.mail";

    public string Queue => Name;

    public bool Repeatable => false;

    public int MaxAttempts => 200;

    public TimeSpan Lease => TimeSpan.FromMinutes(3);

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        var notice = await notices.GetAsync(payload.NoticeId, ct);
        if (notice.State != NoticeState.Sending || notice.Attempts != payload.Attempt)
            return WorkOutcome.Done(); // withdrawn before it left
        var count = (await notices.TasksAsync(notice.Id, ct)).Count;
        var link = address.Link(secrets.Reveal(notice.TokenEnc)!);
        var (subject, text, html) = MailText.Of(notice, count, link);
        return await server.SendAsync(secrets.Reveal(notice.EmailEnc)!, subject, text, html, $"{notice.Id}.{payload.Attempt}", ct);
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var notice = await notices.GetAsync(item.Read<Payload>().NoticeId, ct);
        if (notice.State != NoticeState.Sending)
        {
            await notices.ForgetDoubtAsync(notice, ct);
            return;
        }
        switch (outcome.End)
        {
            case WorkEnd.Done when outcome.Result is MailTaken taken:
                await book.MoveAsync(
                    notice,
                    NoticeStep.Taken,
                    ct,
                    "sent_at = @At, mail_reply = @reply",
                    new
                    {
                        notice.Id,
                        notice.Version,
                        taken.At,
                        reply = "250 " + taken.Server,
                    }
                );
                await notices.NoteAsync(notice, "mail-accepted", taken.At, taken, notice.EmailHint, ct);
                await settlement.SettleAsync(notice.Id, ct);
                break;
            case WorkEnd.Failed:
                await book.MoveAsync(
                    notice,
                    NoticeStep.Refused,
                    ct,
                    "bounced_at = @now, reason = @Reason, reason_said = @said",
                    new
                    {
                        notice.Id,
                        notice.Version,
                        outcome.Reason,
                        said = outcome.Said?.Stored(),
                        now = notices.Now(),
                    }
                );
                await db.ExecuteAsync("UPDATE service_public_notice SET withdrawn_at = @now WHERE notice_id = @Id", new { notice.Id, now = notices.Now() }, ct);
                await notices.NoteAsync(notice, "refused", notices.Now(), new { outcome.Reason }, outcome.Reason, ct);
                await work.SettleAsync(Name, item.WorkKey, ct);
                await steward.FailAsync(notice, ServeOrder.Channel, outcome.Reason, Steward.StewardBook.Name, ct);
                break;
            case WorkEnd.Doubt:
                await notices.DoubtAsync(notice, outcome.Reason, outcome.Said?.Stored(), ct);
                break;
        }
    }

    internal sealed record Payload
    {
        public long NoticeId { get; init; }
        public int Attempt { get; init; }
    }
}
