using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Sessions;

/// <summary>Open sessions of everybody, and the button that ends one.</summary>
[Permit("workzone.sessions.manage")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string? Login { get; set; }

    [BindProperty(SupportsGet = true)]
    public long After { get; set; }

    public IReadOnlyList<ListSessions.Row> Rows { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Rows = await mediator.Send(
            new ListSessions
            {
                Everybody = true,
                Login = Login,
                After = After,
            }
        );

    public async Task<IActionResult> OnPostAsync(long id)
    {
        await mediator.Send(new EndSession { Id = id });
        return this.Done("/sessions", t["已结束"]);
    }
}
