using CourtOps.Cataloguing.Efile;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>The fragment on the case page.</summary>
[Permit("cataloguing.read")]
internal sealed class Panel(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    public ShowEfile.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowEfile { CaseId = CaseId });
}
