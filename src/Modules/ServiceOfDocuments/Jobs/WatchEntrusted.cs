using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Entrust;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Jobs;

/// <summary>Each morning: entrusted services that were not received or not answered in time; the entrusting court is told once for each clock.</summary>
internal sealed class WatchEntrusted(Round round, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        await round.EachAsync(
            "SELECT id FROM service_entrust WHERE ((state = 'sent' AND receive_by < @today) OR (state = 'received' AND serve_by < @today)) AND id > "
                + "@after ORDER BY id",
            new Dictionary<string, object?> { ["today"] = Times.Day(clock.GetUtcNow()) },
            id => mediator.Send(new WarnEntrusted { Id = id }, ct),
            ct
        );
        round.End();
    }
}

[Permit(PermitAttribute.System)]
[Audited("service.plan.watch")]
internal sealed record WarnEntrusted : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(EntrustBook book, Alarms alarms, TimeProvider clock, AuditTrail audit) : CommandHandler<WarnEntrusted>
    {
        protected override async Task RunAsync(WarnEntrusted command, CancellationToken ct)
        {
            if (await book.FindAsync(command.Id, ct) is not { } row || row.Late(Times.Day(clock.GetUtcNow())) is not { } late)
                return;
            var words =
                late == "receive"
                    ? $"委托{row.ToCourtName}送达，{Times.Iso(row.ReceiveBy)} 前没有签收，请催办或者改用其他方式。"
                    : $"{row.ToCourtName}应在 {Times.Iso(row.ServeBy!.Value)} 前送达（民诉法解释第134条），没有回复，请催办。";
            await alarms.RaiseAsync("entrusted", $"entrusted-{late}:{row.Id}", row.CaseId, row.NoticeId, row.Recipient, words, ct);
            audit.Note("entrust", row.Id, new { late });
        }
    }
}
