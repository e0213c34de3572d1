using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>The hearings of a day to be printed.</summary>
[Permit("trial.read")]
internal sealed class CauseList(IMediator mediator, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public DateOnly? Day { get; set; }

    public DateOnly Shown => Day ?? Times.Day(clock.GetUtcNow());

    public IReadOnlyList<Hearing> Rows { get; private set; } = [];

    public async Task OnGetAsync() =>
        Rows = [
            .. (await mediator.Send(new ListHearings { From = Shown, Until = Shown }))
                .Where(h => h.State != HearingState.Cancelled)
                .OrderBy(h => h.RoomName, StringComparer.Ordinal)
                .ThenBy(h => h.StartsAt),
        ];
}
