using System.Globalization;
using System.Security.Claims;
using CourtOps.Host.Verbs;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Host.Pages;

[Permit(PermitAttribute.Anyone)]
internal sealed class SignIn(IAccounts accounts, FirstRunCode firstRun, Texts t, Actor actor) : PageModel
{
    [BindProperty]
    public string? Login { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Next { get; set; }

    public IActionResult OnGet() => firstRun.IsWaiting ? Redirect("/first-run") : actor.SignedIn ? LocalRedirect(Target(Next)) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        var answer = await accounts.SignInAsync(Login?.Trim() ?? "", Password ?? "");
        switch (answer.End)
        {
            case SignInEnd.Done or SignInEnd.MustChangePassword:
                await EnterAsync(HttpContext, answer.PersonId, answer.Stamp);
                return LocalRedirect(answer.End == SignInEnd.Done ? Target(Next) : "/account?must=true");
            case SignInEnd.Locked:
                ModelState.AddModelError("", t["连续输错，账号锁定至 {0}。请稍后再试，或联系管理员。", answer.LockedUntil is { } until ? Times.Full(until) : ""]);
                break;
            default:
                ModelState.AddModelError("", t["登录名或密码不对。连续输错 5 次将锁定 15 分钟。"]);
                break;
        }
        Password = null;
        Response.StatusCode = 422;
        return Page();
    }

    internal static Task EnterAsync(HttpContext http, long personId, string stamp) => http.SignInAsync(
        CookieAuthenticationDefaults.AuthenticationScheme,
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, personId.ToString(CultureInfo.InvariantCulture)), new Claim("stamp", stamp)], "password")));

    // only a path of our own
    internal static string Target(string? next) => next is { Length: > 0 } && next[0] == '/' && !next.StartsWith("//", StringComparison.Ordinal) && !next.StartsWith("/\\", StringComparison.Ordinal) ? next : "/";
}
