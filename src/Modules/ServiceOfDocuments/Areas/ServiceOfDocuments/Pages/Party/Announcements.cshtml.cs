using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Announce;
using MediatR;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Party;

/// <summary>Announcements of the court, for everybody.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Announcements(IMediator mediator) : PageModel
{
    public IReadOnlyList<ListPublicAnnouncements.Row> Rows { get; private set; } = [];

    public async Task OnGetAsync() => Rows = await mediator.Send(new ListPublicAnnouncements());
}
