using System.Globalization;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Cataloguing.Efile;

/// <summary>Every filed page is found by its words.</summary>
internal sealed class PageSearch(Db db) : ISearchSource
{
    public const string AreaName = "page";

    public string Area => AreaName;

    public async Task<IReadOnlyList<SearchDocument>> LoadAsync(IReadOnlyList<long> ids, CancellationToken ct) =>
        [.. (await db.QueryAsync<Row>("SELECT id, page_text FROM cataloguing_text WHERE id IN @ids", new { ids }, ct)).Select(r => r.Document)];

    public async Task<IReadOnlyList<SearchDocument>> NextAsync(long after, int take, CancellationToken ct) =>
        [
            .. (await db.PageAsync<Row>("SELECT id, page_text FROM cataloguing_text WHERE id > @after ORDER BY id", new { after }, take, ct)).Select(r =>
                r.Document
            ),
        ];

    private sealed record Row
    {
        public long Id { get; init; }
        public string PageText { get; init; } = "";

        public SearchDocument Document => new(Id, PageText, "");
    }
}

/// <summary>Pages with these words in the cases the person may see, or in one of them; newest first. The secondary volume only for whoever may read
/// it.</summary>
[Permit("cataloguing.read")]
internal sealed record FindPages : IQuery<FindPages.Result>
{
    public const int Most = 50;
    private const int Around = 24;

    public string Text { get; init; } = "";
    public long? CaseId { get; init; }

    internal sealed record Result(IReadOnlyList<Hit> Hits, bool More);

    /// <param name="Before">The words around the place, which stands between <paramref name="Before"/> and <paramref name="After"/>.</param>
    internal sealed record Hit(long CaseId, string CaseNumber, long DocumentId, string Title, int Page, string Before, string Found, string After);

    internal sealed class Handler(Db db, ICases cases, SearchIndex index, AccessLog reads) : IQueryHandler<FindPages, Result>
    {
        public async Task<Result> Handle(FindPages request, CancellationToken cancellationToken)
        {
            var typed = request.Text.Trim();
            if (typed.Length is 0 or > 200)
                return new Result([], false);
            if (request.CaseId is { } asked)
                await cases.GetAsync(asked, cancellationToken);
            var hits = new List<Hit>();
            var before = long.MaxValue;
            for (var round = 0; round < 20 && hits.Count <= Most; round++)
            {
                var found = await index.FindAsync(PageSearch.AreaName, typed, before, 500, cancellationToken);
                if (found.Count == 0)
                    break;
                before = found[^1];
                hits.AddRange(await SeenAsync(found, request, typed, cancellationToken));
            }
            reads.List("cataloguing.find", Math.Min(hits.Count, Most), new { request.CaseId, letters = typed.Length }, request.CaseId);
            return new Result([.. hits.Take(Most)], hits.Count > Most);
        }

        private async Task<IEnumerable<Hit>> SeenAsync(IReadOnlyList<long> found, FindPages request, string typed, CancellationToken ct)
        {
            var (me, courts, places) = cases.Arguments;
            var rows = new List<Row>();
            foreach (var ids in found.Chunk(250))
                rows.AddRange(
                    await db.QueryAsync<Row>(
                        $"""
                        SELECT t.id, t.case_id, c.number, t.document_id, COALESCE(i.title, '') AS title, t.volume, t.n, t.page_text
                        FROM cataloguing_text t
                        JOIN workzone_case_card c ON c.id = t.case_id
                        LEFT JOIN cataloguing_item i ON i.case_id = t.case_id AND i.document_id = t.document_id
                        WHERE t.id IN @ids AND (@only = 0 OR t.case_id = @only) AND {cases.Seen("t.case_id")}
                        ORDER BY t.id DESC
                        """,
                        new
                        {
                            ids,
                            only = request.CaseId ?? 0,
                            me,
                            courts,
                            places,
                        },
                        ct
                    )
                );
            var secondary = new Dictionary<long, bool>();
            var hits = new List<Hit>();
            foreach (var r in rows)
            {
                if (r.Volume == "secondary")
                {
                    if (!secondary.TryGetValue(r.CaseId, out var may))
                        secondary[r.CaseId] = may = await cases.CanReadSecondaryAsync(r.CaseId, ct);
                    if (!may)
                        continue;
                }
                var (b, f, a) = Snippet(r.PageText, typed);
                hits.Add(new Hit(r.CaseId, r.Number, r.DocumentId, r.Title, r.N, b, f, a));
            }
            return hits;
        }
    }

    /// <summary>What stands around the first place of the words; blanks and full width make no difference. Pure.</summary>
    public static (string Before, string Found, string After) Snippet(string text, string typed)
    {
        var flat = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        var wanted = string.Concat(typed.Where(c => !char.IsWhiteSpace(c)));
        var compare = CultureInfo.InvariantCulture.CompareInfo;
        var at = -1;
        var length = wanted.Length;
        if (wanted.Length > 0)
            at = compare.IndexOf(flat, wanted, CompareOptions.IgnoreWidth | CompareOptions.IgnoreCase, out length);
        // several words: the first that stands there
        if (at < 0)
            foreach (var word in typed.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                if ((at = compare.IndexOf(flat, word, CompareOptions.IgnoreWidth | CompareOptions.IgnoreCase, out length)) >= 0)
                    break;
        if (at < 0)
            return (flat[..Math.Min(flat.Length, Around * 2)], "", "");
        var from = Math.Max(0, at - Around);
        var to = Math.Min(flat.Length, at + length + Around);
        return ((from > 0 ? "…" : "") + flat[from..at], flat[at..(at + length)], flat[(at + length)..to] + (to < flat.Length ? "…" : ""));
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string Number { get; init; } = "";
        public long DocumentId { get; init; }
        public string Title { get; init; } = "";
        public string Volume { get; init; } = "";
        public int N { get; init; }
        public string PageText { get; init; } = "";
    }
}
