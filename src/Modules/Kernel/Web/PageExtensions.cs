using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Kernel.Web;

public static class PageExtensions
{
    /// <summary>After a command: to the place where its effect is seen, with a toast.</summary>
    public static IActionResult Done(this PageModel page, string url, string? toast = null)
    {
        if (toast is not null)
            page.Response.Cookies.Append(
                "co-toast",
                Uri.EscapeDataString(toast),
                new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Strict,
                    MaxAge = TimeSpan.FromMinutes(1),
                    Path = "/",
                }
            );
        if (!page.Request.Headers.ContainsKey("HX-Request"))
            return new LocalRedirectResult(url);
        page.Response.Headers["HX-Redirect"] = url;
        return new StatusCodeResult(204);
    }

    /// <summary>A path of our own that a form or address named; anything else is the first page.</summary>
    public static string LocalTarget(string? next) =>
        next is { Length: > 0 and < 2000 }
        && next[0] == '/'
        && !next.StartsWith("//", StringComparison.Ordinal)
        && !next.StartsWith("/\\", StringComparison.Ordinal)
        && !next.Any(char.IsControl)
            ? next
            : "/";

    public static bool IsFragment(this PageModel page) => page.Request.Headers.ContainsKey("HX-Request");

    /// <summary>Declares what an endpoint needs; one without is refused.</summary>
    public static TBuilder Permit<TBuilder>(this TBuilder builder, string action)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(b => b.Metadata.Add(new Security.PermitAttribute(action)));
        return builder;
    }
}
