namespace CourtOps.Enforcement.Money;

/// <summary>A claim that takes part in a distribution. Cents.</summary>
/// <param name="Priority">1 comes before 2; claims of the same number share in proportion.</param>
internal sealed record Claim(string Name, int Priority, long Amount);

/// <summary>How money that does not satisfy everybody is shared (CPL-I 506–508): costs first, then by priority, in proportion within one. Pure, exact to the
/// cent.</summary>
internal static class Distribution
{
    /// <summary>
    /// The share of each claim, in their order. Within a priority the cents that remain after rounding down go to the largest remainders, the earlier claim
    /// first where they are equal.
    /// Shares never exceed claims; they sum up to the money or to all claims, whichever is less.
    /// </summary>
    /// <param name="money">Cents to share after costs, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative money or claim.</exception>
    public static IReadOnlyList<long> Share(long money, IReadOnlyList<Claim> claims)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(money);
        var shares = new long[claims.Count];
        foreach (var group in Enumerable.Range(0, claims.Count).GroupBy(i => claims[i].Priority).OrderBy(g => g.Key))
        {
            var members = group.ToList();
            var all = members.Sum(i => claims[i].Amount);
            if (members.Any(i => claims[i].Amount < 0))
                throw new ArgumentOutOfRangeException(nameof(claims));
            var there = Math.Min(money, all);
            if (all == 0)
                continue;
            foreach (var i in members)
                shares[i] = (long)((Int128)there * claims[i].Amount / all);
            var rest = there - members.Sum(i => shares[i]);
            foreach (var i in members.OrderByDescending(i => (Int128)there * claims[i].Amount % all).ThenBy(i => i).Take((int)rest))
                shares[i]++;
            money -= there;
        }
        return shares;
    }
}
