using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Hearings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages;

/// <summary>The hearings from today on.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    public IReadOnlyList<Hearing> Rows { get; private set; } = [];

    public IEnumerable<Hearing> Shown => string.IsNullOrEmpty(State) ? Rows : Rows.Where(r => r.State == State);

    public async Task OnGetAsync() => Rows = await mediator.Send(new ListHearings());
}
