using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Trails;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Audit;

/// <summary>What the rules found unusual, until somebody has said what it was.</summary>
[Permit("workzone.audit.read")]
internal sealed class Alarms(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public bool Closed { get; set; }

    public IReadOnlyList<ListAlarms.Row> Rows { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Rows = await mediator.Send(new ListAlarms { Closed = Closed });

    public async Task<IActionResult> OnPostAsync(long id, string? reason)
    {
        await mediator.Send(new AcknowledgeAlarm { Id = id, Reason = reason ?? "" });
        return this.Done("/audit/alarms", t["已记下结论"]);
    }
}
