using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages;

/// <summary>A month of ends; each day opens its list.</summary>
[Permit("enforcement.read")]
internal sealed class Calendar(IMediator mediator, TimeProvider clock) : PageModel
{
    public static readonly IReadOnlyList<string> Weekdays = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

    /// <summary>A day of the month.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? Month { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Mine { get; set; }

    public ShowCalendar.Result Show { get; private set; } = null!;

    public DateOnly Today => Times.Day(clock.GetUtcNow());

    public async Task OnGetAsync()
    {
        // an address typed by hand: far off there is nothing, and the months beside it must be dates too
        if (Month is { } m && (m.Year < 2000 || m.Year > 2100))
            Month = null;
        Show = await mediator.Send(new ShowCalendar { Month = Month, Mine = Mine });
    }
}
