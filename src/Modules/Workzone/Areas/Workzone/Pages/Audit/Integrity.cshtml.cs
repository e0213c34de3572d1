using CourtOps.Kernel.Security;
using CourtOps.Workzone.Trails;
using MediatR;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Audit;

/// <summary>Whether the records hold: seals, anchors outside the database, the last verification.</summary>
[Permit("workzone.audit.read")]
internal sealed class Integrity(IMediator mediator) : PageModel
{
    public ShowIntegrity.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowIntegrity());
}
