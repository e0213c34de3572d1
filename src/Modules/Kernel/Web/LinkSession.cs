using System.Collections.Concurrent;
using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Web;

/// <summary>
/// That this browser has identified itself for one personal link, in a protected cookie of the link's own path; and how often an address may try. A module
/// derives a class
/// of its own, so that a proof of one door is none at another. One instance for the host; the counts are those of this process.
/// </summary>
/// <param name="protection">The host's keys.</param>
/// <param name="purpose">Separates the doors from one another.</param>
/// <param name="cookie">Name of the cookie.</param>
/// <param name="lasts">How long the proof holds.</param>
/// <param name="clock">The time.</param>
public abstract class LinkSession(IDataProtectionProvider protection, string purpose, string cookie, TimeSpan lasts, TimeProvider clock)
{
    private const int GuessesPerMinute = 30;
    private readonly ConcurrentDictionary<string, (int Count, DateTimeOffset Since)> counts = new();
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector(purpose).ToTimeLimitedDataProtector();

    /// <summary>This browser has identified itself; <paramref name="path"/> ends with a slash and is followed by the token.</summary>
    public void Begin(HttpContext http, string path, string token) =>
        http.Response.Cookies.Append(
            cookie,
            protector.Protect(Secrets.Digest(token), lasts),
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Path = path + token,
                Secure = http.Request.IsHttps,
                MaxAge = lasts,
            }
        );

    /// <summary>Whether it has, for this very link, and not too long ago.</summary>
    public bool Has(HttpContext http, string token)
    {
        if (!http.Request.Cookies.TryGetValue(cookie, out var value) || value.Length == 0)
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

    /// <summary>Counts a link nobody made (<paramref name="wrong"/>), or asks alone; true when an address has tried too many in a minute.</summary>
    public bool TooManyGuesses(string address, bool wrong) => TooMany("guess:" + address, wrong, TimeSpan.FromMinutes(1), GuessesPerMinute);

    /// <summary>Whether there were more than <paramref name="most"/> of a key within the time; counts one more first where <paramref name="count"/>.</summary>
    protected bool TooMany(string key, bool count, TimeSpan within, int most)
    {
        var now = clock.GetUtcNow();
        if (counts.Count > 10_000)
            foreach (var old in counts.Where(g => now - g.Value.Since > TimeSpan.FromHours(1)).Select(g => g.Key).ToList())
                counts.TryRemove(old, out _);
        if (!count)
            return counts.TryGetValue(key, out var g) && now - g.Since < within && g.Count > most;
        return counts.AddOrUpdate(key, _ => (1, now), (_, old) => now - old.Since < within ? (old.Count + 1, old.Since) : (1, now)).Count > most;
    }
}
