using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>A clerk takes the order on; from now the notices may be sent.</summary>
[Permit("service.work")]
[Audited("service.order.accept")]
internal sealed record AcceptOrder : ICommand
{
    public long OrderId { get; init; }

    internal sealed class Handler(Db db, IWorkOrders orders) : CommandHandler<AcceptOrder>
    {
        protected override async Task RunAsync(AcceptOrder command, CancellationToken ct)
        {
            await orders.StepAsync(await orders.GetAsync(command.OrderId, ct), OrderStep.Accept, ct: ct);
            await db.ExecuteAsync("UPDATE service_notice SET state = 'ready', version = version + 1 WHERE order_id = @OrderId AND state = 'waiting'", new { command.OrderId }, ct);
        }
    }
}

/// <summary>The clerk reports back; refused while a notice is still under way.</summary>
[Permit("service.work")]
[Audited("service.order.feedback")]
internal sealed record FeedBack : ICommand
{
    public long OrderId { get; init; }

    internal sealed class Handler(IWorkOrders orders, Notices notices) : CommandHandler<FeedBack>
    {
        protected override async Task RunAsync(FeedBack command, CancellationToken ct)
        {
            var order = await orders.GetAsync(command.OrderId, ct);
            var all = await notices.OfOrderAsync(command.OrderId, ct);
            var open = all.Where(n => !NoticeState.IsFinal(n.State)).ToList();
            if (open.Count > 0)
                throw new RuleBroken($"还有 {open.Count} 人的送达在办：{string.Join('、', open.Select(n => n.Recipient))}。", wayOut: $"/service/orders/{command.OrderId}");
            var waiting = all.Where(n => n.State == NoticeState.Served && n.ProofDocumentId is null).ToList();
            if (waiting.Count > 0)
                throw new RuleBroken($"送达回证还没有做好：{string.Join('、', waiting.Select(n => n.Recipient))}。", wayOut: $"/service/orders/{command.OrderId}");
            await orders.StepAsync(order, OrderStep.Feedback, new StepInput { Args = FinishOrders.Summary(all) }, ct);
        }
    }
}

/// <summary>Who asked confirms the feedback.</summary>
[Permit("service.read")]
[Audited("service.order.close")]
internal sealed record CloseOrder : ICommand
{
    public long OrderId { get; init; }

    internal sealed class Handler(IWorkOrders orders) : CommandHandler<CloseOrder>
    {
        protected override async Task RunAsync(CloseOrder command, CancellationToken ct) => await orders.StepAsync(await orders.GetAsync(command.OrderId, ct), OrderStep.Close, ct: ct);
    }
}

/// <summary>An order whose recipients are all served and proved gets its feedback and closes; one with a failure waits for the person who asked.</summary>
[Permit(PermitAttribute.System)]
[Audited("service.order.finish")]
internal sealed record FinishOrders : ICommand<bool>
{
    public long OrderId { get; init; }

    internal static object Summary(IReadOnlyList<Notice> all) => new { fact = "summary", served = all.Count(n => n.State == NoticeState.Served), of = all.Count };

    internal sealed class Handler(IWorkOrders orders, Notices notices, AuditTrail audit) : ICommandHandler<FinishOrders, bool>
    {
        public async Task<bool> Handle(FinishOrders request, CancellationToken cancellationToken)
        {
            var order = await orders.GetAsync(request.OrderId, cancellationToken);
            if (order.State != OrderState.Accepted)
                return false;
            var all = await notices.OfOrderAsync(request.OrderId, cancellationToken);
            if (all.Any(n => !(n.State is NoticeState.Failed or NoticeState.Unread or NoticeState.Cancelled || (n.State == NoticeState.Served && n.ProofDocumentId is not null))))
                return false;
            await orders.StepAsync(order.Id, OrderStep.Feedback, new StepInput { Args = Summary(all) }, cancellationToken);
            if (all.All(n => n.State == NoticeState.Served))
                await orders.StepAsync(order.Id, OrderStep.Close, new StepInput { Args = Summary(all) }, cancellationToken);
            audit.Note("order", order.Id);
            return true;
        }
    }
}
