using CourtOps.Enforcement.Criminal;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Criminal;

/// <summary>What criminal judgments order to be paid, of the courts.</summary>
[Permit("enforcement.read")]
internal sealed class CriminalList(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "open";

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    public ListCriminal.Result Show { get; private set; } = null!;

    public string? Next => Show.Next is { } next ? $"/enforcement/criminal?state={State}&{next}" : null;

    public async Task OnGetAsync()
    {
        if (!CriminalRules.States.ContainsKey(State))
            State = "open";
        Show = await mediator.Send(new ListCriminal { State = State, After = After ?? long.MaxValue });
    }
}
