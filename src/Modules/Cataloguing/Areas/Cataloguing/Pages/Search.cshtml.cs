using CourtOps.Cataloguing.Efile;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>Full text over filed pages.</summary>
[Permit("cataloguing.read")]
internal sealed class Search(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? CaseId { get; set; }

    public FindPages.Result? Found { get; private set; }

    public async Task OnGetAsync()
    {
        if (!string.IsNullOrWhiteSpace(Q))
            Found = await mediator.Send(new FindPages { Text = Q, CaseId = CaseId });
    }
}
