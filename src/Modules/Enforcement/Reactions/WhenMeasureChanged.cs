using CourtOps.Contracts;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Data;
using CourtOps.Workzone.WorkOrders;
using MediatR;

namespace CourtOps.Enforcement.Reactions;

/// <summary>The order that asked for what has now been done is ended: fed back where somebody had it in hand, withdrawn where nobody had.</summary>
internal sealed class WhenMeasureChanged(Db db, IWorkOrders orders, Splitting splitting, NodeBook nodes, Lookout lookout, PreSuit preSuit)
    : INotificationHandler<MeasureChanged>
{
    public async Task Handle(MeasureChanged notification, CancellationToken cancellationToken)
    {
        if (notification.Change == "taken")
        {
            await preSuit.TakenAsync(notification.CaseId, notification.Start, cancellationToken);
            if (await nodes.DoneAsync(notification.CaseId, "begin", notification.Start, "已采取措施", cancellationToken))
                await lookout.LookAsync(notification.CaseId, cancellationToken);
        }
        // what is covered may be fast now, or no more
        await splitting.SplitAsync(notification.CaseId, null, cancellationToken);
        if (notification.Change is not ("renewed" or "released" or "activated"))
            return;
        var m = await db.FirstAsync<MeasureRow>(MeasureRow.Columns + " WHERE m.id = @MeasureId", new { notification.MeasureId }, cancellationToken);
        if (
            m?.OrderId is not { } id
            || await orders.GetAsync(id, cancellationToken) is not { } order
            || !OrderState.IsOpen(order.State)
            || order.AskedAt > notification.At
        )
            return;
        var words = notification.Change switch
        {
            "renewed" => "已续行",
            "released" => "措施已解除",
            _ => "轮候已生效",
        };
        if (order.State == OrderState.Accepted)
            await orders.StepAsync(order, OrderStep.Feedback, new StepInput { Words = words }, cancellationToken);
        else if (order.State != OrderState.Feedback)
            await orders.StepAsync(order, OrderStep.Cancel, new StepInput { Words = words }, cancellationToken);
    }
}
