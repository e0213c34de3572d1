using CourtOps.Enforcement.Offline;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Offline;

/// <summary>Inquiries on site of the courts, by their day.</summary>
[Permit("enforcement.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "";

    public ListOffline.Result Show { get; private set; } = null!;

    public async Task OnGetAsync()
    {
        if (!OfflineRow.States.ContainsKey(State))
            State = "";
        Show = await mediator.Send(new ListOffline { State = State });
    }
}
