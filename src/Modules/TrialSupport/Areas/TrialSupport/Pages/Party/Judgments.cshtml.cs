using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Publication;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Party;

/// <summary>Judgments that were published.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Judgments(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long? Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Words { get; set; }

    public IReadOnlyList<PublicDocuments.Row> Rows { get; private set; } = [];

    public PublicDocuments.Row? One { get; private set; }

    public async Task OnGetAsync()
    {
        Rows = await mediator.Send(new PublicDocuments { Id = Id, Words = Words ?? "" });
        if (Id is { } id)
            One = Rows.Count == 1 ? Rows[0] : throw new NotFound("裁判文书", id);
    }
}
