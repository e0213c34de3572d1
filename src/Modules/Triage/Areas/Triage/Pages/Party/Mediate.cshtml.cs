using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Mediation;
using CourtOps.Triage.Online;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace CourtOps.Triage.Pages.Party;

/// <summary>The phone page of a mediator.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Mediate(IMediator mediator, FilerSession session) : LinkPage(session)
{
    [BindProperty]
    public string? Act { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public int? Days { get; set; }

    [BindProperty]
    public AgreementElements Elements { get; set; } = new();

    public FindInvitation.Result Show { get; private set; } = null!;

    public override async Task ReloadAsync() => Show = await mediator.Send(new FindInvitation { Token = Token });

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new ActByLink
            {
                Token = Token,
                Act = Act ?? "",
                Words = Words ?? "",
                Days = Days,
                Elements = Act == "agreed" ? Elements : null,
            }
        );
        return LocalRedirect("/p/mediate/" + Token);
    }
}
