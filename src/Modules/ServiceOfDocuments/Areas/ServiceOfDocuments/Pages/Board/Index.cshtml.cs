using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Board;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Board;

/// <summary>The lead's board: stages, due, load, rates, days, cost, courts.</summary>
[Permit("service.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public int Days { get; set; } = 180;

    public ShowBoard.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowBoard { Days = Days });
}
