using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Hearings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages;

/// <summary>The fragment on the case page.</summary>
[Permit("trial.read")]
internal sealed class Panel(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    public IReadOnlyList<Hearing> Rows { get; private set; } = [];

    public async Task OnGetAsync() => Rows = await mediator.Send(new ListHearings { CaseId = CaseId });
}
