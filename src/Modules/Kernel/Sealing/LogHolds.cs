using System.Globalization;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Verifying;

namespace CourtOps.Kernel.Sealing;

/// <summary>Rows, seals, archives and anchors of one log say the same.</summary>
internal static class LogHolds
{
    /// <summary>How much earlier than the seal before it a row may be dated: the longest a transaction may take.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromMinutes(5);

    public static async IAsyncEnumerable<Finding> RunAsync(
        string name,
        SealedLog log,
        AnchorFiles anchors,
        ArchiveFiles archives,
        TimeProvider clock,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var db = await log.OpenAsync(ct);
        var outside = new Dictionary<long, AnchorLine>();
        foreach (var line in anchors.Read(log.Stream))
            if (line.Id <= 0 || !outside.TryAdd(line.Id, line))
                yield return new Finding(name, $"{line.File} line {line.Number}", "the line is no anchor, or stands there twice");
        var newestOutside = outside.Count == 0 ? 0 : outside.Keys.Max();
        var before = new Seal();
        var latest = DateTimeOffset.UnixEpoch; // of all seals so far: what is dated before it came later than it says
        for (var page = await log.SealsAsync(db, 0, 200, ct); page.Count > 0; page = await log.SealsAsync(db, before.Seq, 200, ct))
            foreach (var seal in page)
            {
                if (seal.Seq != before.Seq + 1)
                    yield return new Finding(
                        name,
                        $"seal {before.Seq + 1}",
                        seal.Seq == before.Seq + 2 ? "the seal is missing" : $"seals {before.Seq + 1} to {seal.Seq - 1} are missing"
                    );
                else if (seal.Previous != before.Hash)
                    yield return new Finding(name, $"seal {seal.Seq}", "it does not follow the seal before it");
                if (seal.Compute() != seal.Hash)
                    yield return new Finding(name, $"seal {seal.Seq}", "the seal was changed");
                if (outside.TryGetValue(seal.Seq, out var line))
                {
                    if (AnchorFiles.Format(Sealer.AnchorOf(seal), line.Previous) != line.Text)
                        yield return new Finding(
                            name,
                            $"{line.File} line {line.Number}, seal {seal.Seq}",
                            "the seal in the database differs from its anchor outside"
                        );
                }
                else if (seal.Seq < newestOutside || seal.At < clock.GetUtcNow() - Lag)
                {
                    yield return new Finding(name, $"seal {seal.Seq}", "its anchor outside the database is missing");
                }
                if (seal.ArchivedAt is not null)
                    await foreach (var f in ArchivedAsync(name, log, seal, archives, ct))
                        yield return f;
                else
                    await foreach (var f in RowsAsync(name, log, db, seal, latest, ct))
                        yield return f;
                before = seal;
                latest = seal.At > latest ? seal.At : latest;
            }
        foreach (var line in outside.Values.Where(l => l.Id > before.Seq).OrderBy(l => l.Id))
            yield return new Finding(
                name,
                $"{line.File} line {line.Number}, seal {line.Id}",
                "the seal is anchored outside and missing in the database: the end was cut off, or an old copy was restored"
            );
        for (var after = 0L; ; )
        {
            var open = await log.LeavesAsync(db, 0, after, 2000, ct);
            foreach (var row in open)
            {
                if (row.Computed != row.Digest)
                    yield return new Finding(name, $"row {row.Id}", "the entry was changed");
                if (row.At < latest - Lag)
                    yield return Late(name, $"row {row.Id}", row.At, latest);
            }
            if (open.Count == 0)
                yield break;
            after = open[^1].Id;
        }
    }

    private static async IAsyncEnumerable<Finding> RowsAsync(
        string name,
        SealedLog log,
        Db db,
        Seal seal,
        DateTimeOffset latest,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        var rows = await log.LeavesAsync(db, seal.Seq, 0, int.MaxValue, ct);
        var named = false;
        foreach (var row in rows)
        {
            if (row.Computed != row.Digest)
            {
                named = true;
                yield return new Finding(name, $"row {row.Id}", $"the entry was changed (seal {seal.Seq})");
            }
            if (row.At < latest - Lag)
                yield return Late(name, $"row {row.Id}", row.At, latest);
        }
        if (rows.Count == seal.RowCount && Seal.RootOf(rows.Select(r => (r.Id, r.Digest))) == seal.Root)
            yield break;
        // the root says that something is wrong, the leaves say where
        var sealedRows = Leaves(seal);
        var there = rows.ToDictionary(r => r.Id);
        foreach (var (id, digest) in sealedRows)
            if (!there.TryGetValue(id, out var row))
            {
                named = true;
                yield return new Finding(
                    name,
                    $"row {id}",
                    $"the entry was deleted (seal {seal.Seq}, {seal.Oldest.UtcDateTime:yyyy-MM-dd HH:mm} to {seal.Newest.UtcDateTime:HH:mm} UTC)"
                );
            }
            else if (!row.Digest.StartsWith(digest, StringComparison.Ordinal) && row.Computed == row.Digest)
            {
                named = true;
                yield return new Finding(name, $"row {id}", $"the entry and its digest were changed (seal {seal.Seq})");
            }
        foreach (var row in rows.Where(r => !sealedRows.ContainsKey(r.Id)))
        {
            named = true;
            yield return new Finding(name, $"row {row.Id}", $"the entry was put in after seal {seal.Seq} was closed");
        }
        if (!named)
            yield return new Finding(name, $"seal {seal.Seq}", "its rows do not give its root");
    }

    private static async IAsyncEnumerable<Finding> ArchivedAsync(
        string name,
        SealedLog log,
        Seal seal,
        ArchiveFiles archives,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        await Task.CompletedTask;
        ct.ThrowIfCancellationRequested();
        var where = $"{seal.Archive}, seal {seal.Seq}";
        if (archives.Read(seal.Archive ?? "", seal.Seq) is not { } lines)
        {
            yield return new Finding(name, where, "the archive with these rows is not in the archive folder", "doubt");
            yield break;
        }
        var rows = new List<Leaf>();
        foreach (var line in lines)
            rows.Add(log.ReadLine(line));
        foreach (var row in rows.Where(r => r.Computed != r.Digest))
            yield return new Finding(name, $"{where}, row {row.Id}", "the archived entry was changed");
        if (rows.Count != seal.RowCount || Seal.RootOf(rows.Select(r => (r.Id, r.Digest))) != seal.Root)
            yield return new Finding(name, where, "the archived rows do not give the root of their seal");
    }

    private static Finding Late(string name, string where, DateTimeOffset at, DateTimeOffset latest) =>
        new(
            name,
            where,
            $"the entry is dated {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, before the seal of {latest.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC that was "
                + "closed without it: it was put in later, or the clock was set back",
            "doubt"
        );

    private static Dictionary<long, string> Leaves(Seal seal) =>
        seal
            .Leaves.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(':'))
            .Where(p => p.Length == 2)
            .ToDictionary(p => long.Parse(p[0], NumberStyles.None, CultureInfo.InvariantCulture), p => p[1]);
}

/// <summary>The audit trail: each row its digest, each seal its rows, each anchor its seal.</summary>
internal sealed class AuditHolds(AuditLog log, AnchorFiles anchors, ArchiveFiles archives, TimeProvider clock) : ICheck
{
    public string Name => "audit";

    public IAsyncEnumerable<Finding> RunAsync(CancellationToken ct) => LogHolds.RunAsync(Name, log, anchors, archives, clock, ct);
}
