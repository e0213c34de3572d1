using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Meetings;
using MediatR;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Meetings;

/// <summary>The meetings of which one is a member.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    public IReadOnlyList<MeetingRow> Rows { get; private set; } = [];

    public async Task OnGetAsync() => Rows = await mediator.Send(new ListMeetings());
}
