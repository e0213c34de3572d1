using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Planning;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Plans;

/// <summary>Plans of a week or a month: begun here, improved in the background.</summary>
[Permit("trial.schedule")]
internal sealed class Index(IMediator mediator, TimeProvider clock, Texts t) : PageModel, IReload
{
    [BindProperty]
    public DateOnly? From { get; set; }

    [BindProperty]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public int? Minutes { get; set; } = 90;

    [BindProperty]
    public int? Seconds { get; set; } = 60;

    [BindProperty]
    public long? ClerkId { get; set; }

    [BindProperty]
    public int Size { get; set; }

    [BindProperty]
    public List<string> Features { get; set; } = [];

    public IReadOnlyList<Option> Clerks { get; private set; } = [];

    public IReadOnlyList<MonthPlan> Rows { get; private set; } = [];

    public Task OnGetAsync()
    {
        (From, Until) = (Times.Day(clock.GetUtcNow()).AddDays(1), Times.Day(clock.GetUtcNow()).AddDays(31));
        return ReloadAsync();
    }

    public async Task ReloadAsync()
    {
        Rows = await mediator.Send(new ListPlans());
        Clerks = [.. (await mediator.Send(new PlanClerks())).Select(p => new Option($"{p.Id}", p.Name))];
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var id = await mediator.Send(
            new BeginPlan
            {
                From = From,
                Until = Until,
                Minutes = Minutes,
                Seconds = Seconds,
                ClerkId = ClerkId,
                Size = Size,
                Features = Features,
            }
        );
        return this.Done($"/trial/plans/{id}", t["已开始计算"]);
    }
}
