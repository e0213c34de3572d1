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

    /// <summary>What was pasted or read, so that a refusal does not lose it.</summary>
    public string Json { get; private set; } = "";

    public async Task<IActionResult> OnGetExportAsync() =>
        File(Encoding.UTF8.GetBytes(await mediator.Send(new ExportSettings { CourtId = Court ?? actor.CourtId })), "application/json", "settings.json");

    public async Task<IActionResult> OnPostAsync(IFormFile? file, [FromForm] string? json, [FromForm] string? reason, [FromForm] DateOnly? from)
    {
        Reason = reason ?? "";
        if (file?.Length > MostBytes || (file is null && string.IsNullOrWhiteSpace(json)))
            throw new RuleBroken("请选择规则文件，最大 2 MB。", "File");
        Json = json ?? "";
        if (file is not null)
        {
            using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
            Json = await reader.ReadToEndAsync();
        }
        var done = await mediator.Send(
            new ImportSettings
            {
                CourtId = Court ?? actor.CourtId,
                Json = Json,
                Reason = Reason,
                From = from,
            }
        );
        return this.Done($"/settings?court={Court ?? actor.CourtId}", t["导入 {0} 项，{1} 项与现行相同", done.Changed.Count, done.Same]);
    }
}
