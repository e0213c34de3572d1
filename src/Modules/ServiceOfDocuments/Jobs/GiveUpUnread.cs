using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Law;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Jobs;

/// <summary>An address the court obtained, and no reading or reply in time: not served, go on by another method (C-04).</summary>
internal sealed class GiveUpUnread(Db db, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow().AddDays(-ServiceSettings.Default.NoReplyDays);
        foreach (var id in await db.PageAsync<long>("SELECT id FROM service_notice WHERE state = 'sent' AND address_kind = 'obtained' AND sent_at < @before ORDER BY id", new { before }, 200, ct))
            await mediator.Send(new GiveUp { NoticeId = id }, ct);
    }
}

[Permit(PermitAttribute.System)]
internal sealed record GiveUp : ICommand
{
    public long NoticeId { get; init; }

    internal sealed class Handler(Db db, Notices notices, NoticeBook book, Finishing finishing) : CommandHandler<GiveUp>
    {
        protected override async Task RunAsync(GiveUp command, CancellationToken ct)
        {
            var notice = await notices.GetAsync(command.NoticeId, ct);
            if (notice.State != NoticeState.Sent || notice.ServedAt is not null)
                return;
            // read in time, but the notification of it is still on its way
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_public_act WHERE notice_id = @Id AND kind IN ('read', 'confirmed')", new { notice.Id }, ct) > 0)
                return;
            Said reason = $"查得的地址 {ServiceSettings.Default.NoReplyDays} 日内无阅知、无回复，不能视为送达，转其他方式";
            await book.MoveAsync(notice, NoticeStep.GiveUp, ct, "reason = @reason, reason_said = @said", new { notice.Id, notice.Version, reason = reason.ToString(), said = reason.Stored() });
            await db.ExecuteAsync("UPDATE service_public_notice SET withdrawn_at = @now WHERE notice_id = @Id", new { notice.Id, now = notices.Now() }, ct);
            await notices.NoteAsync(notice, "unread", notices.Now(), new { reason = reason.ToString() }, null, ct);
            await finishing.LookAsync(notice.OrderId, ct);
        }
    }
}
