using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Filings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages;

/// <summary>The queue of the counter by its clock.</summary>
[Permit("triage.filings")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public ListFilings.Result Data { get; private set; } = null!;

    public string? Next => Data.Next is null ? null : $"/triage?state={State}&after={Data.Next}";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        State = FilingState.Labels.ContainsKey(State ?? "") ? State : "";
        Data = await mediator.Send(new ListFilings { State = State ?? "", After = After ?? "" });
    }

    public async Task<IActionResult> OnPostAllotAllAsync()
    {
        var result = await mediator.Send(new AllotWaiting());
        return this.Done(
            result.Left.Count == 0 ? "/triage/allotments" : "/triage?state=registered",
            t["已分案 {0} 件，留下 {1} 件", result.Allotted, result.Left.Count]
        );
    }
}
