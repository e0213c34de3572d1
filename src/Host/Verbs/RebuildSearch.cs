namespace CourtOps.Host.Verbs;

/// <summary>rebuild-search: throws the search index away and builds it from the database.</summary>
internal static class RebuildSearch
{
    public static Task<int> RunAsync(Arguments args) =>
        VerbRunner.WithHostAsync(
            args.Only("data"),
            async s =>
            {
                VerbRunner.Write(new { documents = await s.GetRequiredService<Kernel.Search.SearchFeeder>().RebuildAsync(default) });
                return 0;
            }
        );
}
