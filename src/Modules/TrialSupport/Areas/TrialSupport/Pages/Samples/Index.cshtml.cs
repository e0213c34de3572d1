using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafts;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Samples;

/// <summary>Issued documents that were picked for another look.</summary>
[Permit("trial.sample")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "open";

    [BindProperty]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Verdict { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public IReadOnlyList<SampleRow> Rows { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Rows = await mediator.Send(new ListSamples { State = SampleRow.States.ContainsKey(State) ? State : "open" });

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new ReviewSample
            {
                Id = Id,
                Version = Version,
                Verdict = Verdict ?? "",
                Words = Words ?? "",
            }
        );
        return this.Done("/trial/samples", t["已登记"]);
    }
}
