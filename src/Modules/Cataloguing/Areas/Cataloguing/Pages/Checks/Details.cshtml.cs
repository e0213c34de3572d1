using CourtOps.Cataloguing.Checking;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages.Checks;

/// <summary>A batch is looked at page by page; each error is put to its page.</summary>
[Permit("cataloguing.check.view")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    /// <summary>A page, what is wrong with it and the words to it, each in its place.</summary>
    [BindProperty]
    public List<long> PageIds { get; set; } = [];

    [BindProperty]
    public List<string?> Kinds { get; set; } = [];

    [BindProperty]
    public List<string?> Notes { get; set; } = [];

    /// <summary>How what was returned was mended.</summary>
    [BindProperty]
    public string? Mended { get; set; }

    public ShowCheck.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowCheck { Id = Id });

    public async Task<IActionResult> OnPostMendAsync()
    {
        await mediator.Send(
            new MendCheck
            {
                Id = Id,
                Version = Version,
                Words = Mended ?? "",
            }
        );
        return this.Done($"/cataloguing/checks/{Id}", t["已提交复核"]);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var found = PageIds
            .Select(
                (page, i) =>
                    new DecideCheck.Defect
                    {
                        PageId = page,
                        Kind = Kinds.ElementAtOrDefault(i) ?? "",
                        Words = Notes.ElementAtOrDefault(i) ?? "",
                    }
            )
            .Where(d => d.Kind.Length > 0)
            .ToList();
        var result = await mediator.Send(
            new DecideCheck
            {
                Id = Id,
                Version = Version,
                Words = Words ?? "",
                Defects = found,
            }
        );
        return this.Done($"/cataloguing/checks/{Id}", result.Passed ? t["{0} 分，合格", result.Score] : t["{0} 分，已退回改正", result.Score]);
    }
}
