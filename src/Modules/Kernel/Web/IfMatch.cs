using System.Globalization;
using CourtOps.Kernel.Messaging;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Web;

/// <summary>The version a caller of the API saw, from the header If-Match.</summary>
public static class IfMatch
{
    /// <summary>Null where the caller did not look, or takes any.</summary>
    /// <exception cref="RuleBroken">Something that is no version.</exception>
    public static int? Version(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString();
        if (text.Length == 0 || text == "*")
            return null;
        return int.TryParse(text.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new RuleBroken("If-Match 应是版本号，如 \"3\"。", "If-Match");
    }
}
