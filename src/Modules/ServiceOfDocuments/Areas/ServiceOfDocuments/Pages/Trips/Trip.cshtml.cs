using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Post;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Trips;

/// <summary>The route of a day, for the phone and for paper.</summary>
[Permit("service.work")]
internal sealed class Trip(IMediator mediator, AddressBook book) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ShowBatch.Result Show { get; private set; } = null!;

    public string Plain(string? enc) => book.Reveal(enc) ?? "";

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowBatch { Id = Id });
}
