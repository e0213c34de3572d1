using CourtOps.Enforcement.Measures;

namespace CourtOps.Enforcement.Persuade;

/// <summary>When a turn of the inquiries after the end of a round is done (D-07: every six months for five years). Pure.</summary>
internal static class TurnRules
{
    /// <summary>Whether every debtor was asked about for every kind of property in this turn.</summary>
    /// <param name="debtors">Their party ids; none: nothing is left to be asked.</param>
    /// <param name="asked">The last network inquiry of each debtor and kind.</param>
    /// <param name="due">Day of this turn; it began after the day six months before.</param>
    /// <param name="on">Day of the last inquiry.</param>
    /// <param name="window">Days for which an inquiry counts.</param>
    public static bool IsDone(IReadOnlyList<long> debtors, IReadOnlyList<Asked> asked, DateOnly due, DateOnly on, int window)
    {
        var since = due.AddMonths(-DecideRoundEnd.PollMonths).AddDays(1);
        if (on.AddDays(-window) > since)
            since = on.AddDays(-window);
        return debtors.All(d => Property.Asked.Keys.All(k => asked.Any(a => a.PartyId == d && a.Category == k && a.AskedOn >= since)));
    }

    internal sealed record Asked
    {
        public long PartyId { get; init; }
        public string Category { get; init; } = "";
        public DateOnly AskedOn { get; init; }
    }
}
