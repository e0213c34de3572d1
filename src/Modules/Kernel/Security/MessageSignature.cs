using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CourtOps.Kernel.Security;

/// <summary>
/// How messages between the court and other systems are signed, both ways: HMAC-SHA256 with the shared key over time stamp, dot and body, lower case
/// hexadecimal
/// in X-Signature, Unix seconds in X-Timestamp. Pure.
/// </summary>
public static class MessageSignature
{
    /// <summary>How far the other clock may be off where nothing else is agreed.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    /// <param name="timestamp">Seconds since 1970.</param>
    public static string Of(string key, string timestamp, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(timestamp + "." + body)));

    /// <summary>False without a key, for a time too far off, and for another body than was signed.</summary>
    /// <param name="tolerance">How far the other clock may be off; <see cref="Tolerance"/> where it is not given.</param>
    public static bool Holds(string? key, string? timestamp, string? signature, string body, DateTimeOffset now, TimeSpan? tolerance = null) =>
        !string.IsNullOrEmpty(key)
        && long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds is > 0 and < 100_000_000_000
        && (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= (tolerance ?? Tolerance)
        && signature is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Of(key, timestamp, body)), Encoding.ASCII.GetBytes(signature.ToLowerInvariant()));
}
