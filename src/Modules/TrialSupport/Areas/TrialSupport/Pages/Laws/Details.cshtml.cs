using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Laws;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Laws;

/// <summary>One version of a law.</summary>
[Permit("trial.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ShowLaw.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowLaw { Id = Id });

    public async Task<IActionResult> OnPostDropAsync()
    {
        await mediator.Send(new DropLaw { Id = Id, Reason = Reason ?? "" });
        return this.Done("/trial/laws", t["已停用"]);
    }
}
