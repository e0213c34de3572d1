using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Mediation;
using CourtOps.Triage.Online;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace CourtOps.Triage.Pages.Party;

/// <summary>The phone page of an evaluator.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Evaluate(IMediator mediator, FilerSession session) : LinkPage(session)
{
    [BindProperty]
    public string? Opinion { get; set; }

    public FindEvaluation.Result Show { get; private set; } = null!;

    public override async Task ReloadAsync() => Show = await mediator.Send(new FindEvaluation { Token = Token });

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(new GiveOpinionByLink { Token = Token, Opinion = Opinion ?? "" });
        return LocalRedirect("/p/evaluate/" + Token);
    }
}
