using System.Globalization;
using System.Security.Claims;
using CourtOps.Host.Verbs;
using CourtOps.Host.Web;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Host.Pages;

/// <summary>Login and password; what comes next (second factor, a password of one's own) is a step of the session.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class SignIn(IAccounts accounts, FirstRunCode firstRun, Texts t, Actor actor, IEnumerable<ISignInProvider> providers) : PageModel
{
    [BindProperty]
    public string? Login { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Next { get; set; }

    public IReadOnlyList<ISignInProvider> Providers { get; } = [.. providers];

    public IActionResult OnGet() =>
        firstRun.IsWaiting ? Redirect("/first-run")
        : actor.SignedIn ? LocalRedirect(Target(Next))
        : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        var answer = await accounts.SignInAsync(Login?.Trim() ?? "", Password ?? "", Request.Headers.UserAgent.ToString());
        if (answer.Token.Length > 0)
        {
            await EnterAsync(HttpContext, answer);
            return LocalRedirect(After(answer.End, Next));
        }
        ModelState.AddModelError(
            "",
            answer.End switch
            {
                SignInEnd.Expired => t["一次性密码已过期。请让管理员重新申请一个。"],
                // a locked account answers like a login that does not exist: nobody learns here which logins there are
                _ => t["登录名或密码不对，或账号已被锁定。连续输错会锁定账号，锁定期间正确的密码也不能登录；请过一会儿再试，或联系管理员。"],
            }
        );
        Password = null;
        Response.StatusCode = 422;
        return Page();
    }

    internal static Task EnterAsync(HttpContext http, SignInAnswer answer)
    {
        // this request is the person's already: the forms of a page that answers it are made out to them
        http.User = new ClaimsPrincipal(
            new ClaimsIdentity(
                [new Claim(ClaimTypes.NameIdentifier, answer.PersonId.ToString(CultureInfo.InvariantCulture)), new Claim("session", answer.Token)],
                "password"
            )
        );
        return http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, http.User);
    }

    internal static string After(SignInEnd end, string? next) =>
        end switch
        {
            SignInEnd.SecondFactor or SignInEnd.EnrolSecondFactor => "/second-factor?next=" + Uri.EscapeDataString(Target(next)),
            SignInEnd.MustChangePassword => "/account?must=true",
            _ => Target(next),
        };

    internal static string Target(string? next) => PageExtensions.LocalTarget(next);
}
