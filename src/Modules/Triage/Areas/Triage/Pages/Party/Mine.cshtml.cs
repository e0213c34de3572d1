using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Online;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Party;

/// <summary>Asks for the list of all one's filings.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Mine(IMediator mediator, FilerSession session) : PageModel, IReload
{
    [BindProperty]
    public string? IdNumber { get; set; }

    [BindProperty]
    public string? Phone { get; set; }

    public Task ReloadAsync() => Task.CompletedTask;

    public async Task<IActionResult> OnPostAsync()
    {
        if (session.TooManyBegun("mine:" + HttpContext.Connection.RemoteIpAddress))
            throw new RuleBroken("这个网络地址开始的申请太多了，请过一小时再试，或者到立案窗口办理。");
        return LocalRedirect(MineList.Path + await mediator.Send(new AskMine { IdNumber = IdNumber ?? "", Phone = Phone ?? "" }));
    }
}
