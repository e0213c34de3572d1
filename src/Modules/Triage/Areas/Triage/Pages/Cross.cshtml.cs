using CourtOps.Kernel.Security;
using CourtOps.Triage.Filings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages;

/// <summary>Cross-court filings of both directions with both clocks.</summary>
[Permit("triage.filings")]
internal sealed class Cross(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Direction { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    public ListCross.Result Data { get; private set; } = null!;

    public string? Next => Data.Next is null ? null : $"/triage/cross?direction={Direction}&before={Data.Next}";

    public async Task OnGetAsync()
    {
        Direction = Direction == "in" ? "in" : "out";
        Data = await mediator.Send(new ListCross { Direction = Direction, Before = Before });
    }
}
