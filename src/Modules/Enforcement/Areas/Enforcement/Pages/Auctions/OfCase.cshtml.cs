using CourtOps.Enforcement.Auctions;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Auctions;

/// <summary>The sales of a case.</summary>
[Permit("enforcement.read")]
internal sealed class OfCase(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ListAuctions.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ListAuctions { CaseId = CaseId });

    public async Task<IActionResult> OnPostAsync()
    {
        var made = await mediator.Send(
            new PriceAsset
            {
                AssetId = Data.AssetId ?? 0,
                Way = Data.Way,
                Valuation = Data.Valuation,
                ValuedOn = Data.ValuedOn,
                Platform = Data.Platform,
            }
        );
        return this.Done($"/enforcement/auctions/{made.Id}", t["已登记"]);
    }

    internal sealed class Input
    {
        public long? AssetId { get; set; }
        public string Way { get; set; } = "";
        public decimal? Valuation { get; set; }
        public DateOnly? ValuedOn { get; set; }
        public string Platform { get; set; } = "";
    }
}
