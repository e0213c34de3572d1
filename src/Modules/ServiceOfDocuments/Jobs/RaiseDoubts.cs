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

/// <summary>A mail whose doubt could not be recorded with its notice, because that failed too, comes to its order's page here, where a person decides it.</summary>
internal sealed class RaiseDoubts(Db db, IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        for (var after = 0L; ;)
        {
            // not done: these have an index of their own
            var doubts = await db.PageAsync<Doubt>("SELECT id, payload FROM kernel_work WHERE queue = 'service.mail' AND state = 'doubt' AND state <> 'done' AND id > @after ORDER BY id", new { after }, 200, ct);
            if (doubts.Count == 0)
                return;
            after = doubts[^1].Id;
            var ids = doubts.Select(d => new WorkItem { Payload = d.Payload }.Read<SendMail.Payload>().NoticeId);
            foreach (var id in await db.QueryAsync<long>("SELECT id FROM service_notice WHERE id IN @ids AND state = 'sending'", new { ids }, ct))
                await mediator.Send(new RaiseDoubt { NoticeId = id }, ct);
        }
    }

    private sealed record Doubt
    {
        public long Id { get; init; }
        public string Payload { get; init; } = "";
    }
}

[Permit(PermitAttribute.System)]
[Audited("service.notice.raise-doubt")]
internal sealed record RaiseDoubt : ICommand
{
    public long NoticeId { get; init; }

    internal sealed class Handler(Db db, Notices notices) : CommandHandler<RaiseDoubt>
    {
        protected override async Task RunAsync(RaiseDoubt command, CancellationToken ct)
        {
            var notice = await notices.GetAsync(command.NoticeId, ct);
            var work = await db.FirstAsync<Row>("SELECT reason, reason_said FROM kernel_work WHERE queue = 'service.mail' AND work_key = @MailKey AND state = 'doubt'", new { notice.MailKey }, ct);
            if (notice.State == NoticeState.Sending && work is not null)
                await notices.DoubtAsync(notice, work.Reason, work.ReasonSaid, ct);
        }

        private sealed record Row
        {
            public string? Reason { get; init; }
            public string? ReasonSaid { get; init; }
        }
    }
}
