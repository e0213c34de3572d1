using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Audit;

/// <summary>From where a request came: browser, session or key, request id. Blank for jobs and verbs.</summary>
public sealed class Origin(IHttpContextAccessor? http = null)
{
    /// <summary>The first twelve digits of the SHA-256 of the browser's own words: tells browsers apart, keeps no more.</summary>
    public string Agent => http?.HttpContext?.Request.Headers.UserAgent.ToString() is { Length: > 0 } words ? Short(words, 12) : "";

    /// <summary>The session, or the key by which a program came, each as a short digest.</summary>
    public string Session => http?.HttpContext is not { } c ? ""
        : c.Request.Headers.TryGetValue("X-Api-Key", out var key) ? "key:" + Short(key.ToString(), 12)
        : c.User.FindFirstValue("sid") is { Length: > 0 } sid ? "session:" + Short(sid, 12)
        : "";

    public string RequestId => http?.HttpContext?.TraceIdentifier ?? "";

    internal HttpContext? Http => http?.HttpContext;

    private static string Short(string text, int digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
}
