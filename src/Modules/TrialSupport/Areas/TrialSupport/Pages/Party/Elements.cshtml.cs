using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Elements;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Party;

/// <summary>A party answers the questions of its case.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Elements(IMediator mediator, Guesses guesses) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    [BindProperty]
    public string? Tail { get; set; }

    public FindElements.Result? Show { get; private set; }

    public bool Wrong { get; private set; }

    private string Address => HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>What was typed, after a refusal.</summary>
    public string Typed(string key) => Request.HasFormContentType ? Request.Form["a-" + key].ToString() : "";

    public async Task<IActionResult> OnGetAsync()
    {
        if (guesses.TooMany(Address, wrong: false))
            return StatusCode(429);
        try
        {
            await ReloadAsync();
        }
        catch (NotFound)
        {
            guesses.TooMany(Address, wrong: true);
            Response.StatusCode = 404;
        }
        return Page();
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new FindElements { Token = Token });

    public async Task<IActionResult> OnPostAsync()
    {
        try
        {
            Wrong = !await mediator.Send(
                new FillByLink
                {
                    Token = Token,
                    Tail = Tail ?? "",
                    Answers = Answered(Request.Form),
                }
            );
        }
        catch (NotFound)
        {
            guesses.TooMany(Address, wrong: true);
            Response.StatusCode = 404;
            return Page();
        }
        if (!Wrong)
            return LocalRedirect("/p/elements/" + Token);
        Response.StatusCode = 422;
        await OnGetAsync();
        return Page();
    }

    internal static Dictionary<string, string> Answered(Microsoft.AspNetCore.Http.IFormCollection form) =>
        form.Where(f => f.Key.StartsWith("a-", StringComparison.Ordinal)).Take(100).ToDictionary(f => f.Key[2..], f => f.Value.ToString());
}
