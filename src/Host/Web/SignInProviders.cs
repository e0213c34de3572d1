using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;

namespace CourtOps.Host.Web;

/// <summary>
/// The seam for signing in elsewhere (OpenID Connect, a court's own directory). An add-on registers one; none is shipped. Its answer is the login of a
/// person CourtOps knows: whoever is unknown here stays outside.
/// </summary>
public interface ISignInProvider
{
    /// <summary>In the address: lower-case letters and digits.</summary>
    string Name { get; }

    /// <summary>On the button; the Chinese is the key of its translation.</summary>
    string Label { get; }

    /// <summary>Where the browser goes. The provider keeps what it needs to recognise the way back (state, nonce) in the context's cookies.</summary>
    Task<string> BeginAsync(HttpContext http, string back);

    /// <summary>The login of the person who came back, or null when the answer is not to be believed.</summary>
    Task<string?> CompleteAsync(HttpContext http);
}

internal static class SignInProviders
{
    public static void Map(WebApplication app)
    {
        app.MapGet(
                "/sign-in/with/{name}",
                async (string name, string? next, HttpContext http, IEnumerable<ISignInProvider> providers) =>
                {
                    if (providers.FirstOrDefault(p => p.Name == name) is not { } provider)
                        return Results.NotFound();
                    http.Response.Cookies.Append(
                        "co-next",
                        Pages.SignIn.Target(next),
                        new CookieOptions
                        {
                            HttpOnly = true,
                            SameSite = SameSiteMode.Lax,
                            Secure = http.Request.IsHttps,
                            MaxAge = TimeSpan.FromMinutes(10),
                            Path = "/sign-in",
                        }
                    );
                    return Results.Redirect(await provider.BeginAsync(http, $"{http.Request.Scheme}://{http.Request.Host}/sign-in/back/{name}"));
                }
            )
            .Permit(PermitAttribute.Anyone)
            .RequireRateLimiting(RateLimits.SignIn)
            .ExcludeFromDescription();

        app.MapGet(
                "/sign-in/back/{name}",
                async (string name, HttpContext http, IEnumerable<ISignInProvider> providers, IAccounts accounts) =>
                {
                    if (providers.FirstOrDefault(p => p.Name == name) is not { } provider)
                        return Results.NotFound();
                    if (
                        await provider.CompleteAsync(http) is not { Length: > 0 } login
                        || await accounts.EnterAsync(login, name, http.Request.Headers.UserAgent.ToString()) is not { Token.Length: > 0 } answer
                    )
                        return Results.Redirect("/sign-in");
                    await Pages.SignIn.EnterAsync(http, answer);
                    var next = Pages.SignIn.Target(http.Request.Cookies["co-next"]);
                    http.Response.Cookies.Delete("co-next", new CookieOptions { Path = "/sign-in" });
                    return Results.LocalRedirect(Pages.SignIn.After(answer.End, next));
                }
            )
            .Permit(PermitAttribute.Anyone)
            .RequireRateLimiting(RateLimits.SignIn)
            .ExcludeFromDescription();
    }
}
