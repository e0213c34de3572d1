using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;

namespace CourtOps.TrialSupport.Similar;

/// <summary>The index of cases as this host has it in memory.</summary>
internal sealed class KeptIndex
{
    public SemaphoreSlim Gate { get; } = new(1, 1);

    public CaseIndex? Index { get; set; }

    /// <summary>Documents in the index that are not in the file yet.</summary>
    public int Unsaved { get; set; }
}

/// <summary>
/// The index over issued judgments, rulings and mediation papers ("d" and the draft's id) and over the imported library ("l" and its id). It lies in
/// similar/cases.idx of the data folder and grows: what was issued or imported since is added when it is asked next, the job writes it down. Who may see a
/// case is not in it: whoever asks it looks up the rights of what it finds.
/// </summary>
internal sealed class SimilarShelf(Db db, DataFolder folder, KeptIndex kept)
{
    private const string Issued = "FROM trial_draft d WHERE d.state = 'issued' AND d.kind IN ('judgment', 'ruling', 'mediation')";
    private const string Imported = "FROM trial_library_case l WHERE l.dropped_at IS NULL";
    private const int AtOnce = 200;

    /// <summary>Reads the file once; to be asked before the index is, outside any transaction. Without it the index is made from the database.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (kept.Index is not null)
            return;
        await kept.Gate.WaitAsync(ct);
        try
        {
            kept.Index ??= Load();
        }
        finally
        {
            kept.Gate.Release();
        }
    }

    /// <summary>The index with all that was issued and imported until now.</summary>
    public async Task<CaseIndex> OpenAsync(CancellationToken ct)
    {
        await kept.Gate.WaitAsync(ct);
        try
        {
            var index = kept.Index ?? CaseIndex.Empty;
            var known = index.Ids.ToHashSet(StringComparer.Ordinal);
            var missing = new List<string>();
            missing.AddRange((await db.QueryAsync<long>("SELECT d.id " + Issued, null, ct)).Select(id => "d" + id).Where(id => !known.Contains(id)));
            missing.AddRange((await db.QueryAsync<long>("SELECT l.id " + Imported, null, ct)).Select(id => "l" + id).Where(id => !known.Contains(id)));
            foreach (var some in missing.Chunk(AtOnce))
                index = index.With(await TextsAsync(some, ct));
            (kept.Index, kept.Unsaved) = (index, kept.Unsaved + missing.Count);
            return index;
        }
        finally
        {
            kept.Gate.Release();
        }
    }

    /// <summary>Writes the index down where it has grown; how many documents it holds.</summary>
    public async Task<int> SaveAsync(CancellationToken ct)
    {
        await LoadAsync(ct);
        var index = await OpenAsync(ct);
        await kept.Gate.WaitAsync(ct);
        try
        {
            if (kept.Unsaved > 0)
            {
                index.Save(Place);
                kept.Unsaved = 0;
            }
            return index.Count;
        }
        finally
        {
            kept.Gate.Release();
        }
    }

    private string Place => Path.GetDirectoryName(folder.File("similar", "cases.idx"))!;

    // a file that is damaged is made again from the database
    private CaseIndex Load()
    {
        try
        {
            return File.Exists(folder.File("similar", "cases.idx")) ? CaseIndex.Open(Place) : CaseIndex.Empty;
        }
        catch (RuleBroken)
        {
            return CaseIndex.Empty;
        }
    }

    private async Task<List<(string Id, CaseText Text)>> TextsAsync(string[] some, CancellationToken ct)
    {
        var ids = some.Select(s => (Own: s[0] == 'd', Id: long.Parse(s.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)))
            .ToLookup(s => s.Own, s => s.Id);
        var texts = new List<(string, CaseText)>();
        if (ids[true].Any())
            texts.AddRange(
                (
                    await db.QueryAsync<Row>(
                        "SELECT d.id, d.paragraphs, c.cause FROM trial_draft d JOIN workzone_case_card c ON c.id = d.case_id WHERE d.id IN @own",
                        new { own = ids[true].ToList() },
                        ct
                    )
                ).Select(r => ("d" + r.Id, Of(r)))
            );
        if (ids[false].Any())
            texts.AddRange(
                (
                    await db.QueryAsync<Row>(
                        "SELECT l.id, l.paragraphs, l.cause FROM trial_library_case l WHERE l.id IN @others",
                        new { others = ids[false].ToList() },
                        ct
                    )
                ).Select(r => ("l" + r.Id, Of(r)))
            );
        return texts;
    }

    private static CaseText Of(Row r) =>
        CaseText.Of(string.Join('\n', JsonSerializer.Deserialize<List<string>>(r.Paragraphs, Json.Stored)!)) is var text && r.Cause.Length > 0
            ? text with
            {
                Cause = r.Cause,
            }
            : text;

    private sealed record Row
    {
        public long Id { get; init; }
        public string Paragraphs { get; init; } = "[]";
        public string Cause { get; init; } = "";
    }
}

/// <summary>Writes the index of like cases down where it has grown.</summary>
internal sealed class SaveIndex(SimilarShelf shelf) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct) => await shelf.SaveAsync(ct);
}
