using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafting;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Templates;

/// <summary>Documents for a series of cases from one template.</summary>
[Permit("trial.draft")]
internal sealed class Batch(IMediator mediator, TemplateIntake intake) : PageModel, IReload
{
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public string? Numbers { get; set; }

    public IReadOnlyList<Option> Codes { get; private set; } = [];

    public IReadOnlyList<TemplateIntake.Line> Lines { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        var own = (await mediator.Send(new ListTemplates())).Where(r => r.DroppedAt is null).DistinctBy(r => r.Code).ToList();
        Codes =
        [
            .. own.Select(r => new Option(r.Code, r.Title)),
            .. CourtTemplates.All.Where(b => own.All(r => r.Code != b.Code)).Select(b => new Option(b.Code, b.Title)),
        ];
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Lines = await intake.BatchAsync(Code ?? "", (Numbers ?? "").ReplaceLineEndings("\n").Split('\n'), HttpContext.RequestAborted);
        await ReloadAsync();
        return Page();
    }
}
