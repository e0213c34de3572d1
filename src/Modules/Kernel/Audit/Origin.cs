using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Audit;

/// <summary>From where a request came: browser and request id. Blank for jobs and verbs.</summary>
public sealed class Origin(IHttpContextAccessor? http = null)
{
    /// <summary>The first twelve digits of the SHA-256 of the browser's own words: tells browsers apart, keeps no more.</summary>
    public string Agent => http?.HttpContext?.Request.Headers.UserAgent.ToString() is { Length: > 0 } words ? Short(words, 12) : "";

    public string RequestId => http?.HttpContext?.TraceIdentifier ?? "";

    internal HttpContext? Http => http?.HttpContext;

    private static string Short(string text, int digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
}
