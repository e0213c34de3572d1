using CourtOps.Cataloguing.Archive;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages.Archive;

/// <summary>One file: what it lacks, the package, its verification.</summary>
[Permit("cataloguing.archive.read")]
internal sealed class Details(IMediator mediator, BlobStore blobs, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? Retention { get; set; }

    public ShowArchive.Result Show { get; private set; } = null!;

    public string Here => $"/cataloguing/archive/{CaseId}";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowArchive { CaseId = CaseId });

    public async Task<IActionResult> OnPostPackAsync()
    {
        await mediator.Send(
            new PackCase
            {
                CaseId = CaseId,
                Version = Version,
                Reason = Reason ?? "",
                Retention = Retention ?? "",
            }
        );
        return this.Done(Here, t["正在装包，装好后自动校验"]);
    }

    public async Task<IActionResult> OnPostAskAsync()
    {
        var order = await mediator.Send(new AskForGaps { CaseId = CaseId });
        return this.Done($"/orders/{order}", t["已开补齐工单"]);
    }

    public async Task<IActionResult> OnPostVerifyAsync()
    {
        actor.Demand("cataloguing.archive");
        await ReloadAsync();
        string? wrong = null;
        if (Show.Archive.Package is { } package)
            await using (var stream = blobs.Open(package))
                wrong = PackFile.Verify(stream);
        await mediator.Send(new RecordVerified { CaseId = CaseId, Wrong = wrong ?? "" });
        return this.Done(Here, wrong is null ? t["逐个文件校验一致"] : t["校验不一致：{0}", wrong]);
    }
}
