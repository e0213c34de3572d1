using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Host.Pages;

[Permit(PermitAttribute.Anyone)]
internal sealed class SignOut(ISessions sessions, Web.TrustedProxies proxies) : PageModel
{
    public IActionResult OnGet() => Redirect("/");

    public async Task<IActionResult> OnPostAsync()
    {
        if (User.FindFirst("session")?.Value is { Length: > 0 } token)
            await sessions.EndAsync(token, "signed-out");
        await HttpContext.SignOutAsync();
        return Redirect(HttpContext.Items["proxy"] is true && proxies.SignOut.Length > 0 ? proxies.SignOut : "/sign-in");
    }
}
