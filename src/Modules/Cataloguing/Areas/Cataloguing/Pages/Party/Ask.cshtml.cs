using CourtOps.Cataloguing.Archive;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages.Party;

/// <summary>An agent asks to read a file.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Ask(IMediator mediator, ReadingSession session, ICourts courts, IPapers papers) : PageModel, IReload
{
    [BindProperty]
    public string? Court { get; set; }

    [BindProperty]
    public string? CaseNumber { get; set; }

    [BindProperty]
    public string? Person { get; set; }

    [BindProperty]
    public string? Phone { get; set; }

    [BindProperty]
    public string? Licence { get; set; }

    [BindProperty]
    public string? Purpose { get; set; }

    [BindProperty]
    public string? Wanted { get; set; }

    public IReadOnlyList<CourtCard> Courts { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Courts = await courts.AllAsync(HttpContext.RequestAborted);

    public async Task<IActionResult> OnPostAsync(IFormFile? paper)
    {
        if (session.TooManyAsks(HttpContext.Connection.RemoteIpAddress?.ToString() ?? ""))
            throw new RuleBroken("这个网络地址开始的申请太多了，请过一小时再试，或者到诉讼服务窗口办理。", code: "too-many");
        if (paper is null)
            throw new RuleBroken("请上传授权委托书等委托手续。", "Paper");
        var taken = await papers.TakeAsync(paper, null, HttpContext.RequestAborted);
        var token = await mediator.Send(
            new AskReading
            {
                Court = Court ?? "",
                CaseNumber = CaseNumber ?? "",
                Person = Person ?? "",
                Phone = Phone ?? "",
                Licence = Licence ?? "",
                Purpose = Purpose ?? "",
                Wanted = Wanted ?? "",
                Paper = taken.Blob,
            }
        );
        return LocalRedirect(AskStatus.Path + token);
    }
}
