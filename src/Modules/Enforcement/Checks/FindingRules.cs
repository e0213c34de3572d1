namespace CourtOps.Enforcement.Checks;

/// <summary>When a leak of which a reason was approved is found anew. Pure.</summary>
internal static class FindingRules
{
    /// <summary>Whether a leak is to be found, where its earlier findings were excused: there is none, or it is worse than every one of them.</summary>
    /// <param name="grade">How bad the leak is; null where it cannot worsen.</param>
    /// <param name="excused">How bad the excused ones were; null where that is not known.</param>
    public static bool IsNew(long? grade, IReadOnlyList<long?> excused) => excused.Count == 0 || (grade is not null && excused.All(e => e < grade));

    /// <summary>Whether an excuse ends when the leak is gone, so that the same leak counts when it comes again. Excused property keeps its excuse:
    /// the asset itself
    /// is excused with it.</summary>
    public static bool EndsWithItsFacts(string leak) =>
        leak is LeakChecks.Inquiry or LeakChecks.Over or LeakChecks.Rank or LeakChecks.Receipt or LeakChecks.Pair;
}
