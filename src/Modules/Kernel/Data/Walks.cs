using System.Collections.Concurrent;

namespace CourtOps.Kernel.Data;

/// <summary>
/// Many walks along one index as one statement: each piece holds the first columns of the index at its own values, so that the engine merges them in
/// order and reads no further than the page. A loop would be a statement a court; <c>IN</c> would sort all that the courts hold.
/// </summary>
public static class Walks
{
    /// <summary>Walks in one statement. SQLite takes 500, SQL Server 2,100 parameters.</summary>
    public const int Most = 100;

    private static readonly ConcurrentDictionary<(string Piece, int From, int To), string> Texts = new();

    /// <summary>
    /// The statements, without their ORDER BY, which names columns of the result: one for each hundred walks. Rows come in order within each; the
    /// rows of several are put together by <see cref="Merge"/>.
    /// </summary>
    /// <param name="piece">One walk. A parameter written <c>@court#</c> is the walk's item of the list <c>court</c> in the arguments.</param>
    public static IEnumerable<string> Of(string piece, int count)
    {
        for (var from = 0; from < count; from += Most)
            yield return Texts.GetOrAdd(
                (piece, from, Math.Min(count, from + Most)),
                static k =>
                    string.Join(
                        "\nUNION ALL\n",
                        Enumerable
                            .Range(k.From, k.To - k.From)
                            .Select(i => k.Piece.Replace("#", "_" + i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal))
                    )
            );
    }

    /// <summary>The first rows of several statements, each in the order of the key.</summary>
    /// <param name="key">What their ORDER BY names, as a tuple; nothing comes before something, as in both databases.</param>
    public static IReadOnlyList<T> Merge<T, TKey>(IReadOnlyList<IReadOnlyList<T>> pieces, int take, Func<T, TKey> key, bool descending = false)
    {
        if (pieces.Count == 1)
            return pieces[0];
        var all = pieces.SelectMany(p => p);
        return [.. (descending ? all.OrderByDescending(key) : all.OrderBy(key)).Take(take)];
    }
}
