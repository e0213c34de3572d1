using System.Globalization;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Planning;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Plans;

/// <summary>A plan while it improves and after: stopped, taken, thrown away.</summary>
[Permit("trial.schedule")]
internal sealed class Details(IMediator mediator, PlanTaking taking, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    public ShowPlan.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowPlan { Id = Id });

    public static string Thousandths(int n) => (n / 1000m).ToString("0.00", CultureInfo.InvariantCulture);

    public async Task<IActionResult> OnPostStopAsync()
    {
        await mediator.Send(new StopPlan { Id = Id });
        return this.Done($"/trial/plans/{Id}", t["已停止"]);
    }

    public async Task<IActionResult> OnPostDropAsync()
    {
        await mediator.Send(new StopPlan { Id = Id, Drop = true });
        return this.Done("/trial/plans", t["已放弃"]);
    }

    public async Task<IActionResult> OnPostTakeAsync()
    {
        actor.Demand("trial.schedule");
        var (booked, refused) = await taking.TakeAsync(Id, Version, HttpContext.RequestAborted);
        return this.Done($"/trial/plans/{Id}", t["已暂订 {0} 件，{1} 件没有排成", booked, refused]);
    }
}
