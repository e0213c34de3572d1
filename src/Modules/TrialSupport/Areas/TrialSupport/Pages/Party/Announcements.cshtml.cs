using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Hearings;
using MediatR;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Party;

/// <summary>Public hearings to come: names, cause, time and place (CPL 139).</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Announcements(IMediator mediator) : PageModel
{
    public IReadOnlyList<PublicHearings.Row> Rows { get; private set; } = [];

    public async Task OnGetAsync() => Rows = await mediator.Send(new PublicHearings());
}
