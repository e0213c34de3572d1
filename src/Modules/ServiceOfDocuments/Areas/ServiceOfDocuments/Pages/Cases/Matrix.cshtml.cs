using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Board;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Cases;

/// <summary>Documents × recipients of a case.</summary>
[Permit("service.read")]
internal sealed class Matrix(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    public ShowMatrix.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowMatrix { CaseId = CaseId });

    public static string Mark(string state) =>
        state switch
        {
            "failed" => "×",
            "done" => "✓",
            _ => "…",
        };
}
