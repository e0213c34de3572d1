using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>What service does at the steps of its order: accepted, its notices may be sent; fed back, all of them have ended. Its close is the
/// table's.</summary>
internal sealed class ServeSteps(NoticeBook book, Notices notices, Steward.StewardBook steward) : IDrivenOrder
{
    public string Type => ServeOrder.Type;

    public bool Offers(string step) => step is OrderStep.Accept or OrderStep.Feedback or OrderStep.Close;

    public async Task<StepInput> BeforeAsync(OrderCard order, string step, StepInput input, CancellationToken ct)
    {
        if (step != OrderStep.Feedback)
            return input;
        var all = await notices.OfOrderAsync(order.Id, ct);
        var open = all.Where(n => !NoticeState.IsFinal(n.State)).ToList();
        if (open.Count > 0)
            throw new RuleBroken(
                $"还有 {open.Count} 人的送达在办：{string.Join('、', open.Select(n => n.Recipient))}。",
                wayOut: $"/service/orders/{order.Id}"
            );
        foreach (var n in all.Where(n => n.State is NoticeState.Failed or NoticeState.Unread))
            if (await steward.GoesOnAsync(n.Id, ct))
                throw new RuleBroken($"{n.Recipient}的送达计划还没有走完。要提前反馈，请先在任务页停止计划并写明理由。", wayOut: $"/service/orders/{order.Id}");
        var waiting = all.Where(n => n.State == NoticeState.Served && n.ProofDocumentId is null).ToList();
        if (waiting.Count > 0)
            throw new RuleBroken($"送达回证还没有做好：{string.Join('、', waiting.Select(n => n.Recipient))}。", wayOut: $"/service/orders/{order.Id}");
        return input with { Args = Finishing.Summary(all) };
    }

    public async Task AfterAsync(OrderCard order, string from, string step, StepInput input, CancellationToken ct)
    {
        if (step != OrderStep.Accept)
            return;
        foreach (var notice in (await notices.OfOrderAsync(order.Id, ct)).Where(n => n.State == NoticeState.Waiting))
            await steward.PlanAsync(await book.MoveAsync(notice, NoticeStep.Accept, ct), ct);
    }
}

/// <summary>Looks whether an order is done: when its recipients are all served and proved it gets its feedback and closes; one with a failure waits for the
/// person who asked.</summary>
internal sealed class Finishing(IWorkOrders orders, Notices notices, Steward.StewardBook steward)
{
    /// <summary>Inside the transaction of whatever ended a notice. True when the order moved.</summary>
    public async Task<bool> LookAsync(long orderId, CancellationToken ct)
    {
        var order = await orders.GetAsync(orderId, ct);
        if (order.State != OrderState.Accepted)
            return false;
        var all = await notices.OfOrderAsync(orderId, ct);
        if (
            all.Any(n =>
                !(
                    n.State is NoticeState.Failed or NoticeState.Unread or NoticeState.Voided or NoticeState.Cancelled
                    || (n.State == NoticeState.Served && n.ProofDocumentId is not null)
                )
            )
        )
            return false;
        foreach (var n in all.Where(n => n.State is NoticeState.Failed or NoticeState.Unread))
            if (await steward.GoesOnAsync(n.Id, ct))
                return false;
        await orders.StepAsync(order.Id, OrderStep.Feedback, ct: ct);
        if (all.All(n => n.State == NoticeState.Served))
            await orders.StepAsync(order.Id, OrderStep.Close, new StepInput { Args = Summary(all) }, ct);
        return true;
    }

    internal static object Summary(IReadOnlyList<Notice> all) =>
        new
        {
            fact = "summary",
            served = all.Count(n => n.State == NoticeState.Served),
            of = all.Count,
        };
}

/// <summary>An order that stood paused when its last notice ended, by the job.</summary>
[Permit(PermitAttribute.System)]
[Audited("service.order.finish")]
internal sealed record FinishOrders : ICommand<bool>
{
    public long OrderId { get; init; }

    internal sealed class Handler(Finishing finishing, AuditTrail audit) : ICommandHandler<FinishOrders, bool>
    {
        public async Task<bool> Handle(FinishOrders request, CancellationToken cancellationToken)
        {
            var moved = await finishing.LookAsync(request.OrderId, cancellationToken);
            if (moved)
                audit.Note("order", request.OrderId);
            return moved;
        }
    }
}

/// <summary>An alarm or question that the system itself asked, and that was fed back, is closed.</summary>
[Permit(PermitAttribute.System)]
[Audited("service.order.close")]
internal sealed record CloseAsked : ICommand
{
    public long OrderId { get; init; }

    internal sealed class Handler(IWorkOrders orders, AuditTrail audit) : CommandHandler<CloseAsked>
    {
        protected override async Task RunAsync(CloseAsked command, CancellationToken ct)
        {
            var order = await orders.GetAsync(command.OrderId, ct);
            if (order.OrderType is not (Alarms.Type or ContestOrder.Type) || order.State != OrderState.Feedback)
                return;
            await orders.StepAsync(order.Id, OrderStep.Close, ct: ct);
            audit.Note("order", order.Id);
        }
    }
}
