using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Batches;
using CourtOps.Workzone.Queues;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Batches;

/// <summary>A batch: how far it is, what came of each order.</summary>
[Permit("workzone.orders.read")]
internal sealed class Details(IMediator mediator, Texts texts) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Outcome { get; set; }

    [BindProperty(SupportsGet = true)]
    public int After { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Back { get; set; }

    public ShowBatch.Result Shown { get; private set; } = null!;

    public string Queue => QueueUrl.Clean(Back ?? "");

    public Task OnGetAsync() => ReloadAsync();

    public async Task<IActionResult> OnPostCancelAsync()
    {
        await mediator.Send(new CancelBatch { Id = Id });
        return this.Done($"/batches/{Id}", texts["其余的不再办理"]);
    }

    public async Task ReloadAsync() =>
        Shown = await mediator.Send(
            new ShowBatch
            {
                Id = Id,
                Outcome = Outcome is "done" or "refused" or "waiting" or "cancelled" ? Outcome : null,
                After = After,
            }
        );
}
