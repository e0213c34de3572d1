using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Investigations;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Investigations;

/// <summary>The investigation orders of a case: asked for, decided, answered.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public long PartyId { get; set; }

    [BindProperty]
    public DateOnly? On { get; set; }

    [BindProperty]
    public string? Lawyer { get; set; }

    [BindProperty]
    public string? Licence { get; set; }

    [BindProperty]
    public string? Unit { get; set; }

    [BindProperty]
    public string? Evidence { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public bool? Grant { get; set; }

    [BindProperty]
    public string? Number { get; set; }

    [BindProperty]
    public int? Days { get; set; }

    [BindProperty]
    public List<string> Touches { get; set; } = [];

    [BindProperty]
    public string? Outcome { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public ListInvestigations.Result Show { get; private set; } = null!;

    private string Here => $"/trial/cases/{CaseId}/investigations";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ListInvestigations { CaseId = CaseId });

    public async Task<IActionResult> OnPostAskAsync()
    {
        await mediator.Send(
            new AskInvestigation
            {
                CaseId = CaseId,
                PartyId = PartyId,
                On = On,
                Lawyer = Lawyer ?? "",
                Licence = Licence ?? "",
                Unit = Unit ?? "",
                Evidence = Evidence ?? "",
                Reason = Reason ?? "",
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostDecideAsync()
    {
        await mediator.Send(
            new DecideInvestigation
            {
                CaseId = CaseId,
                Id = Id,
                Version = Version,
                Grant = Grant,
                Number = Number ?? "",
                Days = Days,
                Touches = Touches,
                Words = Words ?? "",
            }
        );
        return this.Done(Here, t["已决定"]);
    }

    public async Task<IActionResult> OnPostReturnAsync()
    {
        await mediator.Send(
            new ReturnInvestigation
            {
                CaseId = CaseId,
                Id = Id,
                Version = Version,
                Outcome = Outcome ?? "",
                Words = Words ?? "",
            }
        );
        return this.Done(Here, t["已登记"]);
    }
}
