using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Settings;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Jobs;

/// <summary>Each minute: sends what is due electronically, goes on where the waiting has ended, tells of what never left.</summary>
internal sealed class RunSteward(Db db, Round round, IMediator mediator, TimeProvider clock, ISettings settings) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        foreach (
            var s in await db.PageAsync<Step>(
                StepBook.Columns + " WHERE s.state = 'due' AND s.channel = 'electronic' AND s.starts_at <= @now ORDER BY s.starts_at, s.id",
                new { now },
                500,
                ct
            )
        )
            if (settings.Current<StewardRules>(s.CourtId).Auto)
                await round.TryAsync(s.Id, () => mediator.Send(new RunStep { StepId = s.Id, Act = "send" }, ct));
        foreach (
            var id in await db.PageAsync<long>(
                "SELECT s.id FROM service_step s WHERE s.state = 'waiting' AND s.channel <> 'electronic' AND s.channel <> 'announcement' AND "
                    + "s.until_at <= @now ORDER BY s.until_at, s.id",
                new { now },
                500,
                ct
            )
        )
            await round.TryAsync(id, () => mediator.Send(new RunStep { StepId = id, Act = "silence" }, ct));
        foreach (
            var id in await db.PageAsync<long>(
                """
                SELECT n.id FROM service_notice n
                WHERE n.state IN ('sending', 'linked') AND n.released_at < @before AND NOT EXISTS (SELECT 1 FROM service_alarm a WHERE a.cause_key =
                    CONCAT('still:', n.id, ':', n.attempts))
                ORDER BY n.released_at, n.id
                """,
                new { before = now.AddDays(-1) },
                200,
                ct
            )
        )
            await round.TryAsync(id, () => mediator.Send(new WarnStill { NoticeId = id }, ct));
        for (var after = 0L; ; )
        {
            var late = await db.PageAsync<Step>(
                StepBook.Columns
                    + " WHERE s.state = 'due' AND s.starts_at <= @before AND s.id > @after AND NOT EXISTS (SELECT 1 FROM service_alarm a WHERE "
                    + "a.cause_key = CONCAT('never-left:', s.id)) ORDER BY s.id",
                new { before = now.AddHours(-1), after },
                200,
                ct
            );
            foreach (var s in late)
                if (s.StartsAt?.AddHours(settings.Current<StewardRules>(s.CourtId).NeverLeftHours) <= now)
                    await round.TryAsync(s.Id, () => mediator.Send(new RunStep { StepId = s.Id, Act = "late" }, ct));
            if (late.Count < 200)
                break;
            after = late[^1].Id;
        }
        round.End();
    }
}

/// <summary>One step moved on by the steward. What has changed meanwhile is left alone.</summary>
[Permit(PermitAttribute.System)]
[Audited("service.plan.run")]
internal sealed record RunStep : ICommand
{
    public long StepId { get; init; }

    /// <summary>send, silence or late.</summary>
    public string Act { get; init; } = "";

    internal sealed class Handler(
        Db db,
        StepBook book,
        StewardBook steward,
        Notices notices,
        IWorkOrders orders,
        Sender sender,
        Alarms alarms,
        Finishing finishing,
        AuditTrail audit
    ) : CommandHandler<RunStep>
    {
        protected override async Task RunAsync(RunStep command, CancellationToken ct)
        {
            var step = await db.FirstAsync<Step>(StepBook.Columns + " WHERE s.id = @StepId", new { command.StepId }, ct);
            if (step is null || !StepState.IsOpen(step.State))
                return;
            var notice = await notices.GetAsync(step.NoticeId, ct);
            if (notice.State is NoticeState.Contested)
                return;
            audit.Note("step", step.Id, new { command.Act });
            switch (command.Act)
            {
                case "send" when step.State == StepState.Due:
                    await SendAsync(step, notice, ct);
                    break;
                case "silence" when step.State == StepState.Waiting:
                    var words = $"{PlanRules.Channels[step.Channel]}到期没有回报";
                    await alarms.RaiseAsync(
                        "no-report",
                        $"no-report:{step.Id}",
                        notice.CaseId,
                        notice.Id,
                        notice.Recipient,
                        $"{words}，已转下一方式。后来有回报的，仍请登记。",
                        ct
                    );
                    await steward.FailAsync(notice, step.Channel, words, StewardBook.Name, ct);
                    await finishing.LookAsync(notice.OrderId, ct);
                    break;
                case "late" when step.State == StepState.Due:
                    await alarms.RaiseAsync(
                        "never-left",
                        $"never-left:{step.Id}",
                        notice.CaseId,
                        notice.Id,
                        notice.Recipient,
                        $"{notice.Recipient}的{PlanRules.Channels[step.Channel]}应办未办。{step.Result}",
                        ct
                    );
                    break;
            }
        }

        private async Task SendAsync(Step step, Notice notice, CancellationToken ct)
        {
            var now = notices.Now();
            try
            {
                await sender.SendAsync(notice, await orders.GetAsync(notice.OrderId, ct), null, StewardBook.Name, ct);
            }
            catch (RuleBroken e) when (e.Code is "shared-address")
            {
                // a person must decide whose address it is; until then it is not used, and every other way to it neither
                await book.MoveAsync(
                    step,
                    "note",
                    ct,
                    "result = @words, starts_at = @later",
                    new
                    {
                        step.Id,
                        step.Version,
                        words = Contests.Cut(e.Message, 400),
                        later = now.AddDays(1),
                    }
                );
                await alarms.RaiseAsync("address", $"shared:{notice.Id}", notice.CaseId, notice.Id, notice.Recipient, e.Message, ct);
            }
            catch (RuleBroken e) when (e.Code != "state")
            {
                await steward.FailAsync(notice, ServeOrder.Channel, e.Message, StewardBook.Name, ct);
            }
            catch (Conflict)
            {
                // paused, or in doubt: looked at again in an hour
                await book.MoveAsync(
                    step,
                    "note",
                    ct,
                    "starts_at = @later",
                    new
                    {
                        step.Id,
                        step.Version,
                        later = now.AddHours(1),
                    }
                );
            }
        }
    }
}

/// <summary>A mail that has not left for a day, or a link that nobody opened: a person is told, once for each sending.</summary>
[Permit(PermitAttribute.System)]
[Audited("service.plan.watch")]
internal sealed record WarnStill : ICommand
{
    public long NoticeId { get; init; }

    internal sealed class Handler(Notices notices, Alarms alarms, AuditTrail audit) : CommandHandler<WarnStill>
    {
        protected override async Task RunAsync(WarnStill command, CancellationToken ct)
        {
            var notice = await notices.GetAsync(command.NoticeId, ct);
            if (notice.State is not (NoticeState.Sending or NoticeState.Linked))
                return;
            await alarms.RaiseAsync(
                notice.State == NoticeState.Sending ? "never-left" : "no-report",
                $"still:{notice.Id}:{notice.Attempts}",
                notice.CaseId,
                notice.Id,
                notice.Recipient,
                notice.State == NoticeState.Sending
                    ? $"{notice.Recipient}的电子送达一天没有发出，请查邮件服务器，或者改下一步。"
                    : $"{notice.Recipient}的个人链接一天没有打开，请电话告知，或者改下一步。",
                ct
            );
            audit.Note("notice", notice.Id);
        }
    }
}
