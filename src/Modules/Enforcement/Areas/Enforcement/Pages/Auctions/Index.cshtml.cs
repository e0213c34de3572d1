using CourtOps.Enforcement.Auctions;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Auctions;

/// <summary>Sales of the courts.</summary>
[Permit("enforcement.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    public ListAuctions.Result Show { get; private set; } = null!;

    public string? Next => Show.Next is { } next ? $"/enforcement/auctions?state={State}&{next}" : null;

    public async Task OnGetAsync()
    {
        if (!AuctionRules.States.ContainsKey(State))
            State = "";
        Show = await mediator.Send(new ListAuctions { State = State, After = After ?? long.MaxValue });
    }
}
