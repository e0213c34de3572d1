using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Fees;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Fees;

/// <summary>Money for codes nobody knows, and its two ways out.</summary>
[Permit("triage.filings")]
internal sealed class Suspense(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "open";

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    [BindProperty]
    public long MoneyId { get; set; }

    [BindProperty]
    public int Version { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ListSuspense.Result Data { get; private set; } = null!;

    public string? Next => Data.Next is null ? null : $"/triage/fees/suspense?state={State}&after={Data.Next}";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        State = SuspenseBook.Labels.ContainsKey(State) ? State : "open";
        Data = await mediator.Send(new ListSuspense { State = State, After = After ?? "" });
    }

    public async Task<IActionResult> OnPostAssignAsync()
    {
        await mediator.Send(
            new AssignSuspense
            {
                Id = MoneyId,
                Version = Version,
                Code = Code ?? "",
                Reason = Reason ?? "",
            }
        );
        return this.Done("/triage/fees/suspense", t["已认领，记入缴费单"]);
    }

    public async Task<IActionResult> OnPostReturnAsync()
    {
        await mediator.Send(
            new ReturnSuspense
            {
                Id = MoneyId,
                Version = Version,
                Reason = Reason ?? "",
            }
        );
        return this.Done("/triage/fees/suspense", t["已登记退回"]);
    }
}
