using CourtOps.Cataloguing.Archive;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;

namespace CourtOps.Cataloguing.Pages.Party;

/// <summary>How an application to read stands, and the court's answer.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class AskStatus(IMediator mediator, ReadingSession session) : LinkPage(session)
{
    public const string Path = "/p/reading/";

    public ReadingAskCard Show { get; private set; } = null!;

    public override async Task ReloadAsync() => Show = await mediator.Send(new FindReadingAsk { Token = Token });
}
