using CourtOps.Kernel.Data;
using CourtOps.Kernel.Search;

namespace CourtOps.Workzone.Search;

/// <summary>Orders whose subject, title, number or case number holds what was typed: ids only, rights are the reader's question.</summary>
internal sealed class OrderSearch(SearchIndex index)
{
    /// <summary>How many hits a queue is narrowed to; the newest.</summary>
    public const int Most = 400;

    public Task<IReadOnlyList<long>> FindAsync(string text, CancellationToken ct) => index.FindAsync(OrderSource.Name, text, long.MaxValue, Most, ct);
}

/// <summary>Orders in the index: number, title, subject, case number.</summary>
internal sealed class OrderSource(Db db) : ISearchSource
{
    public const string Name = "order";

    private const string Select = "SELECT o.id, o.number, o.title, o.subject, o.case_number FROM workzone_order o WHERE ";

    public string Area => Name;

    public async Task<IReadOnlyList<SearchDocument>> LoadAsync(IReadOnlyList<long> ids, CancellationToken ct) =>
        Documents(await db.QueryAsync<Row>(Select + "o.id IN @ids ORDER BY o.id", new { ids }, ct));

    public async Task<IReadOnlyList<SearchDocument>> NextAsync(long after, int take, CancellationToken ct) =>
        Documents(await db.PageAsync<Row>(Select + "o.id > @after ORDER BY o.id", new { after }, take, ct));

    private static List<SearchDocument> Documents(IReadOnlyList<Row> rows) =>
        [.. rows.Select(r => new SearchDocument(r.Id, $"{r.Title} {r.Subject}", $"{r.Number} {r.CaseNumber}"))];

    private sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Title { get; init; } = "";
        public string Subject { get; init; } = "";
        public string CaseNumber { get; init; } = "";
    }
}

/// <summary>Cases in the index: number and the names of the parties.</summary>
internal sealed class CaseSource(Db db) : ISearchSource
{
    public const string Name = "case";

    public string Area => Name;

    public async Task<IReadOnlyList<SearchDocument>> LoadAsync(IReadOnlyList<long> ids, CancellationToken ct) =>
        await DocumentsAsync(await db.QueryAsync<Row>("SELECT c.id, c.number FROM workzone_case c WHERE c.id IN @ids ORDER BY c.id", new { ids }, ct), ct);

    public async Task<IReadOnlyList<SearchDocument>> NextAsync(long after, int take, CancellationToken ct) =>
        await DocumentsAsync(
            await db.PageAsync<Row>("SELECT c.id, c.number FROM workzone_case c WHERE c.id > @after ORDER BY c.id", new { after }, Math.Min(take, 500), ct),
            ct
        );

    private async Task<IReadOnlyList<SearchDocument>> DocumentsAsync(IReadOnlyList<Row> cases, CancellationToken ct)
    {
        if (cases.Count == 0)
            return [];
        var names = (
            await db.QueryAsync<Party>(
                "SELECT y.case_id, y.name FROM workzone_party y WHERE y.case_id IN @ids",
                new { ids = cases.Select(c => c.Id).ToList() },
                ct
            )
        ).ToLookup(p => p.CaseId, p => p.Name);
        return [.. cases.Select(c => new SearchDocument(c.Id, string.Join(' ', names[c.Id].Order(StringComparer.Ordinal)), c.Number))];
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
    }

    private sealed record Party
    {
        public long CaseId { get; init; }
        public string Name { get; init; } = "";
    }
}
