using CourtOps.Cataloguing.Checking;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages.Checks;

/// <summary>What was drawn for a check, and the rates of error.</summary>
[Permit("cataloguing.check.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "";

    public ListChecks.Result Data { get; private set; } = null!;

    public async Task OnGetAsync() => Data = await mediator.Send(new ListChecks { State = State });
}
