using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Workbench;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>A batch: files, pages as they are read, what was found, announced against received against filed.</summary>
[Permit("cataloguing.read")]
internal sealed class BatchPage(IMediator mediator, MaterialIntake intake, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Difference { get; set; }

    [BindProperty]
    public List<string> UploadIds { get; set; } = [];

    public ShowBatch.Result Show { get; private set; } = null!;

    public string Here => $"/cataloguing/batches/{Id}";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowBatch { Id = Id });

    public async Task<IActionResult> OnPostAddAsync(List<IFormFile> files)
    {
        actor.Demand("cataloguing.intake");
        await ReloadAsync();
        var kept = await intake.KeepAsync(Show.Batch.CaseId, files, UploadIds, HttpContext.RequestAborted);
        await mediator.Send(new AddFiles { BatchId = Id, Files = kept });
        return this.Done(Here, t["已补充 {0} 个文件", kept.Count]);
    }

    public async Task<IActionResult> OnPostConfirmAsync()
    {
        var count = await mediator.Send(
            new ConfirmBatch
            {
                Id = Id,
                Version = Version,
                Difference = Difference ?? "",
            }
        );
        return this.Done(Here, t["已确认 {0} 件，正在入卷", count]);
    }
}
