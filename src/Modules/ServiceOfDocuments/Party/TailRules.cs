using System.Globalization;
using CourtOps.Kernel.Search;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>What counts as a try to name the last four of an id number, and how long a browser waits after wrong ones. Pure.</summary>
internal static class TailRules
{
    /// <summary>Wrong tails of one browser before it waits.</summary>
    public const int BeforeLock = 5;

    /// <summary>Wrong tails of a link, from all browsers, at which a person is told; nobody mistypes that often.</summary>
    public const int BeforeAlarm = 15;

    /// <summary>Wrong tails of a link at which it ends: of 10,000 and more tails not even one in 300 has been tried.</summary>
    public const int BeforeEnd = 30;

    private static readonly TimeSpan First = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Four letters or digits, full width folded, blanks and invisible signs left out. Null: it cannot be a tail, so it is no try.</summary>
    public static string? Fold(string? typed)
    {
        var text = string.Concat(
                (typed ?? "")
                    .Folded()
                    .Where(c => !char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control))
            )
            .ToUpperInvariant();
        return text.Length == 4 && text.All(char.IsAsciiLetterOrDigit) ? text : null;
    }

    /// <summary>How long a browser waits the n-th time (from 1): half an hour, doubled each time, a day at most.</summary>
    public static TimeSpan Wait(int locks) => locks >= 7 ? Longest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << (Math.Max(1, locks) - 1)));
}
