using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Hearings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Party;

/// <summary>The sign at the door of a courtroom: the hearings of today.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Door(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long RoomId { get; set; }

    public IReadOnlyList<PublicHearings.Row> Rows { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Rows = await mediator.Send(new PublicHearings { RoomId = RoomId });
        Response.Headers["Refresh"] = "300";
    }
}
