using CourtOps.Kernel.Security;
using CourtOps.Workzone.Imports;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Imports;

/// <summary>What became of each case of a list.</summary>
[Permit("workzone.cases.import")]
internal sealed class Details(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Refused { get; set; }

    [BindProperty(SupportsGet = true)]
    public int After { get; set; } = -1;

    public ImportState.Result State { get; private set; } = new();

    public IReadOnlyList<CaseOutcome> Rows { get; private set; } = [];

    public async Task OnGetAsync()
    {
        State = await mediator.Send(new ImportState { Id = Id });
        Rows = await mediator.Send(
            new ImportOutcomes
            {
                Id = Id,
                After = After,
                Take = 100,
                RefusedOnly = Refused,
            }
        );
    }
}
