using CourtOps.Cataloguing.Efile;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>The e-file with a viewer beside its catalogue.</summary>
[Permit("cataloguing.read")]
internal sealed class Volume(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Document { get; set; }

    public ShowEfile.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowEfile { CaseId = CaseId });
}
