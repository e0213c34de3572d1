using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Settings;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Settings;

/// <summary>Rules from court to court as a file.</summary>
[Permit(SettingRights.Read)]
internal sealed class Files(IMediator mediator, Actor actor, Texts t) : PageModel
{
    private const int MostBytes = 2_000_000;

    [BindProperty(SupportsGet = true)]
    public long? Court { get; set; }

    public string Reason { get; private set; } = "";

    public async Task<IActionResult> OnGetExportAsync() =>
        File(Encoding.UTF8.GetBytes(await mediator.Send(new ExportSettings { CourtId = Court ?? actor.CourtId })), "application/json", "settings.json");

    public async Task<IActionResult> OnPostAsync(IFormFile? file, [FromForm] string? reason, [FromForm] DateOnly? from)
    {
        Reason = reason ?? "";
        if (file is null || file.Length > MostBytes)
            throw new RuleBroken("请选择规则文件，最大 2 MB。", "File");
        using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
        var done = await mediator.Send(new ImportSettings { CourtId = Court ?? actor.CourtId, Json = await reader.ReadToEndAsync(), Reason = Reason, From = from });
        return this.Done($"/settings?court={Court ?? actor.CourtId}", t["导入 {0} 项，{1} 项与现行相同", done.Changed.Count, done.Same]);
    }
}
