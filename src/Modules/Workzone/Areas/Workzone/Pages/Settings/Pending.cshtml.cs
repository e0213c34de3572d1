using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Settings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Settings;

/// <summary>The second person: what is asked for, line by line, against what counts now.</summary>
[Permit(SettingRights.Read)]
internal sealed class Pending(IMediator mediator, SettingCatalogue catalogue, SettingStore store, Texts t, TimeProvider clock) : PageModel, IReload
{
    public IReadOnlyList<SettingVersion> Rows { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Rows = await mediator.Send(new ListPendingSettings());

    public IReadOnlyList<(string Label, string Was, string Will)> Differences(SettingVersion version)
    {
        var setting = catalogue.Find(version.SettingKey)!;
        var was = store.Find(setting, version.CourtId, clock.GetUtcNow()).Value;
        return version.Inherits
            ? [(t["值"], SettingWords.Line(t, setting, was), t["沿用上级"])]
            : SettingWords.Differences(t, setting, was, setting.Read(version.Body));
    }

    public async Task<IActionResult> OnPostAsync([FromForm] long id, [FromForm] bool confirm, [FromForm] string? words)
    {
        await mediator.Send(
            new DecideSetting
            {
                Id = id,
                Confirm = confirm,
                Words = words ?? "",
            }
        );
        return this.Done("/settings/pending", t[confirm ? "已确认" : "已退回"]);
    }
}
