using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ContentDispositionHeaderValue = Microsoft.Net.Http.Headers.ContentDispositionHeaderValue;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>That this browser has identified itself for this link: half an hour, in a protected cookie of the link's own path.</summary>
internal sealed class PartySession(IDataProtectionProvider protection, TimeProvider clock)
    : LinkSession(protection, "CourtOps.Party", "cop", TimeSpan.FromMinutes(30), clock)
{
    /// <summary>Marks this browser, so that its wrong tries are its own.</summary>
    public static void Mark(HttpContext http, string token)
    {
        if (!http.Request.Cookies.ContainsKey("cob"))
            http.Response.Cookies.Append(
                "cob",
                Secrets.NewToken(),
                new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Strict,
                    Path = "/p/" + token,
                    Secure = http.Request.IsHttps,
                    MaxAge = TimeSpan.FromDays(90),
                }
            );
    }

    /// <summary>This browser; without a cookie what can be told of it from outside.</summary>
    public static string BrowserOf(HttpContext http) =>
        http.Request.Cookies["cob"] is { Length: 32 } mark && mark.All(char.IsAsciiHexDigitLower)
            ? mark
            : $"{http.Connection.RemoteIpAddress}|{http.Request.Headers.UserAgent}";
}

/// <summary>The bytes a party may have: its released documents and its proof, after identification.</summary>
internal static class PartyEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet(
                "/p/{token}/d/{n:int}",
                async (string token, int n, bool? download, HttpContext http, PartySession session, IMediator mediator, Kernel.Files.BlobStore blobs) =>
                {
                    if (!session.Has(http, token))
                        return Results.Redirect("/p/" + Uri.EscapeDataString(token));
                    if (IsLookAhead(http))
                        return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
                    var paper = await mediator.Send(new ReadPaper { Token = token, N = n });
                    return Pdf(http, blobs, paper.Blob, paper.Title, download == true);
                }
            )
            .ExcludeFromDescription()
            .WithMetadata(new PermitAttribute(PermitAttribute.Anyone));

        endpoints
            .MapGet(
                "/p/{token}/proof",
                async (string token, HttpContext http, PartySession session, IMediator mediator, Kernel.Files.BlobStore blobs) =>
                {
                    if (!session.Has(http, token))
                        return Results.Redirect("/p/" + Uri.EscapeDataString(token));
                    var found = await mediator.Send(new FindReleased { Token = token });
                    return found.Notice.ProofBlob is { } blob ? Pdf(http, blobs, blob, "送达回证", true) : throw new NotFound("送达回证");
                }
            )
            .ExcludeFromDescription()
            .WithMetadata(new PermitAttribute(PermitAttribute.Anyone));
    }

    // a browser that fetches ahead, a preview, or a probe of a few bytes shows nobody anything: no reading, and no bytes
    private static bool IsLookAhead(HttpContext http)
    {
        var purpose =
            $"{http.Request.Headers["Sec-Purpose"]} {http.Request.Headers["Purpose"]} {http.Request.Headers["X-Purpose"]} {http.Request.Headers["X-Moz"]}";
        if (
            purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase)
            || purpose.Contains("prerender", StringComparison.OrdinalIgnoreCase)
            || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase)
        )
            return true;
        var ranges = http.Request.GetTypedHeaders().Range?.Ranges;
        return ranges is { Count: 1 } && ranges.First() is { From: { } from, To: { } to } && to - from < 512;
    }

    private static IResult Pdf(HttpContext http, Kernel.Files.BlobStore blobs, string blob, string title, bool download)
    {
        var disposition = new ContentDispositionHeaderValue(download ? "attachment" : "inline");
        disposition.SetHttpFileName(title + ".pdf");
        http.Response.Headers["Content-Disposition"] = disposition.ToString();
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.File(blobs.Open(blob), "application/pdf", enableRangeProcessing: true);
    }
}
