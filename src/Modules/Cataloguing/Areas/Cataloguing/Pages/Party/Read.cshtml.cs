using CourtOps.Cataloguing.Archive;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace CourtOps.Cataloguing.Pages.Party;

/// <summary>An agent reads the main volume by a link: the code first, then page by page under a mark.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Read(IMediator mediator, ReadingSession session, Texts t) : LinkPage(session)
{
    public const string Path = "/p/read/";

    [BindProperty(SupportsGet = true)]
    public int N { get; set; } = 1;

    [BindProperty]
    public string? Code { get; set; }

    public string Here => Path + Token;

    public bool Known { get; private set; }

    public string? Problem { get; private set; }

    public ReadingLink Show { get; private set; } = null!;

    public override async Task ReloadAsync()
    {
        Show = await mediator.Send(new FindReading { Token = Token });
        Known = Identified;
        N = Math.Clamp(N, 1, Show.Pages);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var answer = await mediator.Send(new IdentifyReader { Token = Token, Code = Code ?? "" });
        if (answer.Done)
        {
            session.Begin(HttpContext, Path, Token);
            return LocalRedirect(Here);
        }
        try
        {
            await ReloadAsync();
        }
        catch (Kernel.Messaging.NotFound)
        {
            Gone = true;
        }
        Problem = answer.LockedUntil is { } until
            ? t["输错次数过多，请在 {0} 之后再试，或拨打 12368。", Times.Full(until)]
            : t["验证码不对。还可以试 {0} 次。", answer.Left];
        Response.StatusCode = 422;
        return Page();
    }
}
