using CourtOps.Kernel.Security;
using CourtOps.Workzone.Search;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Search;

/// <summary>The first hits while somebody types: a fragment below the box.</summary>
[Permit("workzone.cases.read")]
internal sealed class Palette(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Text { get; set; }

    public Find.Result Found { get; private set; } = new([], null, [], null, false);

    public async Task OnGetAsync()
    {
        if ((Text?.Trim().Length ?? 0) < 2)
            return;
        Found = await mediator.Send(new Find { Text = Text!, Take = 6 });
    }
}
