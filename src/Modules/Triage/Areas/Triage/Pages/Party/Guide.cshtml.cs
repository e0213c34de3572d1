using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Online;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Party;

/// <summary>智能导诉: what happened, a few questions, what to hand in; then who files.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Guide(IMediator mediator, FilerSession session) : PageModel, IReload
{
    public const string Path = "/p/file/";

    [BindProperty(SupportsGet = true)]
    public string? Topic { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Court { get; set; }

    [BindProperty(SupportsGet = true)]
    public List<string> Yes { get; set; } = [];

    [BindProperty(SupportsGet = true)]
    public decimal? Amount { get; set; }

    /// <summary>The questions have been answered.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Asked { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? IdNumber { get; set; }

    [BindProperty]
    public string? Phone { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string Role { get; set; } = "self";

    [BindProperty]
    public string? Licence { get; set; }

    public AskGuidance.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Show = await mediator.Send(
            new AskGuidance
            {
                Court = Court ?? "",
                Topic = Topic ?? "",
                Yes = Yes,
                Amount = Amount,
            }
        );

    public async Task<IActionResult> OnPostAsync()
    {
        if (session.TooManyBegun(HttpContext.Connection.RemoteIpAddress?.ToString() ?? ""))
            throw new RuleBroken("这个网络地址开始的申请太多了，请过一小时再试，或者到立案窗口办理。");
        var begun = await mediator.Send(
            new BeginDraft
            {
                Court = Court ?? "",
                Topic = Topic ?? "",
                Yes = Yes,
                Amount = Amount,
                Name = Name ?? "",
                IdNumber = IdNumber ?? "",
                Phone = Phone ?? "",
                Email = Email ?? "",
                Role = Role,
                Licence = Licence ?? "",
            }
        );
        if (!begun.NeedsCode)
            session.Begin(HttpContext, Path, begun.Token);
        return LocalRedirect(Path + begun.Token);
    }
}
