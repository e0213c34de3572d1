using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Laws;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Laws;

/// <summary>The law library: looked up, and filled by who looks after it.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, LawShelf shelf, LawIntake intake, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? On { get; set; }

    [BindProperty]
    public new IFormFile? File { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public DateOnly? From { get; set; }

    [BindProperty]
    public DateOnly? To { get; set; }

    public IReadOnlyList<LawRow> Rows { get; private set; } = [];

    /// <summary>Null where nothing was asked.</summary>
    public IReadOnlyList<LawHit>? Hits { get; private set; }

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Rows = await mediator.Send(new ListLaws());
        if (!string.IsNullOrWhiteSpace(Q))
            Hits = (await shelf.OpenAsync(HttpContext.RequestAborted))?.Find(Q.Length <= 200 ? Q : Q[..200], null, null, On, 30) ?? [];
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var row = await intake.ImportAsync(File, Name, From, To, HttpContext.RequestAborted);
        return this.Done($"/trial/laws/{row.Id}", t["已导入《{0}》，{1} 条", row.Law, row.ArticleCount]);
    }
}
