using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Notices;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Notices;

/// <summary>The bell: what happened that concerns me.</summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed class Index(IMediator mediator, Texts texts) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public bool Unread { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    public ListNotices.Result Shown { get; private set; } = new([], 0, null);

    public async Task OnGetAsync() => Shown = await mediator.Send(new ListNotices { UnreadOnly = Unread, Before = Before ?? long.MaxValue });

    public async Task<IActionResult> OnPostOpenAsync([FromForm] long id, [FromForm] string? to)
    {
        await mediator.Send(new ReadNotices { Id = id });
        return LocalRedirect(PageExtensions.LocalTarget(to));
    }

    public async Task<IActionResult> OnPostReadAsync()
    {
        await mediator.Send(new ReadNotices());
        return this.Done("/notices", texts["已全部标为已读"]);
    }
}
