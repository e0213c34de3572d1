using CourtOps.Enforcement.Offline;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Offline;

/// <summary>One inquiry on site: its trip, its photos, its result.</summary>
[Permit("enforcement.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowOffline.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowOffline { Id = Id });

    public async Task<IActionResult> OnPostSendAsync()
    {
        await mediator.Send(
            new SendOffline
            {
                Id = Id,
                Version = Data.Version,
                TripId = Data.TripId,
            }
        );
        return this.Done($"/enforcement/offline/{Id}", t["已排进外勤"]);
    }

    public async Task<IActionResult> OnPostCloseAsync()
    {
        await mediator.Send(
            new CloseOffline
            {
                Id = Id,
                Version = Data.Version,
                Outcome = Data.Outcome ?? "",
                Category = Data.Category ?? "",
                Description = Data.Description ?? "",
                Holder = Data.Holder ?? "",
                Value = Data.Value,
                Words = Data.Words ?? "",
            }
        );
        return this.Done($"/enforcement/offline/{Id}", t["已登记"]);
    }

    public async Task<IActionResult> OnPostWithdrawAsync()
    {
        await mediator.Send(
            new WithdrawOffline
            {
                Id = Id,
                Version = Data.Version,
                Words = Data.Why ?? "",
            }
        );
        return this.Done($"/enforcement/offline/{Id}", t["已撤回"]);
    }

    internal sealed class Input
    {
        public int? Version { get; set; }
        public long? TripId { get; set; }
        public string? Outcome { get; set; }
        public string? Category { get; set; }
        public string? Description { get; set; }
        public string? Holder { get; set; }
        public decimal? Value { get; set; }
        public string? Words { get; set; }
        public string? Why { get; set; }
    }
}
