using CourtOps.Enforcement.Checks;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>终本核查: what is met, what is missing and where it is done.</summary>
[Permit("enforcement.read")]
internal sealed class Closing(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    public ShowClosing.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowClosing { CaseId = CaseId });
}
