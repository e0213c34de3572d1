using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Contacts;
using CourtOps.Triage.Online;
using CourtOps.Workzone;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Party;

/// <summary>Asks the contact desk of a court.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Ask(IMediator mediator, FilerSession session, ICourts courts) : PageModel, IReload
{
    [BindProperty]
    public string? Court { get; set; }

    [BindProperty]
    public string? Service { get; set; }

    [BindProperty]
    public string? Person { get; set; }

    [BindProperty]
    public string? Phone { get; set; }

    [BindProperty]
    public string? CaseNumber { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public IReadOnlyList<CourtCard> Courts { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Courts = await courts.AllAsync(HttpContext.RequestAborted);

    public async Task<IActionResult> OnPostAsync()
    {
        if (session.TooManyBegun("contact:" + HttpContext.Connection.RemoteIpAddress))
            throw new RuleBroken("这个网络地址开始的申请太多了，请过一小时再试，或者到立案窗口办理。");
        var token = await mediator.Send(
            new AskByWeb
            {
                Court = Court ?? "",
                Service = Service ?? "",
                Person = Person ?? "",
                Phone = Phone ?? "",
                CaseNumber = CaseNumber ?? "",
                Words = Words ?? "",
            }
        );
        return LocalRedirect("/p/contact/" + token);
    }
}
