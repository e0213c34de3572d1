using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Settings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Settings;

/// <summary>Two versions of a rule side by side; 0 is the default.</summary>
[Permit(SettingRights.Read)]
internal sealed class Compare(IMediator mediator, Texts t) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public int A { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? B { get; set; }

    public ShowSetting.Result Data { get; private set; } = null!;

    public IReadOnlyList<(string Label, string Was, string Will)> Rows { get; private set; } = [];

    public async Task OnGetAsync(string key, [FromQuery] long? court)
    {
        Data = await mediator.Send(new ShowSetting { Key = key, CourtId = court });
        B ??= Data.History.FirstOrDefault(v => !v.Inherits)?.Version ?? 0;
        Rows = SettingWords.Differences(t, Data.Setting, Value(A), Value(B.Value));
    }

    private object Value(int version) =>
        version == 0
            ? Data.Setting.DefaultValue
            : Data.Setting.Read((Data.History.FirstOrDefault(v => v.Version == version && !v.Inherits) ?? throw new NotFound("版本", version)).Body);
}
