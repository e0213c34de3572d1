using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Contacts;
using CourtOps.Triage.Online;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Party;

/// <summary>How a contact stands, its answer, and the mark.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class ContactStatus(IMediator mediator, FilerSession session) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    [BindProperty]
    public int? Mark { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public PublicContact Show { get; private set; } = null!;

    public bool Gone { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        var address = HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";
        if (session.TooManyGuesses(address, wrong: false))
            return StatusCode(429);
        try
        {
            await ReloadAsync();
        }
        catch (NotFound)
        {
            session.TooManyGuesses(address, wrong: true);
            Gone = true;
            Response.StatusCode = 404;
        }
        return Page();
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new FindContact { Token = Token });

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(new MarkByWeb { Token = Token, Mark = Mark, Words = Words ?? "" });
        return LocalRedirect("/p/contact/" + Token);
    }
}
