using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Contacts;
using CourtOps.Web;
using CourtOps.Workzone;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Contacts;

/// <summary>Takes one in.</summary>
[Permit("triage.work")]
internal sealed class New(IMediator mediator, ICourts courts, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string? Service { get; set; }

    [BindProperty]
    public string? Channel { get; set; }

    [BindProperty]
    public string? Court { get; set; }

    [BindProperty]
    public string? Person { get; set; }

    [BindProperty]
    public string? Phone { get; set; }

    [BindProperty]
    public string? CaseNumber { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public int? DeclaredPages { get; set; }

    public IReadOnlyList<Option> Courts { get; private set; } = [];

    public static IReadOnlyList<Option> All => Option.From(Services.Labels);

    public static IReadOnlyList<Option> Ways => [.. Services.Channels.Where(c => c.Key != "web").Select(c => new Option(c.Key, c.Value))];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Courts = [.. (await courts.AllAsync(HttpContext.RequestAborted)).OrderByDescending(c => c.Id == actor.CourtId).Select(c => new Option(c.Code, c.Name))];

    public async Task<IActionResult> OnPostAsync()
    {
        var taken = await mediator.Send(
            new TakeContact
            {
                Service = Service ?? "",
                Channel = Channel ?? "",
                Court = Court ?? "",
                Person = Person ?? "",
                Phone = Phone ?? "",
                CaseNumber = CaseNumber ?? "",
                Words = Words ?? "",
                DeclaredPages = DeclaredPages,
            }
        );
        return this.Done($"/triage/contacts/{taken.Id}", t["已受理 {0}，{1} 前答复", taken.Number, Times.Iso(taken.DueOn)]);
    }
}
