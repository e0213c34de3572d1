using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Filings;

/// <summary>The receipt, the notice of what is missing, the decision not to take it: a page to be printed.</summary>
[Permit("triage.filings")]
internal sealed class Print(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    /// <summary>receipt, return or refusal.</summary>
    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "receipt";

    public ShowFiling.Result Show { get; private set; } = null!;

    /// <summary>The day of the paper: of what it tells, not of the printing.</summary>
    public DateOnly Day =>
        Times.Day(
            (
                Kind switch
                {
                    "return" => Show.Filing.ReturnedAt,
                    "refusal" => Show.Filing.RefusedAt,
                    _ => Show.Filing.ReceivedAt,
                }
            ) ?? Show.Filing.ReceivedAt
        );

    public async Task OnGetAsync()
    {
        Show = await mediator.Send(new ShowFiling { Id = Id });
        if (
            (Kind == "return" && Show.Filing.ReturnedAt is null)
            || (Kind == "refusal" && Show.Filing.RefusedAt is null)
            || Kind is not ("receipt" or "return" or "refusal")
        )
            throw new NotFound("文书", Kind);
    }
}
