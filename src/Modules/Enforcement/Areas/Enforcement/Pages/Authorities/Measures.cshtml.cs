using CourtOps.Enforcement.Field;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Authorities;

/// <summary>The live measures one bank or registry keeps; they are put on a trip together.</summary>
[Permit("enforcement.read")]
internal sealed class Measures(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string Name { get; set; } = "";

    [BindProperty]
    public List<long> MeasureIds { get; set; } = [];

    [BindProperty]
    public long? TripId { get; set; }

    [BindProperty]
    public string Address { get; set; } = "";

    [BindProperty]
    public string Words { get; set; } = "";

    public IReadOnlyList<ListMeasures.Row> Rows { get; private set; } = [];

    public IReadOnlyList<ListTrips.Row> Trips { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (Name.Length == 0)
            return Redirect("/enforcement/authorities");
        await ReloadAsync();
        return Page();
    }

    public async Task ReloadAsync()
    {
        var list = new ListMeasures { Authority = Name, Take = 200 };
        var ruled = await mediator.Send(list with { State = MeasureState.Ruled });
        Rows = [.. (await mediator.Send(list)).Rows, .. ruled.Rows];
        Trips = (await mediator.Send(new ListTrips())).Rows;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var done = await mediator.Send(
            new PutOnTrip
            {
                TripId = TripId ?? 0,
                MeasureIds = MeasureIds,
                Address = Address,
                Words = Words,
            }
        );
        return this.Done($"/enforcement/trips/{done.Trip.Id}", t["已加入 {0} 处，原已在内 {1} 处", done.Added, done.Already]);
    }
}
