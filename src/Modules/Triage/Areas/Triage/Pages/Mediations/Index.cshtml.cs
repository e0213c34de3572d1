using CourtOps.Kernel.Security;
using CourtOps.Triage.Mediation;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Mediations;

/// <summary>Mediations by what bites next.</summary>
[Permit("triage.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public ListMediations.Result Data { get; private set; } = null!;

    public string? Next => Data.Next is null ? null : $"/triage/mediations?state={State}&after={Data.Next}";

    public async Task OnGetAsync()
    {
        State = State == "escalated" || MediationState.Labels.ContainsKey(State ?? "") ? State : "";
        Data = await mediator.Send(new ListMediations { State = State ?? "", After = After ?? "" });
    }
}
