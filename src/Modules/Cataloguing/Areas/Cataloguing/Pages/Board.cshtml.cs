using CourtOps.Cataloguing.Board;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>The board of the centre.</summary>
[Permit("cataloguing.read")]
internal sealed class BoardPage(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public int Days { get; set; } = 30;

    public ShowBoard.Result Board { get; private set; } = null!;

    public async Task OnGetAsync() => Board = await mediator.Send(new ShowBoard { Days = Days });
}
