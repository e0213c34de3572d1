using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Forms;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Forms;

/// <summary>A form on A4, Chinese or in two languages.</summary>
[Permit("service.work")]
internal sealed class Print(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string Code { get; set; } = "";

    /// <summary>"zh" or "both"; by the recipient's language where nothing is said.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Language { get; set; }

    public ShowForm.Result Show { get; private set; } = null!;

    public bool Both => Show.Korean is not null && (Language == "both" || (Language is null && Show.Notice.Language == "ko"));

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowForm { NoticeId = Id, Code = Code });
}
