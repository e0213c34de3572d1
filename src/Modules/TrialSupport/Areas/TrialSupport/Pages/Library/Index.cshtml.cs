using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Similar;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Library;

/// <summary>Public judgments that are compared with drafts.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, CaseIntake intake, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty]
    public new IFormFile? File { get; set; }

    [BindProperty]
    public string? Origin { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    public IReadOnlyList<LibraryCase> Rows { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Rows = await mediator.Send(new ListLibrary { Words = Q ?? "" });

    public async Task<IActionResult> OnPostAsync()
    {
        var row = await intake.ImportAsync(File, Origin, Title, HttpContext.RequestAborted);
        return this.Done($"/trial/library/{row.Id}", t["已导入《{0}》", row.Title]);
    }
}
