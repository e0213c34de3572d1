using CourtOps.Kernel.Security;
using CourtOps.Workzone.Settings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Settings;

/// <summary>All rules of all modules in one place, searched, with the value that counts in a court.</summary>
[Permit(SettingRights.Read)]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Court { get; set; }

    public ListSettings.Result Data { get; private set; } = null!;

    public async Task OnGetAsync() => Data = await mediator.Send(new ListSettings { CourtId = Court, Text = Q ?? "" });
}
