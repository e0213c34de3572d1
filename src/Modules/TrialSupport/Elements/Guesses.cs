using System.Collections.Concurrent;

namespace CourtOps.TrialSupport.Elements;

/// <summary>How often an address names a link that nobody made: too many in a minute are turned away.</summary>
internal sealed class Guesses(TimeProvider clock)
{
    private const int PerMinute = 30;
    private readonly ConcurrentDictionary<string, (int Count, DateTimeOffset Since)> counts = new();

    public bool TooMany(string address, bool wrong)
    {
        var now = clock.GetUtcNow();
        if (counts.Count > 10_000)
            foreach (var old in counts.Where(g => now - g.Value.Since > TimeSpan.FromMinutes(1)).Select(g => g.Key).ToList())
                counts.TryRemove(old, out _);
        if (!wrong)
            return counts.TryGetValue(address, out var g) && now - g.Since < TimeSpan.FromMinutes(1) && g.Count > PerMinute;
        return counts.AddOrUpdate(address, _ => (1, now), (_, old) => now - old.Since < TimeSpan.FromMinutes(1) ? (old.Count + 1, old.Since) : (1, now)).Count
            > PerMinute;
    }
}
