using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Publication;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Publications;

/// <summary>One publication: before, after, the judge's decision.</summary>
[Permit("trial.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public ShowPublication.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowPublication { Id = Id });

    public async Task<IActionResult> OnPostDecideAsync(string? step)
    {
        await mediator.Send(
            new DecidePublication
            {
                Id = Id,
                Version = Version,
                Step = step ?? "",
                Words = Words ?? "",
            }
        );
        return this.Done($"/trial/publications/{Id}", t["已决定"]);
    }
}
