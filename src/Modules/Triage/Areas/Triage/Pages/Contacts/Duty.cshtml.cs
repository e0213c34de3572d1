using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Contacts;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Contacts;

/// <summary>The duty rota of a month.</summary>
[Permit("triage.filings")]
internal sealed class DutyPage(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public DateOnly? Month { get; set; }

    [BindProperty]
    public DateOnly? From { get; set; }

    [BindProperty]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public string? Person { get; set; }

    [BindProperty]
    public string? Phone { get; set; }

    public ListDuty.Result Data { get; private set; } = null!;

    public IReadOnlyList<Option> People => [.. Data.People.Select(p => new Option(p.Login, p.Name))];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Data = await mediator.Send(new ListDuty { Month = Month });

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new SaveDuty
            {
                From = From,
                Until = Until,
                Person = Person ?? "",
                Phone = Phone ?? "",
            }
        );
        return this.Done("/triage/duty?month=" + Times.Iso(From!.Value), t["已排班"]);
    }
}
