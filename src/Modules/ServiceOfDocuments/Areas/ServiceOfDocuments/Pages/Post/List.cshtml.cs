using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Post;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Post;

/// <summary>The hand-over list of a batch, to be signed by the carrier.</summary>
[Permit("service.work")]
internal sealed class List(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ShowBatch.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowBatch { Id = Id });
}
