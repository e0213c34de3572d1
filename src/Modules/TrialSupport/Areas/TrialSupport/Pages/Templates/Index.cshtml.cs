using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafting;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Templates;

/// <summary>The templates of the court and the fields they may name.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, TemplateIntake intake, Texts t) : PageModel, IReload
{
    [BindProperty]
    public new IFormFile? File { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Kind { get; set; }

    [BindProperty]
    public DateOnly? From { get; set; }

    public IReadOnlyList<TemplateRow> Rows { get; private set; } = [];

    public IReadOnlyList<TemplateField> Fields { get; } = [.. TemplateFields.Fields.Values.Where(f => f.Source.Length > 0)];

    public IReadOnlyList<Option> Codes =>
        [
            .. Rows.DistinctBy(r => r.Code).Select(r => new Option(r.Code, r.Title)),
            .. CourtTemplates.All.Where(b => Rows.All(r => r.Code != b.Code)).Select(b => new Option(b.Code, b.Title)),
        ];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Rows = await mediator.Send(new ListTemplates());

    public async Task<IActionResult> OnPostAsync()
    {
        var row = await intake.SaveAsync(File, Code, Title, Kind, From, HttpContext.RequestAborted);
        return this.Done($"/trial/templates/{row.Id}", t["已保存《{0}》第 {1} 版", row.Title, row.N]);
    }
}
