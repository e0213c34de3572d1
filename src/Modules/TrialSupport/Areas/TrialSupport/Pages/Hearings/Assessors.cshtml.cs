using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Assessors;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>The draw of assessors for a hearing: drawn, refused, drawn again.</summary>
[Permit("trial.read")]
internal sealed class Assessors(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Seats { get; set; } = 2;

    [BindProperty]
    public int? Spares { get; set; } = 2;

    [BindProperty]
    public string? Field { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public int N { get; set; }

    [BindProperty]
    public string? Ground { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public ShowDraws.Result Show { get; private set; } = null!;

    private string Here => $"/trial/hearings/{Id}/assessors";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowDraws { HearingId = Id });

    public async Task<IActionResult> OnPostDrawAsync()
    {
        await mediator.Send(
            new DrawAssessors
            {
                HearingId = Id,
                Seats = Seats,
                Spares = Spares,
                Field = Field ?? "",
                Reason = Reason ?? "",
            }
        );
        return this.Done(Here, t["已抽取"]);
    }

    public async Task<IActionResult> OnPostReplaceAsync()
    {
        await mediator.Send(
            new ReplaceAssessor
            {
                HearingId = Id,
                N = N,
                Ground = Ground ?? "",
                Words = Words ?? "",
            }
        );
        return this.Done(Here, t["已登记"]);
    }
}
