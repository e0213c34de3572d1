using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Series;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Series;

/// <summary>Series of the court, and a new one from a list of defendants.</summary>
[Permit("triage.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Cause { get; set; }

    [BindProperty]
    public PartyIn Claimant { get; set; } = new();

    [BindProperty]
    public string? Lines { get; set; }

    [BindProperty]
    public List<string> Ticks { get; set; } = [];

    public IReadOnlyList<SeriesRow> Rows { get; private set; } = [];

    public TakeSeries.Result? Taken { get; private set; }

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Rows = await mediator.Send(new ListSeries());

    public async Task<IActionResult> OnPostAsync()
    {
        var taken = await mediator.Send(
            new TakeSeries
            {
                Title = Title ?? "",
                Cause = Cause ?? "",
                Claimant = Claimant,
                Lines = Lines ?? "",
                Ticks = Ticks,
            }
        );
        if (taken.Faults.Count == 0)
            return this.Done($"/triage/series/{taken.Id}", t["已收 {0} 件", taken.Taken]);
        Taken = taken;
        await ReloadAsync();
        return Page();
    }
}
