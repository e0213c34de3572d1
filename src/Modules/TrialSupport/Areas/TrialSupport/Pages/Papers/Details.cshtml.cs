using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Papers;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Papers;

/// <summary>A paper of the court that was made elsewhere: checked, and let out by its judge.</summary>
[Permit("trial.read")]
internal sealed class Details(IMediator mediator, PaperReading reading, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ShowPaper.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowPaper { DocumentId = Id });

    public async Task<IActionResult> OnPostCheckAsync()
    {
        var check = await reading.CheckAsync(Id, HttpContext.RequestAborted);
        return this.Done($"/trial/papers/{Id}", t["检完：{0} 处错误，{1} 处提示", check.Errors, check.Warnings]);
    }

    public async Task<IActionResult> OnPostReleaseAsync()
    {
        await mediator.Send(new ReleasePaper { DocumentId = Id, Reason = Reason ?? "" });
        return this.Done($"/trial/papers/{Id}", t["已放行，可以送达"]);
    }
}
