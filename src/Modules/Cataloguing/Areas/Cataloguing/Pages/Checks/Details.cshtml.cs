using CourtOps.Cataloguing.Checking;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages.Checks;

/// <summary>A batch is looked at page by page; each error is put to its page.</summary>
[Permit("cataloguing.check.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public List<Line> Defects { get; set; } = [];

    public ShowCheck.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowCheck { Id = Id });

    public async Task<IActionResult> OnPostAsync()
    {
        var found = Defects.Where(d => !string.IsNullOrEmpty(d.Kind)).Select(d => new DecideCheck.Defect { PageId = d.PageId, Kind = d.Kind!, Words = d.Words ?? "" }).ToList();
        var result = await mediator.Send(new DecideCheck { Id = Id, Version = Version, Words = Words ?? "", Defects = found });
        return this.Done($"/cataloguing/checks/{Id}", result.Passed ? t["{0} 分，合格", result.Score] : t["{0} 分，已退回改正", result.Score]);
    }

    internal sealed class Line
    {
        public long PageId { get; set; }
        public string? Kind { get; set; }
        public string? Words { get; set; }
    }
}
