using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Entrust;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Entrust;

/// <summary>Service between courts: what others ask of us, what we ask of them, with both clocks.</summary>
[Permit("service.work")]
internal sealed class Index(IMediator mediator, TimeProvider clock, Texts t) : PageModel, IReload
{
    [BindProperty]
    public long Id { get; set; }

    [BindProperty]
    public string? Why { get; set; }

    public ListSteps.Result Pool { get; private set; } = new([]);

    public IReadOnlyList<EntrustRow> In { get; private set; } = [];

    public IReadOnlyList<EntrustRow> Out { get; private set; } = [];

    public DateOnly Today => Times.Day(clock.GetUtcNow());

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Pool = await mediator.Send(new ListSteps { Channel = "entrusted", Later = true });
        In = await mediator.Send(new ListEntrusted());
        Out = await mediator.Send(new ListEntrusted { Direction = "out" });
    }

    public async Task<IActionResult> OnPostWithdrawAsync()
    {
        await mediator.Send(new WithdrawEntrusted { Id = Id, Why = Why ?? "" });
        return this.Done("/service/entrusted", t["已撤回委托"]);
    }
}
