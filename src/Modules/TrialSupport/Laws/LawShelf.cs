using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;

namespace CourtOps.TrialSupport.Laws;

/// <summary>The library as it was last put together; kept in memory until something of it changes.</summary>
internal sealed class KeptLibrary
{
    public SemaphoreSlim Gate { get; } = new(1, 1);

    public (string Stamp, LawLibrary Library)? Kept { get; set; }
}

/// <summary>
/// The law library of this court system: laws/laws.json in the data folder (verb law import) together with the versions that people imported. To be asked
/// outside any transaction: it reads a file.
/// </summary>
internal sealed class LawShelf(Db db, DataFolder folder, KeptLibrary kept, TimeProvider clock)
{
    /// <summary>The library; null where nothing was imported.</summary>
    /// <exception cref="RuleBroken">The library in the data folder is damaged.</exception>
    public async Task<LawLibrary?> OpenAsync(CancellationToken ct)
    {
        var path = folder.File("laws", "laws.json");
        var file = File.Exists(path) ? File.GetLastWriteTimeUtc(path).Ticks : 0;
        var stored = await db.FirstAsync<Stamp>(
            "SELECT COUNT(*) AS n, SUM(CASE WHEN dropped_at IS NULL THEN 0 ELSE 1 END) AS dropped, MAX(changed_at) AS changed FROM trial_law",
            null,
            ct
        );
        if (file == 0 && stored?.N is null or 0)
            return null;
        var stamp = FormattableString.Invariant($"{file}:{stored?.N}:{stored?.Dropped}:{stored?.Changed?.UtcTicks}");
        await kept.Gate.WaitAsync(ct);
        try
        {
            if (kept.Kept is { } was && was.Stamp == stamp)
                return was.Library;
            var library = (file == 0 ? LawLibrary.Of([]) : LawLibrary.Open(Path.GetDirectoryName(path)!)).With(await VersionsAsync(ct));
            kept.Kept = (stamp, library);
            return library;
        }
        finally
        {
            kept.Gate.Release();
        }
    }

    /// <summary>Articles in force today that are near to a text, a draft or a part of it; null where no library was imported.</summary>
    /// <exception cref="RuleBroken">The library is damaged.</exception>
    public async Task<IReadOnlyList<LawHit>?> NearAsync(string words, CancellationToken ct, int top = 8) =>
        await OpenAsync(ct) is not { } library ? null
        : words.Length == 0 ? []
        : library.Near(words, Times.Day(clock.GetUtcNow()), top);

    private async Task<IReadOnlyList<LawVersion>> VersionsAsync(CancellationToken ct) =>
        [
            .. (
                await db.QueryAsync<Row>(
                    "SELECT law, from_on, to_on, source_name, articles FROM trial_law WHERE dropped_at IS NULL ORDER BY law, from_on, id",
                    null,
                    ct
                )
            ).Select(r => new LawVersion(
                r.Law,
                r.FromOn,
                r.ToOn,
                r.SourceName,
                [.. JsonSerializer.Deserialize<List<KeptArticle>>(r.Articles, Json.Stored)!.Select(a => (a.Label, a.Number, a.Text))]
            )),
        ];

    private sealed record Stamp
    {
        public int? N { get; init; }
        public int? Dropped { get; init; }
        public DateTimeOffset? Changed { get; init; }
    }

    private sealed record Row
    {
        public string Law { get; init; } = "";
        public DateOnly? FromOn { get; init; }
        public DateOnly? ToOn { get; init; }
        public string SourceName { get; init; } = "";
        public string Articles { get; init; } = "[]";
    }
}

/// <summary>An article as a version keeps it.</summary>
internal sealed record KeptArticle(string Label, int Number, string Text);
