using CourtOps.Cataloguing.Checking;
using CourtOps.Cataloguing.Intake;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>The task page of an order: leads to its batch or its check, once the order was accepted.</summary>
[Permit("cataloguing.read")]
internal sealed class OrderPage(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long OrderId { get; set; }

    public async Task<IActionResult> OnGetAsync() => await mediator.Send(new Query { OrderId = OrderId }) is { } there ? Redirect(there) : Page();

    [Permit("cataloguing.read")]
    internal sealed record Query : IQuery<string?>
    {
        public long OrderId { get; init; }
    }

    internal sealed class Handler(Db db, IWorkOrders orders, ICases cases) : IQueryHandler<Query, string?>
    {
        public async Task<string?> Handle(Query request, CancellationToken cancellationToken)
        {
            await orders.GetAsync(request.OrderId, cancellationToken);
            if (await db.FirstAsync<CheckRow>(CheckBook.Columns + " WHERE k.order_id = @OrderId", new { request.OrderId }, cancellationToken) is { } check)
                return await cases.CanReadAsync(check.CaseId, cancellationToken) ? $"/cataloguing/checks/{check.Id}" : null;
            var batch =
                await db.FirstAsync<Batch>(BatchBook.BatchColumns + " WHERE b.order_id = @OrderId", new { request.OrderId }, cancellationToken)
                ?? throw new NotFound("材料批次", request.OrderId);
            return await cases.CanReadAsync(batch.CaseId, cancellationToken) ? $"/cataloguing/batches/{batch.Id}" : null;
        }
    }
}
