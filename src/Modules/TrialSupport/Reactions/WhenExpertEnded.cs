using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.TrialSupport.Experts;
using MediatR;

namespace CourtOps.TrialSupport.Reactions;

/// <summary>The centre's order of an opinion ends with it.</summary>
internal sealed class WhenExpertEnded(Db db, ExpertOrders orders) : INotificationHandler<ExpertEnded>
{
    public async Task Handle(ExpertEnded notification, CancellationToken cancellationToken)
    {
        if (
            await db.FirstAsync<Opinion>(OpinionBook.Columns + " WHERE o.id = @OpinionId", new { notification.OpinionId }, cancellationToken) is
            { State: "ended" } opinion
        )
            await orders.EndedAsync(opinion, cancellationToken);
    }
}
