using System.Globalization;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Allotments;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Allotments;

/// <summary>Candidates, loads and the draw of one case.</summary>
[Permit("triage.filings")]
internal sealed class Allot(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public long? JudgeId { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ShowAllotment.Result Show { get; private set; } = null!;

    public IReadOnlyList<Option> Judges =>
        [.. Show.Standings.Where(s => s.Why != "recused").Select(s => new Option(s.Id.ToString(CultureInfo.InvariantCulture), s.Name))];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowAllotment { FilingId = Id });

    public async Task<IActionResult> OnPostDrawAsync() => Done(await mediator.Send(new AllotCase { FilingId = Id, Version = Version }));

    public async Task<IActionResult> OnPostHandAsync() =>
        Done(
            await mediator.Send(
                new AllotByHand
                {
                    FilingId = Id,
                    Version = Version,
                    JudgeId = JudgeId ?? 0,
                    Reason = Reason ?? "",
                }
            )
        );

    private IActionResult Done(Drawn drawn) => this.Done($"/triage/filings/{Id}/allot", t["{0} 分给 {1}", drawn.CaseNumber, drawn.Judge]);
}
