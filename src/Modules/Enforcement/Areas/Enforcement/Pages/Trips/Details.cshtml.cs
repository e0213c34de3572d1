using CourtOps.Enforcement.Field;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Trips;

/// <summary>The sheet of a trip, for the phone and for paper.</summary>
[Permit("enforcement.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    private static readonly Option[] All = [new("go", "出发"), new("back", "返回"), new("cancel", "取消外勤")];

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    public ShowTrip.Result Show { get; private set; } = null!;

    public IReadOnlyList<Option> Steps => [.. All.Where(o => TripRow.Table.Allowed(Show.Trip.State).Contains(o.Value))];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowTrip { Id = Id });

    public async Task<IActionResult> OnPostStepAsync(string step)
    {
        await mediator.Send(
            new StepTrip
            {
                Id = Id,
                Version = Version,
                Step = step,
            }
        );
        return this.Done($"/enforcement/trips/{Id}", t["已登记"]);
    }
}
