using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Entrust;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Entrust;

/// <summary>Asks another court to serve one recipient.</summary>
[Permit("service.work")]
internal sealed class Make(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long StepId { get; set; }

    [BindProperty]
    public string? Court { get; set; }

    [BindProperty]
    public string? Address { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public OfferEntrust.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new OfferEntrust { StepId = StepId });

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new EntrustStep
            {
                StepId = StepId,
                Court = Court ?? "",
                Address = Address ?? "",
                Words = Words ?? "",
            }
        );
        return this.Done("/service/entrusted", t["已委托"]);
    }
}
