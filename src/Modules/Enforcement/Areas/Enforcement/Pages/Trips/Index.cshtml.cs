using CourtOps.Enforcement.Field;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Trips;

/// <summary>Field trips of the court, and its vehicles.</summary>
[Permit("enforcement.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public bool Past { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ListTrips.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ListTrips { Past = Past });

    public async Task<IActionResult> OnPostPlanAsync()
    {
        var trip = await mediator.Send(
            new PlanTrip
            {
                Day = Data.Day,
                VehicleId = Data.VehicleId,
                Team = Data.Team,
                Words = Data.Words,
            }
        );
        return this.Done($"/enforcement/trips/{trip.Id}", t["已派出 {0}", trip.Number]);
    }

    public async Task<IActionResult> OnPostVehicleAsync()
    {
        await mediator.Send(
            new SaveVehicle
            {
                Plate = Data.Plate,
                Seats = Data.Seats,
                Active = !Data.Ended,
            }
        );
        return this.Done("/enforcement/trips", t["已登记"]);
    }

    internal sealed class Input
    {
        public DateOnly? Day { get; set; }
        public long? VehicleId { get; set; }
        public string Team { get; set; } = "";
        public string Words { get; set; } = "";
        public string Plate { get; set; } = "";
        public int? Seats { get; set; }
        public bool Ended { get; set; }
    }
}
