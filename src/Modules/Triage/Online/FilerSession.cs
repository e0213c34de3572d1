using System.Collections.Concurrent;
using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Triage.Online;

/// <summary>That this browser has identified itself for this link: two hours, in a protected cookie of the link's own path. And how often an address may try.</summary>
internal sealed class FilerSession(IDataProtectionProvider protection, TimeProvider clock)
{
    private const int GuessesPerMinute = 30;
    private const int BeginsPerHour = 20;
    private readonly ConcurrentDictionary<string, (int Count, DateTimeOffset Since)> counts = new();
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("CourtOps.Filer").ToTimeLimitedDataProtector();

    public void Begin(HttpContext http, string path, string token) => http.Response.Cookies.Append("cof", protector.Protect(Secrets.Digest(token), TimeSpan.FromHours(2)),
        new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = path + token, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromHours(2) });

    public bool Has(HttpContext http, string token)
    {
        if (!http.Request.Cookies.TryGetValue("cof", out var value) || value.Length == 0)
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
    public bool TooManyGuesses(string address, bool wrong) => TooMany("guess:" + address, wrong, TimeSpan.FromMinutes(1), GuessesPerMinute);

    /// <summary>Counts a draft begun from an address.</summary>
    public bool TooManyBegun(string address) => TooMany("begin:" + address, true, TimeSpan.FromHours(1), BeginsPerHour);

    private bool TooMany(string key, bool count, TimeSpan within, int most)
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
