using CourtOps.Cataloguing.Intake;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>Material of a case is handed in.</summary>
[Permit("cataloguing.intake")]
internal sealed class New(IMediator mediator, MaterialIntake intake, ICases cases, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public string? Sender { get; set; }

    [BindProperty]
    public int? Announced { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    [BindProperty]
    public bool Urgent { get; set; }

    [BindProperty]
    public List<string> UploadIds { get; set; } = [];

    public string CaseNumber { get; private set; } = "";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => CaseNumber = (await cases.GetAsync(CaseId, HttpContext.RequestAborted)).Number;

    public async Task<IActionResult> OnPostAsync(List<IFormFile> files)
    {
        var kept = await intake.KeepAsync(CaseId, files, UploadIds, HttpContext.RequestAborted);
        var taken = await mediator.Send(
            new TakeBatch
            {
                CaseId = CaseId,
                Sender = Sender ?? "",
                Announced = Announced,
                Note = Note ?? "",
                Urgent = Urgent,
                Files = kept,
            }
        );
        return this.Done($"/cataloguing/batches/{taken.Id}", t["已收下 {0} 个文件，批次 {1}", taken.Files, taken.Number]);
    }
}
