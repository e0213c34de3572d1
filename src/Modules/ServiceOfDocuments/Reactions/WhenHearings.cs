using CourtOps.Contracts;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>A hearing is fixed or moved: the days before it are watched.</summary>
internal sealed class WhenHearingScheduled(HearingWatch watch) : INotificationHandler<HearingScheduled>
{
    public Task Handle(HearingScheduled notification, CancellationToken cancellationToken) => watch.KeepAsync(notification, cancellationToken);
}

internal sealed class WhenHearingCancelled(HearingWatch watch) : INotificationHandler<HearingCancelled>
{
    public Task Handle(HearingCancelled notification, CancellationToken cancellationToken) =>
        watch.OverAsync(notification.HearingId, notification.At, cancellationToken);
}

internal sealed class WhenHearingHeld(HearingWatch watch) : INotificationHandler<HearingHeld>
{
    public Task Handle(HearingHeld notification, CancellationToken cancellationToken) =>
        watch.OverAsync(notification.HearingId, Times.At(notification.On.ToDateTime(TimeOnly.MinValue)), cancellationToken);
}

/// <summary>The case goes over to another procedure: what is not yet served is judged by it, an announcement may open.</summary>
internal sealed class WhenTrackChanged(Kernel.Data.Db db, Notices notices, NoticeBook book) : INotificationHandler<TrackChanged>
{
    public async Task Handle(TrackChanged notification, CancellationToken cancellationToken)
    {
        var ids = await db.QueryAsync<long>(
            "SELECT id FROM service_notice WHERE case_id = @CaseId AND served_at IS NULL",
            new { notification.CaseId },
            cancellationToken
        );
        foreach (var id in ids)
            if (
                await notices.GetAsync(id, cancellationToken) is var n
                && n.ProcedureCode != notification.ToProcedure
                && NoticeBook.Table.Find(NoticeStep.Act, n.State) is not null
            )
                await book.MoveAsync(
                    n,
                    NoticeStep.Act,
                    cancellationToken,
                    "procedure_code = @ToProcedure",
                    new
                    {
                        n.Id,
                        n.Version,
                        notification.ToProcedure,
                    }
                );
    }
}
