using CourtOps.Kernel.Security;
using CourtOps.Workzone.Batches;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Batches;

/// <summary>My batches, newest first.</summary>
[Permit("workzone.orders.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    public IReadOnlyList<BatchCard> Batches { get; private set; } = [];

    public async Task OnGetAsync() => Batches = await mediator.Send(new ListBatches { Before = Before ?? long.MaxValue });
}
