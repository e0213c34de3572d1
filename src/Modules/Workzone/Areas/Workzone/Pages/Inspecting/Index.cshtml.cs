using CourtOps.Kernel.Security;
using CourtOps.Workzone.Inspections;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Inspecting;

/// <summary>Rates by team, and what is to be corrected, as far as this person sees the cases.</summary>
[Permit("workzone.inspection.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Severity { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Team { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Late { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    public ListFindings.Result Data { get; private set; } = null!;

    public async Task OnGetAsync() =>
        Data = await mediator.Send(
            new ListFindings
            {
                Severity = Severity,
                Team = Team,
                Late = Late,
                After = After ?? long.MaxValue,
            }
        );

    public string Href(string? severity = null, string? team = null, bool? late = null, long? after = null)
    {
        var (s, t) = (severity ?? Severity ?? "", team ?? Team);
        return $"/inspection?severity={Uri.EscapeDataString(s)}&late={((late ?? Late) ? "true" : "false")}{(t is null ? "" : "&team=" + Uri.EscapeDataString(t))}{(after is { } a ? $"&after={a}" : "")}";
    }
}
