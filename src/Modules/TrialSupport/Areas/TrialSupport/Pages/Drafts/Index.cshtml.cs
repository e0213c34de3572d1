using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Drafts;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Drafts;

/// <summary>Drafts under check, with how many errors each has.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    public IReadOnlyList<Draft> Rows { get; private set; } = [];

    public IEnumerable<Draft> Shown => string.IsNullOrEmpty(State) ? Rows : Rows.Where(r => r.State == State);

    /// <summary>Signed documents that wait for this person as a judge of the panel.</summary>
    public IReadOnlyList<Draft> ToSign { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Rows = await mediator.Send(new ListDrafts());
        ToSign = await mediator.Send(new ListToSign());
    }
}
