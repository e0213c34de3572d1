using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Similar;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Library;

/// <summary>One judgment of the library.</summary>
[Permit("trial.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ShowLibraryCase.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowLibraryCase { Id = Id });

    public async Task<IActionResult> OnPostDropAsync()
    {
        await mediator.Send(new DropCase { Id = Id, Reason = Reason ?? "" });
        return this.Done("/trial/library", t["已停用"]);
    }
}
