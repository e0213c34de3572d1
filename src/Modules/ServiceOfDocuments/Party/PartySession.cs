using System.Collections.Concurrent;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>That this browser has identified itself for this link: half an hour, in a protected cookie of the link's own path.</summary>
internal sealed class PartySession(IDataProtectionProvider protection, TimeProvider clock)
{
    private const int GuessesPerMinute = 30;
    private readonly ConcurrentDictionary<string, (int Count, DateTimeOffset Since)> guesses = new();
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("CourtOps.Party").ToTimeLimitedDataProtector();

    public void Begin(HttpContext http, string token) => http.Response.Cookies.Append("cop", protector.Protect(Secrets.Digest(token), TimeSpan.FromMinutes(30)),
        new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/p/" + token, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromMinutes(30) });

    public bool Has(HttpContext http, string token)
    {
        if (!http.Request.Cookies.TryGetValue("cop", out var value) || value.Length == 0)
            return false;
        try
        {
            return Secrets.Same(protector.Unprotect(value), Secrets.Digest(token));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Counts a link nobody made; too many from one address are turned away.</summary>
    public bool TooManyGuesses(string address, bool wrong)
    {
        var now = clock.GetUtcNow();
        if (guesses.Count > 10_000)
            foreach (var old in guesses.Where(g => now - g.Value.Since > TimeSpan.FromMinutes(1)).Select(g => g.Key).ToList())
                guesses.TryRemove(old, out _);
        if (!wrong)
            return guesses.TryGetValue(address, out var g) && now - g.Since < TimeSpan.FromMinutes(1) && g.Count > GuessesPerMinute;
        var entry = guesses.AddOrUpdate(address, _ => (1, now), (_, old) => now - old.Since < TimeSpan.FromMinutes(1) ? (old.Count + 1, old.Since) : (1, now));
        return entry.Count > GuessesPerMinute;
    }
}

/// <summary>The bytes a party may have: its released documents and its proof, after identification.</summary>
internal static class PartyEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/p/{token}/d/{n:int}", async (string token, int n, bool? download, HttpContext http, PartySession session, IMediator mediator, Kernel.Files.BlobStore blobs) =>
        {
            if (!session.Has(http, token))
                return Results.Redirect("/p/" + Uri.EscapeDataString(token));
            var paper = await mediator.Send(new ReadPaper { Token = token, N = n });
            return Pdf(http, blobs, paper.Blob, paper.Title, download == true);
        }).ExcludeFromDescription().WithMetadata(new PermitAttribute(PermitAttribute.Anyone));

        endpoints.MapGet("/p/{token}/proof", async (string token, HttpContext http, PartySession session, IMediator mediator, Kernel.Files.BlobStore blobs) =>
        {
            if (!session.Has(http, token))
                return Results.Redirect("/p/" + Uri.EscapeDataString(token));
            var found = await mediator.Send(new FindReleased { Token = token });
            return found.Notice.ProofBlob is { } blob ? Pdf(http, blobs, blob, "送达回证", true) : throw new NotFound("送达回证");
        }).ExcludeFromDescription().WithMetadata(new PermitAttribute(PermitAttribute.Anyone));
    }

    private static IResult Pdf(HttpContext http, Kernel.Files.BlobStore blobs, string blob, string title, bool download)
    {
        var disposition = new ContentDispositionHeaderValue(download ? "attachment" : "inline");
        disposition.SetHttpFileName(title + ".pdf");
        http.Response.Headers.ContentDisposition = disposition.ToString();
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.File(blobs.Open(blob), "application/pdf", enableRangeProcessing: true);
    }
}
