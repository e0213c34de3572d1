using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Publication;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Publications;

/// <summary>Publications by their state.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "asked";

    public IReadOnlyList<PublicationRow> Rows { get; private set; } = [];

    public async Task OnGetAsync()
    {
        if (!PublicationRow.States.ContainsKey(State))
            State = "asked";
        Rows = await mediator.Send(new ListPublications { State = State });
    }
}
