using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Jobs;

/// <summary>A mail whose doubt could not be recorded with its notice, because that failed too, comes to its order's page here, where a person decides
/// it.</summary>
internal sealed class RaiseDoubts(Db db, WorkQueue work, IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        for (var after = 0L; ; )
        {
            var doubts = await work.InDoubtAsync(SendMail.Name, after, 200, ct);
            if (doubts.Count == 0)
                return;
            after = doubts[^1].Id;
            var ids = doubts.Select(d => d.Read<SendMail.Payload>().NoticeId);
            foreach (var id in await db.QueryAsync<long>("SELECT id FROM service_notice WHERE id IN @ids AND state = 'sending'", new { ids }, ct))
                await mediator.Send(new RaiseDoubt { NoticeId = id }, ct);
        }
    }
}

[Permit(PermitAttribute.System)]
[Audited("service.notice.raise-doubt")]
internal sealed record RaiseDoubt : ICommand
{
    public long NoticeId { get; init; }

    internal sealed class Handler(Notices notices, WorkQueue work) : CommandHandler<RaiseDoubt>
    {
        protected override async Task RunAsync(RaiseDoubt command, CancellationToken ct)
        {
            var notice = await notices.GetAsync(command.NoticeId, ct);
            if (notice.State == NoticeState.Sending && await work.FindAsync(SendMail.Name, notice.MailKey, ct) is { IsDoubt: true } mail)
                await notices.DoubtAsync(notice, mail.Reason, mail.ReasonSaid, ct);
        }
    }
}
