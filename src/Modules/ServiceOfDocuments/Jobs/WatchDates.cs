using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Settings;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Jobs;

/// <summary>Each morning: hearings whose parties are not served, and complaints that are not served five days after filing (CPL 128).</summary>
internal sealed class WatchDates(Db db, Round round, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        foreach (
            var id in await db.QueryAsync<long>(
                "SELECT hearing_id FROM service_hearing WHERE over_at IS NULL AND start_at > @now ORDER BY start_at",
                new { now },
                ct
            )
        )
            await round.TryAsync(id, () => mediator.Send(new WatchHearing { HearingId = id }, ct));
        var today = Times.Day(now);
        var late = await db.PageAsync<long>(
            """
            SELECT t.id FROM service_task t JOIN workzone_case_card c ON c.id = t.case_id JOIN service_notice n ON n.id = t.notice_id
            WHERE t.document_kind = 'complaint' AND t.effective_on IS NULL AND c.filed_on <= @due AND c.filed_on > @since AND n.state <> 'cancelled' AND n.state
                <> 'voided'
              AND NOT EXISTS (SELECT 1 FROM service_alarm a WHERE a.cause_key = CONCAT('complaint:', t.id))
            ORDER BY t.id
            """,
            new { due = today.AddDays(-4), since = today.AddDays(-60) },
            500,
            ct
        );
        foreach (var id in late)
            await round.TryAsync(id, () => mediator.Send(new WarnComplaint { TaskId = id }, ct));
        round.End();
    }
}

[Permit(PermitAttribute.System)]
[Audited("service.plan.watch")]
internal sealed record WatchHearing : ICommand
{
    public long HearingId { get; init; }

    internal sealed class Handler(Db db, HearingWatch watch, ISettings settings, AuditTrail audit) : CommandHandler<WatchHearing>
    {
        protected override async Task RunAsync(WatchHearing command, CancellationToken ct)
        {
            var h = await db.FirstAsync<HearingWatch.Hearing>(
                HearingWatch.Columns + " WHERE hearing_id = @HearingId AND over_at IS NULL",
                new { command.HearingId },
                ct
            );
            var court = h is null ? null : await db.FirstAsync<long?>("SELECT court_id FROM workzone_case_card WHERE id = @CaseId", new { h.CaseId }, ct);
            if (h is null || court is null)
                return;
            await watch.WarnAsync(h, settings.Current<StewardRules>(court.Value).ClearDaysWarning, ct);
            await watch.WarnAccusedAsync(h, settings.Current<StewardRules>(court.Value).ClearDaysWarning, ct);
            audit.Note("hearing", h.HearingId);
        }
    }
}

[Permit(PermitAttribute.System)]
[Audited("service.plan.watch")]
internal sealed record WarnComplaint : ICommand
{
    public long TaskId { get; init; }

    internal sealed class Handler(Db db, Alarms alarms, AuditTrail audit) : CommandHandler<WarnComplaint>
    {
        protected override async Task RunAsync(WarnComplaint command, CancellationToken ct)
        {
            var task = await db.FirstAsync<ServiceTask>(Notices.TaskColumns + " WHERE t.id = @TaskId AND t.effective_on IS NULL", new { command.TaskId }, ct);
            if (task is null)
                return;
            await alarms.RaiseAsync(
                "complaint",
                $"complaint:{task.Id}",
                task.CaseId,
                task.NoticeId,
                task.Recipient,
                $"起诉状副本应在立案之日起五日内发送（民诉法第128条），{task.Recipient}还没有送达。",
                ct
            );
            audit.Note("task", task.Id);
        }
    }
}
