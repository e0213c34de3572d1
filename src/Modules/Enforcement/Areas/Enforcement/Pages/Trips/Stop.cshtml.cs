using CourtOps.Enforcement.Field;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Trips;

/// <summary>On the spot, on a phone: outcome, photos, place, time. What was recorded can only be added to.</summary>
[Permit("enforcement.read")]
internal sealed class Stop(IMediator mediator, FieldPhotos photos, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    [BindProperty]
    public List<IFormFile> Files { get; set; } = [];

    public ShowStop.Result Show { get; private set; } = null!;

    public IReadOnlyList<Option> Outcomes => [.. FieldRules.OutcomesOf(Show.Stop.Purpose).Select(o => new Option(o, FieldRules.Outcomes[o]))];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowStop { Id = Id });

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(new ShowStop { Id = Id });
        await mediator.Send(
            new RecordStop
            {
                Id = Id,
                Outcome = Data.Outcome ?? "",
                Place = Data.Place ?? "",
                Words = Data.Words ?? "",
                Value = Data.Value,
                PhoneTime = Data.PhoneTime is { } at ? Times.At(at) : null,
                Files = await photos.TakeAsync(Files, HttpContext.RequestAborted),
            }
        );
        return this.Done($"/enforcement/stops/{Id}", t["已登记"]);
    }

    public async Task<IActionResult> OnPostMoreAsync()
    {
        await mediator.Send(new ShowStop { Id = Id });
        await mediator.Send(
            new AddToStop
            {
                Id = Id,
                Words = Data.More ?? "",
                Files = await photos.TakeAsync(Files, HttpContext.RequestAborted),
            }
        );
        return this.Done($"/enforcement/stops/{Id}", t["已补充"]);
    }

    internal sealed class Input
    {
        public string? Outcome { get; set; }
        public string? Place { get; set; }
        public string? Words { get; set; }
        public decimal? Value { get; set; }
        public DateTime? PhoneTime { get; set; }
        public string? More { get; set; }
    }
}
