using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Cases;

[Permit("workzone.cases.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Text { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Sort { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public ListCases.Result Data { get; private set; } = new([], null);

    public async Task OnGetAsync() =>
        Data = await mediator.Send(
            new ListCases
            {
                Number = Text,
                Sort = Sort,
                After = After,
            }
        );

    public string Link(string? after) =>
        "/cases?"
        + string.Join(
            '&',
            new[] { ("q", Text), ("sort", Sort), ("after", after) }
                .Where(p => !string.IsNullOrEmpty(p.Item2))
                .Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}")
        );
}
