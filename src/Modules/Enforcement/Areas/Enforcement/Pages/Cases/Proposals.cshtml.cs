using CourtOps.Enforcement.Control;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>What was found and is free, with what to do about it; one click drafts the papers.</summary>
[Permit("enforcement.read")]
internal sealed class Proposals(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public List<long> AssetIds { get; set; } = [];

    public ShowProposals.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowProposals { CaseId = CaseId });

    public async Task<IActionResult> OnPostAllAsync()
    {
        var made = await mediator.Send(new DraftControl { CaseId = CaseId });
        return this.Done($"/enforcement/cases/{CaseId}/proposals", t["已拟办 {0} 项，文书正在打印", made.Count]);
    }

    public async Task<IActionResult> OnPostSomeAsync()
    {
        if (AssetIds.Count == 0)
            throw new Kernel.Messaging.RuleBroken("请选择财产。", "AssetIds");
        var made = await mediator.Send(new DraftControl { CaseId = CaseId, AssetIds = AssetIds });
        return this.Done($"/enforcement/cases/{CaseId}/proposals", t["已拟办 {0} 项，文书正在打印", made.Count]);
    }
}
