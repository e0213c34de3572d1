using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Board;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages;

/// <summary>The board of the centre: by court, over a time, with the star grade.</summary>
[Permit("triage.filings")]
internal sealed class BoardPage(IMediator mediator) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Until { get; set; }

    public ShowBoard.Result Data { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        (From, Until) = Period.Mended(From, Until);
        Data = await mediator.Send(new ShowBoard { From = From, Until = Until });
    }
}
