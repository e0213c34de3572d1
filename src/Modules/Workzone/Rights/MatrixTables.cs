using System.Collections.Concurrent;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Html;

namespace CourtOps.Workzone.Rights;

/// <summary>
/// Role matrices as they were drawn. A table is kept by all that it says, so that nothing has to be dropped: a change is another key. What a person
/// sees for a court is kept as long as people's rights are (see <see cref="PersonCache"/>): five seconds, and dropped here when the matrix or a court changes.
/// </summary>
internal sealed class MatrixTables(PersonCache people, TimeProvider clock)
{
    // each table is some thirty kilobytes
    private const int MostTables = 300;
    private const int MostPages = 500;

    private readonly ConcurrentDictionary<(string Language, long? Edited, string Changed), HtmlString> tables = new();
    private readonly ConcurrentDictionary<Who, (Drawn Page, DateTimeOffset Until)> pages = new();

    /// <param name="Acting">The court the person acts in.</param>
    /// <param name="Court">The court whose matrix it is; 0 is every court.</param>
    internal sealed record Who(long Person, long Acting, long Court, string Language, bool Edits)
    {
        public long State { get; init; }
    }

    /// <param name="Courts">The options of the choice of a court.</param>
    internal sealed record Drawn(HtmlString Courts, HtmlString Table);

    public Drawn? Find(Who who) => pages.TryGetValue(who with { State = people.State }, out var kept) && kept.Until > clock.GetUtcNow() ? kept.Page : null;

    /// <param name="state">Of <see cref="PersonCache.State"/> before anything was read.</param>
    public Drawn Keep(Who who, long state, string courts, string changed, Func<string> draw)
    {
        // a table that can be changed has links of its court
        var key = (who.Language, who.Edits ? who.Court : (long?)null, changed);
        if (!tables.TryGetValue(key, out var table))
        {
            if (tables.Count >= MostTables)
                tables.Clear();
            table = tables[key] = new HtmlString(draw());
        }
        if (pages.Count >= MostPages)
            pages.Clear();
        var page = new Drawn(new HtmlString(courts), table);
        pages[who with { State = state }] = (page, clock.GetUtcNow() + PersonCache.Kept);
        return page;
    }
}
