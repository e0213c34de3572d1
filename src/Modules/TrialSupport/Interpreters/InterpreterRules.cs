using CourtOps.Kernel.Messaging;

namespace CourtOps.TrialSupport.Interpreters;

/// <summary>What limits the hearings of a court beside rooms and people.</summary>
internal sealed record ResourceRules
{
    /// <summary>Hearings a day for which somebody is brought from custody, 1 to 50.</summary>
    public int EscortsADay { get; init; } = 6;

    /// <summary>Minutes kept free before and after a hearing in another court, for whoever must be in both; 0 to 240.</summary>
    public int TravelMinutes { get; init; } = 60;
}

/// <summary>The languages of an interpreter. Pure.</summary>
internal static class InterpreterRules
{
    /// <summary>Longest name of one language.</summary>
    public const int LongestLanguage = 20;

    private static readonly char[] Between = ['、', '，', ',', ';', '；', ' ', '\u3000', '\t', '\r', '\n'];

    /// <summary>The languages named in a text, each once, in their order; commas, semicolons and blanks of both widths part them.</summary>
    /// <exception cref="RuleBroken">Code language: one is longer than <see cref="LongestLanguage"/>.</exception>
    public static IReadOnlyList<string> Languages(string text)
    {
        var all = text.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
        return all.Find(l => l.Length > LongestLanguage) is { } odd
            ? throw new RuleBroken($"“{odd}”太长：每种语言最长 {LongestLanguage} 个字符，用顿号分开。", "Languages", "language")
            : all;
    }

    /// <summary>The key under which an interpreter is booked.</summary>
    public static string Resource(long interpreterId) => Helpers.HelperKind.Interpreters.Resource(interpreterId);
}
