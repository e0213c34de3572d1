using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>A new personal link in the place of the old one, which ends at once; told to the address the court has, or handed over by the clerk.</summary>
[Permit("service.work")]
[Audited("service.notice.renew-link")]
internal sealed record RenewLink : ICommand
{
    public long NoticeId { get; init; }
    public long? OrderId { get; init; }

    internal sealed class Handler(Db db, Notices notices, NoticeBook book, Secrets secrets, WorkQueue work, AuditTrail audit, SharedAddresses shared)
        : CommandHandler<RenewLink>
    {
        protected override async Task RunAsync(RenewLink command, CancellationToken ct)
        {
            var (notice, _) = await notices.OpenAsync(command.NoticeId, command.OrderId, ct);
            if (notice.ReleasedAt is null || notice.State is NoticeState.Cancelled or NoticeState.Voided or NoticeState.Contested)
                throw new RuleBroken($"{notice.Recipient}的送达现在是 {Pages.ServiceUi.Label(notice.State)}，没有可换的链接。", code: "state");
            await shared.DemandAsync(notice, ct);
            var token = Secrets.NewToken();
            var digest = Secrets.Digest(token);
            await book.MoveAsync(
                notice,
                NoticeStep.Act,
                ct,
                "token_digest = @digest, token_enc = @enc",
                new
                {
                    notice.Id,
                    notice.Version,
                    digest,
                    enc = secrets.Protect(token),
                }
            );
            await db.ExecuteAsync("DELETE FROM service_public_try WHERE token_digest = @TokenDigest", new { notice.TokenDigest }, ct);
            await db.ExecuteAsync(
                "UPDATE service_public_notice SET token_digest = @digest, wrong = 0, ended_at = NULL WHERE notice_id = @Id",
                new { notice.Id, digest },
                ct
            );
            if (notice.EmailEnc is not null)
                await work.AddAsync(SendLink.Name, $"{notice.Id}:{notices.Now().UtcTicks}", new SendLink.Payload { NoticeId = notice.Id }, ct: ct);
            await notices.NoteAsync(notice, "link-renewed", notices.Now(), new { }, notice.EmailHint, ct);
            audit.Note("notice", notice.Id, new { link = "renewed" });
        }
    }
}

/// <summary>The mail with the new link. It changes nothing of the service; twice harms nobody.</summary>
internal sealed class SendLink(Notices notices, Secrets secrets, MailServer server, PublicAddress address) : IWorkHandler
{
    public const string Name = "service.link";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 50;

    public TimeSpan Lease => TimeSpan.FromMinutes(3);

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var notice = await notices.GetAsync(item.Read<Payload>().NoticeId, ct);
        var (subject, text, html) = MailText.Of(notice, (await notices.TasksAsync(notice.Id, ct)).Count, address.Link(secrets.Reveal(notice.TokenEnc)!));
        var outcome = await server.SendAsync(secrets.Reveal(notice.EmailEnc)!, subject, text, html, $"link.{item.Id}", ct);
        return outcome.End == WorkEnd.Doubt ? WorkOutcome.Done() : outcome;
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct) => Task.CompletedTask;

    internal sealed record Payload
    {
        public long NoticeId { get; init; }
    }
}
