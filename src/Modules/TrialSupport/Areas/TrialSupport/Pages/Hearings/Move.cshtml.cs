using System.Globalization;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>Where a hearing that was dragged in the calendar, or is to be moved by keyboard, gets its new time.</summary>
[Permit("trial.schedule")]
internal sealed class Move(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Day { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? RoomId { get; set; }

    [BindProperty]
    public string? At { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? Ground { get; set; }

    [BindProperty]
    public string? Approved { get; set; }

    [BindProperty]
    public bool Agreed { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    public PlanMove.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Show = await mediator.Send(
            new PlanMove
            {
                HearingId = Id,
                Day = Day,
                RoomId = RoomId,
            }
        );

    public async Task<IActionResult> OnPostAsync()
    {
        DateTime? start =
            Day is { } day && TimeOnly.TryParseExact(At, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? day.ToDateTime(at) : null;
        await mediator.Send(
            new MoveHearing
            {
                Id = Id,
                Version = Version,
                Start = start,
                RoomId = RoomId,
                Reason = Reason?.Trim() ?? "",
                Ground = Ground ?? "",
                Approved = Approved?.Trim() ?? "",
                Agreed = Agreed,
            }
        );
        return this.Done($"/trial/calendar?day={Times.Iso(Day!.Value)}", t["已改期"]);
    }
}
