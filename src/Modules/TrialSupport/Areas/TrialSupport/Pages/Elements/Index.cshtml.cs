using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Elements;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Elements;

/// <summary>The element form of a case: sent, filled in, compared.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public long PartyId { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public bool Reopen { get; set; }

    public ShowElements.Result Show { get; private set; } = null!;

    private string Here => $"/trial/cases/{CaseId}/elements";

    /// <summary>What was typed for a party, after a refusal.</summary>
    public string? Typed(long partyId, string key) => PartyId == partyId && Request.HasFormContentType ? Request.Form["a-" + key].ToString() : null;

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        Code = Show.Proposed;
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowElements { CaseId = CaseId });

    public async Task<IActionResult> OnPostSendAsync()
    {
        await mediator.Send(new SendElements { CaseId = CaseId, Code = Code ?? "" });
        return this.Done(Here, t["已生成各方的链接"]);
    }

    public async Task<IActionResult> OnPostLinkAsync()
    {
        await mediator.Send(new SendElementLink { CaseId = CaseId, PartyId = PartyId });
        return this.Done(Here, t["已交送达中心发送"]);
    }

    public async Task<IActionResult> OnPostFillAsync()
    {
        await mediator.Send(
            new FillElements
            {
                CaseId = CaseId,
                PartyId = PartyId,
                Answers = Party.Elements.Answered(Request.Form),
            }
        );
        return this.Done(Here, t["已保存"]);
    }

    public async Task<IActionResult> OnPostCloseAsync()
    {
        await mediator.Send(
            new CloseElements
            {
                CaseId = CaseId,
                Version = Version,
                Open = Reopen,
            }
        );
        return this.Done(Here, t[Reopen ? "已重新开放" : "已截止"]);
    }
}
