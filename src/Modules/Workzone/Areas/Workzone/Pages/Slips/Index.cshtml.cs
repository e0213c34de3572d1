using CourtOps.Kernel.Security;
using CourtOps.Workzone.Supervision;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Slips;

/// <summary>Slips to me, from me, and of the courts I lead.</summary>
[Permit("workzone.slips.read")]
internal sealed class Index(IMediator mediator, Actor actor) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string View { get; set; } = "to-me";

    [BindProperty(SupportsGet = true)]
    public bool All { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Unanswered { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Court { get; set; }

    /// <summary>Of the view case.</summary>
    [BindProperty(SupportsGet = true)]
    public long? CaseId { get; set; }

    public bool Leads => actor.Can("workzone.slips.send");

    public ListSlips.Result Data { get; private set; } = new([], null);

    public string? Next => Data.Next is { } next ? $"/slips?view={Uri.EscapeDataString(View)}&all={(All ? "true" : "false")}{Narrow}&after={next}" : null;

    public string Narrow => (Unanswered ? "&unanswered=true" : "") + (Court is { } c ? $"&court={c}" : "") + (CaseId is { } of ? $"&caseId={of}" : "");

    public async Task OnGetAsync() =>
        Data = await mediator.Send(
            new ListSlips
            {
                View = View,
                OpenOnly = !All,
                Unanswered = Unanswered,
                CourtId = Court,
                CaseId = CaseId,
                After = After ?? long.MaxValue,
            }
        );
}
