using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.Settings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Settings;

/// <summary>Import of a law update: the limits that differ are shown, two persons, and then the cases whose dates moved.</summary>
[Permit(SettingRights.Read)]
internal sealed class LawUpdate(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public int After { get; set; }

    public ShowSetting.Result Data { get; private set; } = null!;

    public ShowRecompute.Result Moved { get; private set; } = null!;

    public string Json { get; private set; } = "";

    public string Reason { get; private set; } = "";

    public IReadOnlyList<(string Label, string Was, string Will)>? Days { get; private set; }

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Data = await mediator.Send(new ShowSetting { Key = LawUpdates.Key, CourtId = 0 });
        Moved = await mediator.Send(new ShowRecompute { After = After, SettingKey = LawUpdates.Key });
        if (!Request.HasFormContentType)
            return;
        Json = Request.Form["json"].ToString();
        Reason = Request.Form["reason"].ToString();
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "do")] string? act, [FromForm] int seen)
    {
        await ReloadAsync();
        if (act != "check")
        {
            await mediator.Send(
                new AskForLaw
                {
                    Json = Json,
                    Reason = Reason,
                    Seen = seen,
                }
            );
            return this.Done("/settings/law", t["已提交，等第二人确认"]);
        }
        Days = SettingWords.Differences(t, Data.Setting, Data.Value, LawImport.With((LawUpdates)Data.Value, Json));
        return Page();
    }
}
