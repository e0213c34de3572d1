using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Field;
using CourtOps.ServiceOfDocuments.Post;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Trips;

/// <summary>Whom to visit, and the trips.</summary>
[Permit("service.work")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty]
    public List<long> Ids { get; set; } = [];

    [BindProperty]
    public DateOnly? Day { get; set; }

    public ListSteps.Result Pool { get; private set; } = new([]);

    public IReadOnlyList<BatchRow> Rows { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Pool = await mediator.Send(new ListSteps { Channel = "visit", Later = true });
        Rows = await mediator.Send(new ListBatches { Kind = "trip" });
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var id = await mediator.Send(new MakeTrip { StepIds = Ids, Day = Day });
        return this.Done($"/service/trips/{id}", t["已安排出行"]);
    }
}
