using CourtOps.Enforcement.Field;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Trips;

/// <summary>The stops of a case; one more is put on a trip.</summary>
[Permit("enforcement.read")]
internal sealed class OfCase(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ListStops.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ListStops { CaseId = CaseId });

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new AddStop
            {
                CaseId = CaseId,
                TripId = Data.TripId ?? 0,
                PartyId = Data.PartyId,
                AssetId = Data.AssetId,
                Purpose = Data.Purpose,
                Address = Data.Address,
                Words = Data.Words,
            }
        );
        return this.Done($"/enforcement/cases/{CaseId}/field", t["已加入"]);
    }

    internal sealed class Input
    {
        public long? TripId { get; set; }
        public long? PartyId { get; set; }
        public long? AssetId { get; set; }
        public string Purpose { get; set; } = "";
        public string Address { get; set; } = "";
        public string Words { get; set; } = "";
    }
}
