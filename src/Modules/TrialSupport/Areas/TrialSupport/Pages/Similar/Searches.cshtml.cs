using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Similar;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Similar;

/// <summary>The searches for like cases that were filed on a case.</summary>
[Permit("trial.read")]
internal sealed class Searches(IMediator mediator, SearchReports reports, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public List<string> Places { get; set; } = ["library"];

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public string? Results { get; set; }

    [BindProperty]
    public string? Follow { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ListSearches.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ListSearches { CaseId = CaseId });

    public async Task<IActionResult> OnPostAsync()
    {
        actor.Demand("trial.draft");
        await reports.FileAsync(
            new FileSearch
            {
                CaseId = CaseId,
                Places = Places,
                Words = Words ?? "",
                Results = Results ?? "",
                Follow = Follow ?? "",
                Reason = Reason ?? "",
            },
            HttpContext.RequestAborted
        );
        return this.Done($"/trial/cases/{CaseId}/searches", t["报告已归入副卷"]);
    }
}
