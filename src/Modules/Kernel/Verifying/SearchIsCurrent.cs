using CourtOps.Kernel.Search;

namespace CourtOps.Kernel.Verifying;

/// <summary>The search index holds exactly what the database holds; what has changed since is fed first.</summary>
internal sealed class SearchIsCurrent(IEnumerable<ISearchSource> sources, SearchIndex index, SearchFeeder feeder) : ICheck
{
    public string Name => "search";

    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await feeder.RunOnceAsync(ct);
        foreach (var source in sources)
        {
            if (!await index.IsSoundAsync(source.Area, ct))
            {
                yield return new Finding(Name, source.Area, "the search index is damaged; run rebuild-search");
                continue;
            }
            for (var after = 0L; ; )
            {
                var page = await source.NextAsync(after, 2000, ct);
                var known = await index.KnownAsync(source.Area, after, page.Count == 0 ? long.MaxValue : page[^1].Id, ct);
                foreach (var d in page)
                    if (!known.TryGetValue(d.Id, out var there))
                        yield return new Finding(Name, $"{source.Area} {d.Id}", "is not in the search index; run rebuild-search");
                    else if (there != (SearchIndex.Digest(d), SearchText.Folded(d.Number)))
                        yield return new Finding(Name, $"{source.Area} {d.Id}", "stands otherwise in the search index; run rebuild-search");
                var ids = page.Select(d => d.Id).ToHashSet();
                foreach (var id in known.Keys.Where(k => !ids.Contains(k)))
                    yield return new Finding(Name, $"{source.Area} {id}", "is in the search index but no longer in the database; run rebuild-search");
                if (page.Count == 0)
                    break;
                if (
                    SearchText.Questions(page[0].Number).Count > 0
                    && (await index.FindAsync(source.Area, page[0].Number, page[0].Id + 1, 1, ct) is not [var found] || found != page[0].Id)
                )
                    yield return new Finding(Name, $"{source.Area} {page[0].Id}", "is in the search index but is not found by its number; run rebuild-search");
                after = page[^1].Id;
            }
        }
    }
}
