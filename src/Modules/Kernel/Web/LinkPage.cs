using CourtOps.Kernel.Messaging;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Kernel.Web;

/// <summary>A page behind a personal link: what the link opens is loaded, and a link nobody made is answered as gone and counted.</summary>
public abstract class LinkPage(LinkSession session) : PageModel, IReload
{
    /// <summary>The secret of the link, from the address.</summary>
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    /// <summary>The link opens nothing (any more).</summary>
    public bool Gone { get; protected set; }

    /// <summary>Whether this browser has identified itself for this link.</summary>
    protected bool Identified => session.Has(HttpContext, Token);

    /// <summary>Shows what the link opens; too many links that open nothing are turned away (429).</summary>
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
            if (await CountsAsync())
                session.TooManyGuesses(address, wrong: true);
            Gone = true;
            Response.StatusCode = 404;
        }
        return Page();
    }

    /// <inheritdoc/>
    public abstract Task ReloadAsync();

    /// <summary>Whether a link that opens nothing is a guess.</summary>
    protected virtual Task<bool> CountsAsync() => Task.FromResult(true);
}
