using CourtOps.Cataloguing.Intake;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>The receipt of a batch, for print: every file with its digest.</summary>
[Permit("cataloguing.read")]
internal sealed class Receipt(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ShowBatch.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowBatch { Id = Id });
}
