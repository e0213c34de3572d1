using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Post;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Post;

/// <summary>A4 sheets of labels, twelve a page, each with barcode and QR.</summary>
[Permit("service.work")]
internal sealed class Labels(IMediator mediator, AddressBook book) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ShowBatch.Result Show { get; private set; } = null!;

    public string Plain(string? enc) => book.Reveal(enc) ?? "";

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowBatch { Id = Id });
}
