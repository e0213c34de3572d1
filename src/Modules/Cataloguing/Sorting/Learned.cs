namespace CourtOps.Cataloguing.Sorting;

/// <summary>
/// What a court's confirmed first pages teach: naive Bayes over pairs of characters of the first 400. Pure; kept as data with a version.
/// </summary>
internal sealed record LearnedTypes
{
    private const int Head = 400;

    /// <summary>Below this a type is not proposed.</summary>
    private const int Fewest = 5;

    public int Pages { get; init; }
    public IReadOnlyDictionary<string, TypeCounts> Types { get; init; } = new Dictionary<string, TypeCounts>();

    internal sealed record TypeCounts
    {
        public int Pages { get; init; }
        public int Total { get; init; }
        public IReadOnlyDictionary<string, int> Pairs { get; init; } = new Dictionary<string, int>();
    }

    public static LearnedTypes From(IEnumerable<(string Text, string Type)> confirmed)
    {
        var counts = new Dictionary<string, (int Pages, Dictionary<string, int> Pairs)>();
        foreach (var (text, type) in confirmed)
        {
            var (pages, pairs) = counts.GetValueOrDefault(type, (0, []));
            foreach (var pair in PairsOf(text))
                pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
            counts[type] = (pages + 1, pairs);
        }
        return new LearnedTypes
        {
            Pages = counts.Values.Sum(c => c.Pages),
            Types = counts.ToDictionary(
                c => c.Key,
                c => new TypeCounts
                {
                    Pages = c.Value.Pages,
                    Total = c.Value.Pairs.Values.Sum(),
                    Pairs = c.Value.Pairs.OrderByDescending(p => p.Value).Take(400).ToDictionary(),
                }
            ),
        };
    }

    /// <summary>The likeliest type and its share of what all types say; null where nothing is known.</summary>
    public (string Type, double Share)? Guess(string text)
    {
        var known = Types.Where(t => t.Value.Pages >= Fewest).ToList();
        var pairs = PairsOf(text).ToList();
        if (known.Count < 2 || pairs.Count < 4)
            return null;
        var all = (double)known.Sum(t => t.Value.Pages);
        var scores = known
            .Select(t =>
                (
                    t.Key,
                    Score: Math.Log(t.Value.Pages / all) + pairs.Sum(p => Math.Log((t.Value.Pairs.GetValueOrDefault(p) + 0.1) / (t.Value.Total + 4000.0 * 0.1)))
                )
            )
            .ToList();
        var best = scores.MaxBy(s => s.Score);
        // the pairs of a page are not independent of each other: their weight is damped
        var damp = Math.Min(1, 40.0 / pairs.Count);
        return (best.Key, 1 / scores.Sum(s => Math.Exp((s.Score - best.Score) * damp)));
    }

    /// <summary>The share of pages a model gets right that did not learn them: each fifth page is left out in its turn.</summary>
    public static double Accuracy(IReadOnlyList<(string Text, string Type)> confirmed)
    {
        if (confirmed.Count < 10)
            return 0;
        var right = 0;
        for (var fold = 0; fold < 5; fold++)
        {
            var model = From(confirmed.Where((_, i) => i % 5 != fold));
            right += confirmed.Where((_, i) => i % 5 == fold).Count(c => model.Guess(c.Text)?.Type == c.Type);
        }
        return (double)right / confirmed.Count;
    }

    private static IEnumerable<string> PairsOf(string text)
    {
        var folded = string.Concat(Sorter.Fold(text).Where(c => !char.IsAsciiDigit(c) && !char.IsPunctuation(c)).Take(Head));
        for (var i = 1; i < folded.Length; i++)
            yield return folded.Substring(i - 1, 2);
    }
}
