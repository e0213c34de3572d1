using CourtOps.Enforcement.Checks;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages;

/// <summary>The board of enforcement.</summary>
[Permit("enforcement.read")]
internal sealed class Board(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long? CourtId { get; set; }

    public ShowFigures.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowFigures { CourtId = CourtId });
}
