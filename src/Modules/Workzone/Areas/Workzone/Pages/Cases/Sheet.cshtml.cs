using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Register;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Cases;

/// <summary>The case on paper, A4: what is recorded, the limit and how it comes about, what happened,
/// orders and documents. Numbers and phones stay masked.</summary>
[Permit("workzone.cases.read")]
internal sealed class Sheet(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ShowCase.Result Show { get; private set; } = null!;

    public ShowRegister.Result Register { get; private set; } = null!;

    public async Task OnGetAsync()
    {
        Show = await mediator.Send(new ShowCase { Id = Id });
        Register = await mediator.Send(new ShowRegister { CaseId = Id });
    }
}
