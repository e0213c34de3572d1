using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using Microsoft.Extensions.Logging;

namespace CourtOps.Kernel.Sealing;

/// <summary>Closes batches and writes their anchors outside the database. Safe to repeat, and to interrupt anywhere.</summary>
public sealed class Sealer(IEnumerable<SealedLog> logs, AnchorFiles anchors, TimeProvider clock, ILogger<Sealer> log)
{
    /// <summary>Rows of a batch; a smaller number than makes SQL Server lock the whole table.</summary>
    private const int Batch = 2000;

    /// <summary>Seals what is there, in every log, and writes the anchors that are missing.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var one in logs)
            await RunAsync(one, ct);
    }

    public async Task RunAsync(SealedLog one, CancellationToken ct)
    {
        await using var db = await one.OpenAsync(ct);
        while (await SealAsync(one, db, ct) == Batch) { }
        await AnchorAsync(one, db, ct);
    }

    /// <summary>What the database holds and the files do not, up to now.</summary>
    public async Task AnchorAsync(SealedLog one, Db db, CancellationToken ct)
    {
        for (var last = anchors.Last(one.Stream); ; )
        {
            var missing = await one.SealsAsync(db, last, 500, ct);
            if (missing.Count == 0)
                return;
            anchors.Append(one.Stream, missing.Select(AnchorOf));
            last = missing[^1].Seq;
        }
    }

    internal static Anchor AnchorOf(Seal seal) =>
        new()
        {
            Id = seal.Seq,
            At = seal.At,
            Count = seal.RowCount,
            Root = seal.Hash,
        };

    private async Task<int> SealAsync(SealedLog one, Db db, CancellationToken ct)
    {
        var open = await db.PageAsync<long>($"SELECT id FROM {one.Table} WHERE seal = 0 ORDER BY id", null, Batch, ct);
        if (open.Count == 0)
            return 0;
        await db.BeginAsync(ct);
        var before = await db.FirstAsync<Seal>($"SELECT seq, at, hash FROM {one.Seals} WHERE seq = (SELECT MAX(seq) FROM {one.Seals})", ct: ct) ?? new Seal();
        var seq = before.Seq + 1;
        // what committed between looking and marking comes along: the rows are read by the mark
        if (await db.ExecuteAsync($"UPDATE {one.Table} SET seal = @seq WHERE seal = 0 AND id <= @last", new { seq, last = open[^1] }, ct) == 0)
        {
            await db.RollbackAsync();
            return open.Count; // another process sealed them meanwhile
        }
        var rows = await db.QueryAsync<Leaf>($"SELECT id, at, digest FROM {one.Table} WHERE seal = @seq ORDER BY id", new { seq }, ct);
        var at = clock.StoredNow();
        var pairs = rows.Select(r => (r.Id, r.Digest)).ToList();
        var seal = new Seal
        {
            Seq = seq,
            FirstId = rows[0].Id,
            LastId = rows[^1].Id,
            RowCount = rows.Count,
            Oldest = rows.Min(r => r.At),
            Newest = rows.Max(r => r.At),
            Root = Seal.RootOf(pairs),
            Previous = before.Hash,
            At = at,
            Leaves = Seal.LeavesOf(pairs),
        };
        await db.ExecuteAsync(
            $"""
            INSERT INTO {one.Seals} (seq, first_id, last_id, row_count, oldest, newest, root, previous, at, hash, leaves)
            VALUES (@Seq, @FirstId, @LastId, @RowCount, @Oldest, @Newest, @Root, @Previous, @At, @Hash, @Leaves)
            """,
            seal with
            {
                Hash = seal.Compute(),
            },
            ct
        );
        await db.CommitAsync(ct);
        if (before.Seq > 0 && at < before.At - LogHolds.Lag)
            log.LogWarning("The clock was set back: {Stream} seal {Seq} at {At} comes after one at {Before}", one.Stream, seq, at, before.At);
        return open.Count;
    }
}

/// <summary>Each minute: seals the audit trail and the access log and anchors them outside the database.</summary>
public sealed class SealLogs(Sealer sealer) : IJobHandler
{
    public Task RunAsync(CancellationToken ct) => sealer.RunAsync(ct);
}
