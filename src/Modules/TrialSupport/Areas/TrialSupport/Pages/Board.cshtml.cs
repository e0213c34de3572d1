using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Closing;
using MediatR;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages;

/// <summary>The board of the centre.</summary>
[Permit("trial.read")]
internal sealed class Board(IMediator mediator) : PageModel
{
    public ShowTrialBoard.Result Show { get; private set; } = null!;

    public static string Name(string code) => CheckCodes.Labels.GetValueOrDefault(code, code);

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowTrialBoard());
}
