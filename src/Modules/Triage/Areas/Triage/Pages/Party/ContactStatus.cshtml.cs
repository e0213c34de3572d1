using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Contacts;
using CourtOps.Triage.Online;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace CourtOps.Triage.Pages.Party;

/// <summary>How a contact stands, its answer, and the mark.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class ContactStatus(IMediator mediator, FilerSession session) : LinkPage(session)
{
    [BindProperty]
    public int? Mark { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public PublicContact Show { get; private set; } = null!;

    public override async Task ReloadAsync() => Show = await mediator.Send(new FindContact { Token = Token });

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new MarkByWeb
            {
                Token = Token,
                Mark = Mark,
                Words = Words ?? "",
            }
        );
        return LocalRedirect("/p/contact/" + Token);
    }
}
