using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Online;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace CourtOps.Triage.Pages.Party;

/// <summary>All filings of one person, after the code.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class MineList(IMediator mediator, FilerSession session, Texts t) : LinkPage(session)
{
    public const string Path = "/p/mine/";

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public long Id { get; set; }

    public string Here => Path + Token;

    public bool Known { get; private set; }

    public string? Problem { get; private set; }

    public IReadOnlyList<PublicFiling> Rows { get; private set; } = [];

    public override async Task ReloadAsync()
    {
        Known = Identified;
        Rows = await mediator.Send(new ListMine { Token = Token, Known = Known });
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var answer = await mediator.Send(new IdentifyMine { Token = Token, Code = Code ?? "" });
        if (answer.Done)
        {
            session.Begin(HttpContext, Path, Token);
            return LocalRedirect(Path + Token);
        }
        await ReloadAsync();
        Problem = answer.LockedUntil is not null ? t["输错次数过多，请重新开始，或拨打 12368。"] : t["验证码不对或已过期。还可以试 {0} 次。", answer.Left];
        Response.StatusCode = 422;
        return Page();
    }

    public async Task<IActionResult> OnPostOpenAsync()
    {
        if (!Identified)
            return LocalRedirect(Path + Token);
        var token = await mediator.Send(new OpenMine { Token = Token, Id = Id });
        session.Begin(HttpContext, Guide.Path, token);
        return LocalRedirect(Guide.Path + token);
    }
}
