using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Cases;

/// <summary>One time line of a case over all modules.</summary>
[Permit("workzone.cases.read")]
internal sealed class Record(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string Of { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public CaseRecord.Result Data { get; private set; } = null!;

    public string? Next => Data.Next is { } next ? $"/cases/{Id}/record?of={Uri.EscapeDataString(Of)}&after={next}" : null;

    public async Task OnGetAsync() =>
        Data = await mediator.Send(
            new CaseRecord
            {
                CaseId = Id,
                Of = Of ?? "",
                After = After,
            }
        );
}
