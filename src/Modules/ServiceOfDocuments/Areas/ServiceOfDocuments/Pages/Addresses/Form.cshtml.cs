using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Addresses;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Addresses;

/// <summary>The address confirmation to be signed on paper, in two languages.</summary>
[Permit("service.read")]
internal sealed class Form(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public long PartyId { get; set; }

    public ShowAddresses.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowAddresses { CaseId = CaseId, PartyId = PartyId });
}
