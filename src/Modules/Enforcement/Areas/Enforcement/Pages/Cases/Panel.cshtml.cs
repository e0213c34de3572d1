using CourtOps.Enforcement.Criminal;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>The fragment on the case page.</summary>
[Permit("enforcement.read")]
internal sealed class Panel(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    public ShowLedger.Result Show { get; private set; } = null!;

    public IReadOnlyList<CriminalItem> Items { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Show = await mediator.Send(new ShowLedger { CaseId = CaseId });
        Items = (await mediator.Send(new ListCriminal { CaseId = CaseId })).Rows;
    }
}
