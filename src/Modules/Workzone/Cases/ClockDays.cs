namespace CourtOps.Workzone.Cases;

/// <summary>Days that do not count, from the first (counted in) to the one that counts again, with the reasons that cover them.</summary>
internal sealed record DeductedSpan(DateOnly From, DateOnly To, IReadOnlyList<string> Codes)
{
    /// <summary>Whole days.</summary>
    public int Days => To.DayNumber - From.DayNumber;
}

/// <summary>Days used and left of a trial limit as people read them (B-03). Pure.</summary>
internal static class ClockDays
{
    /// <summary>The deductions with those that overlap or meet taken together: what they cover counts once.</summary>
    /// <param name="facts">The facts of the case; only deductions that count are looked at.</param>
    /// <param name="asOf">The day a running deduction is counted to.</param>
    public static IReadOnlyList<DeductedSpan> Union(IEnumerable<ClockFact> facts, DateOnly asOf)
    {
        var union = new List<DeductedSpan>();
        foreach (
            var (from, to, code) in facts
                .Where(f => f.Kind == "deduction" && f.Counts)
                .Select(f => (f.FromOn, To: f.ToOn ?? (asOf > f.FromOn ? asOf : f.FromOn), f.Code))
                .OrderBy(f => f.FromOn)
                .ThenBy(f => f.To)
        )
        {
            if (union.Count > 0 && union[^1] is var last && from <= last.To)
                union[^1] = new(last.From, to > last.To ? to : last.To, last.Codes.Contains(code) ? last.Codes : [.. last.Codes, code]);
            else
                union.Add(new(from, to, [code]));
        }
        return union;
    }

    /// <summary>Days of the limit that were used by a day: those since the beginning without what is deducted of them.</summary>
    public static int Used(DateOnly begin, DateOnly asOf, IEnumerable<DeductedSpan> union) =>
        Math.Max(
            0,
            asOf.DayNumber
                - begin.DayNumber
                - union.Sum(s => Math.Max(0, Math.Min(s.To.DayNumber, asOf.DayNumber) - Math.Max(s.From.DayNumber, begin.DayNumber)))
        );
}
