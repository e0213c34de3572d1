using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages;

/// <summary>The fragment on the case page.</summary>
[Permit("service.read")]
internal sealed class Panel(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    public IReadOnlyList<ListTasks.Row> Rows { get; private set; } = [];

    public async Task OnGetAsync() => Rows = await mediator.Send(new ListTasks { CaseId = CaseId });
}
