using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>What a party did on its page: the first time of each act counts.</summary>
internal sealed class WhenPartyActed(Db db, Notices notices, NoticeBook book, Settlement settlement) : INotificationHandler<PartyActed>
{
    public async Task Handle(PartyActed notification, CancellationToken cancellationToken)
    {
        var notice = await notices.GetAsync(notification.NoticeId, cancellationToken);
        var args = new { notice.Id, notice.Version, notification.At };
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
                await db.ExecuteAsync("UPDATE service_task SET read_at = @At WHERE id = @Task AND read_at IS NULL", new { notification.At, Task = task.Id }, cancellationToken);
                await book.MoveAsync(notice, NoticeStep.Act, cancellationToken, "read_at = COALESCE(read_at, @At)", args);
                await notices.NoteAsync(notice, "read", notification.At, new { taskId = task.Id }, task.DocumentTitle, cancellationToken);
                break;
            case "confirmed" when notice.ConfirmedAt is null:
                await book.MoveAsync(notice, NoticeStep.Act, cancellationToken, "confirmed_at = @At", args);
                await notices.NoteAsync(notice, "confirmed", notification.At, new { }, null, cancellationToken);
                break;
            case "disputed" when notice.DisputedAt is null:
                await book.MoveAsync(notice, NoticeStep.Act, cancellationToken, "disputed_at = @At", args);
                await notices.NoteAsync(notice, "disputed", notification.At, new { }, null, cancellationToken);
                break;
            default:
                return;
        }
        await settlement.SettleAsync(notice.Id, cancellationToken);
    }
}
