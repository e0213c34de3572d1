using CourtOps.Kernel.Security;
using CourtOps.Triage.Contacts;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Contacts;

/// <summary>The receipt: what was taken, how many pages, when the answer is due.</summary>
[Permit("triage.filings")]
internal sealed class Print(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ShowContact.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowContact { Id = Id });
}
