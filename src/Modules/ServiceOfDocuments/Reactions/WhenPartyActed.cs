using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>What a party did on its page: the first time of each act counts.</summary>
internal sealed class WhenPartyActed(
    Db db,
    Notices notices,
    NoticeBook book,
    Settlement settlement,
    Contests contests,
    Alarms alarms,
    Addresses.OnlineForms forms
) : INotificationHandler<PartyActed>
{
    public async Task Handle(PartyActed notification, CancellationToken cancellationToken)
    {
        var notice = await notices.GetAsync(notification.NoticeId, cancellationToken);
        var args = new
        {
            notice.Id,
            notice.Version,
            notification.At,
        };
        // after the person's word that it is somebody else no reading counts until it is decided
        if (notice.State == NoticeState.Contested && notification.Act is "read" or "confirmed" or "opened" && notification.At >= notice.ContestedAt)
            return;
        switch (notification.Act)
        {
            case "opened" when notice.OpenedAt is null:
                await book.MoveAsync(notice, NoticeStep.Act, cancellationToken, "opened_at = @At", args);
                await notices.NoteAsync(notice, "opened", notification.At, new { }, null, cancellationToken);
                break;
            case "read":
                var tasks = await notices.TasksAsync(notice.Id, cancellationToken);
                var task = notification.DocumentN is { } n && n >= 1 && n <= tasks.Count ? tasks[n - 1] : null;
                if (task is null || task.ReadAt is not null)
                    return;
                await db.ExecuteAsync(
                    "UPDATE service_task SET read_at = @At WHERE id = @Task AND read_at IS NULL",
                    new { notification.At, Task = task.Id },
                    cancellationToken
                );
                await book.MoveAsync(notice, NoticeStep.Act, cancellationToken, "read_at = COALESCE(read_at, @At)", args);
                await notices.NoteAsync(notice, "read", notification.At, new { taskId = task.Id }, task.DocumentTitle, cancellationToken);
                break;
            case "confirmed" when notice.ConfirmedAt is null:
                await book.MoveAsync(notice, NoticeStep.Act, cancellationToken, "confirmed_at = @At", args);
                await notices.NoteAsync(notice, "confirmed", notification.At, new { }, null, cancellationToken);
                break;
            case "disputed" when notice.DisputedAt is null || notice.DisputedAt < notice.DecidedAt:
                notice = await book.MoveAsync(notice, NoticeStep.Act, cancellationToken, "disputed_at = @At", args);
                await notices.NoteAsync(notice, "disputed", notification.At, new { }, null, cancellationToken);
                if (ContestRules.ByWord(notice.State, notice.Channel))
                    await contests.OpenAsync(notice, ContestRules.NotMe, notification.At, "收件人在送达页面称：不是本人，或者发错了。", cancellationToken);
                return;
            case "asked":
                await notices.NoteAsync(notice, notification.Act, notification.At, new { }, null, cancellationToken);
                await alarms.RaiseAsync(
                    "reply",
                    $"asked:{notice.Id}:{notification.At.UtcTicks}",
                    notice.CaseId,
                    notice.Id,
                    notice.Recipient,
                    $"{notice.Recipient}在送达页面留言，请在任务页查看并答复。",
                    cancellationToken
                );
                return;
            case "address":
                await forms.TakeAsync(notice, notification.At, cancellationToken);
                return;
            case "guessing" or "link-ended":
                await notices.NoteAsync(notice, notification.Act, notification.At, new { }, null, cancellationToken);
                await alarms.RaiseAsync(
                    "guessing",
                    $"{notification.Act}:{notice.Id}:{notification.At.UtcTicks}",
                    notice.CaseId,
                    notice.Id,
                    notice.Recipient,
                    notification.Act == "guessing"
                        ? $"{notice.Recipient}的送达链接已被输错 {Party.TailRules.BeforeAlarm} 次。请联系本人核实；链接输错 {Party.TailRules.BeforeEnd} 次即停用。"
                        : $"{notice.Recipient}的送达链接输错 {Party.TailRules.BeforeEnd} 次，已停用。核实本人后，在任务页“换新链接”。",
                    cancellationToken
                );
                return;
            case "new-link":
                await notices.NoteAsync(notice, notification.Act, notification.At, new { }, null, cancellationToken);
                await alarms.RaiseAsync(
                    "new-link",
                    $"new-link:{notice.Id}:{notification.At.UtcTicks}",
                    notice.CaseId,
                    notice.Id,
                    notice.Recipient,
                    $"{notice.Recipient}的送达链接已停用，本人请求新的链接。核实本人后，在任务页“换新链接”。",
                    cancellationToken
                );
                return;
            default:
                return;
        }
        await settlement.SettleAsync(notice.Id, cancellationToken);
    }
}
