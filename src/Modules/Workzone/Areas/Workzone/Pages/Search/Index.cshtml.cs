using CourtOps.Kernel.Security;
using CourtOps.Workzone.Search;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Search;

/// <summary>One box: case number in any fragment, party, order, phone. Only what the person may see.</summary>
[Permit("workzone.cases.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Text { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Cases { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Orders { get; set; }

    public Find.Result Found { get; private set; } = new([], null, [], null, false);

    public async Task<IActionResult> OnGetAsync()
    {
        if (string.IsNullOrWhiteSpace(Text))
            return Page();
        Found = await mediator.Send(
            new Find
            {
                Text = Text,
                CasesBefore = Cases ?? long.MaxValue,
                OrdersBefore = Orders ?? long.MaxValue,
                Take = 25,
            }
        );
        if (Cases is not null || Orders is not null)
            return Page();
        if (Found.Whole is { } whole)
            return LocalRedirect($"/cases/{whole.Id}");
        if (Found.Cases.Count == 1 && Found.Orders.Count == 0)
            return LocalRedirect($"/cases/{Found.Cases[0].Id}");
        if (Found.Cases.Count == 0 && Found.Orders.Count == 1)
            return LocalRedirect($"/orders/{Found.Orders[0].Id}");
        return Page();
    }
}
