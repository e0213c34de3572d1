using CourtOps.Kernel.Files;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafting;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Templates;

/// <summary>One version of a template, as it is and as it looks for a case.</summary>
[Permit("trial.read")]
internal sealed class Details(IMediator mediator, BlobStore blobs, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Number { get; set; }

    [BindProperty(SupportsGet = true, Name = "docx")]
    public bool AsFile { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ShowTemplate.Result Show { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        await ReloadAsync();
        return AsFile
            ? File(blobs.Open(Show.Row.Blob), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", $"{Show.Row.Title}-{Show.Row.N}.docx")
            : Page();
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowTemplate { Id = Id, Number = Number ?? "" });

    public async Task<IActionResult> OnPostDropAsync()
    {
        await mediator.Send(new DropTemplate { Id = Id, Reason = Reason ?? "" });
        return this.Done("/trial/templates", t["已停用"]);
    }
}
