using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages;

/// <summary>Dates of cases on which somebody must have acted.</summary>
[Permit("enforcement.read")]
internal sealed class Dates(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public DateOnly? AfterDue { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    public ListDates.Result Show { get; private set; } = null!;

    public string? Next => Show.Next is { } next ? $"/enforcement/dates?kind={Kind}&{next}" : null;

    public static string Where(DateRow d) =>
        d.Kind switch
        {
            DateKinds.Money or DateKinds.Plan => $"/enforcement/cases/{d.CaseId}/money",
            DateKinds.Auction => $"/enforcement/cases/{d.CaseId}/auctions",
            DateKinds.Offline => $"/enforcement/cases/{d.CaseId}/offline",
            DateKinds.Visit => "/enforcement/reception",
            DateKinds.Poll => $"/enforcement/cases/{d.CaseId}/ledger",
            _ => $"/enforcement/cases/{d.CaseId}/persuade",
        };

    public async Task OnGetAsync()
    {
        if (!DateKinds.Labels.ContainsKey(Kind))
            Kind = "";
        Show = await mediator.Send(
            new ListDates
            {
                Kind = Kind,
                AfterDue = AfterDue,
                After = After ?? 0,
            }
        );
    }
}
