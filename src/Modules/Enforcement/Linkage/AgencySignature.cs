using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CourtOps.Enforcement.Linkage;

/// <summary>
/// How messages between the court and an agency are signed, in both directions: HMAC-SHA256 with the agency's key over time stamp, dot and body, lower case
/// hexadecimal in X-Signature, Unix seconds in X-Timestamp. Pure.
/// </summary>
internal static class AgencySignature
{
    /// <summary>How far the other clock may be off; an older message is refused, a younger one counts once.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static string Of(string key, string timestamp, string body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(timestamp + "." + body)));

    public static bool Holds(string? key, string? timestamp, string? signature, string body, DateTimeOffset now) =>
        !string.IsNullOrEmpty(key) && long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 100_000_000_000
        && (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= Tolerance && signature is { Length: 64 }
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Of(key, timestamp, body)), Encoding.ASCII.GetBytes(signature.ToLowerInvariant()));
}
