using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Experts;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Closing;

/// <summary>The task page of an expert's order: leads to the opinions of its case, once the order was accepted.</summary>
[Permit("trial.read")]
internal sealed class Order(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long OrderId { get; set; }

    public async Task<IActionResult> OnGetAsync() => await mediator.Send(new Query { OrderId = OrderId }) is { } there ? Redirect(there) : Page();

    [Permit("trial.read")]
    internal sealed record Query : IQuery<string?>
    {
        public long OrderId { get; init; }
    }

    internal sealed class Handler(Db db, IWorkOrders orders, ICases cases) : IQueryHandler<Query, string?>
    {
        public async Task<string?> Handle(Query request, CancellationToken cancellationToken)
        {
            await orders.GetAsync(request.OrderId, cancellationToken);
            var opinion =
                await db.FirstAsync<Opinion>(OpinionBook.Columns + " WHERE o.order_id = @OrderId", new { request.OrderId }, cancellationToken)
                ?? throw new NotFound("鉴定", request.OrderId);
            return await cases.CanReadAsync(opinion.CaseId, cancellationToken) ? $"/trial/cases/{opinion.CaseId}/closing" : null;
        }
    }
}
