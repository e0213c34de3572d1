using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.Register;
using MediatR;

namespace CourtOps.Workzone.Reactions;

/// <summary>Whoever watches a marked case hears of each event once.</summary>
internal sealed class TellWatchers(Db db, Watchers watchers, Notifier notifier) : INotificationHandler<CaseEventRecorded>
{
    public async Task Handle(CaseEventRecorded notification, CancellationToken cancellationToken)
    {
        var people = await watchers.OfAsync(notification.CaseId, cancellationToken);
        if (people.Count == 0)
            return;
        var number = await db.FirstAsync<string>("SELECT number FROM workzone_case WHERE id = @CaseId", new { notification.CaseId }, cancellationToken) ?? "";
        foreach (var person in people)
            await notifier.AddAsync(
                person,
                NoticeKinds.Watched,
                $"watched:{notification.EventId}",
                new
                {
                    caseId = notification.CaseId,
                    number,
                    what = notification.Event,
                    on = Times.Iso(notification.On),
                },
                caseId: notification.CaseId,
                ct: cancellationToken
            );
    }
}
