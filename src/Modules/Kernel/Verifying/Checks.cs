using System.Security.Cryptography;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;

namespace CourtOps.Kernel.Verifying;

/// <param name="Check">Which check found it.</param>
/// <param name="Where">The row, file or number.</param>
/// <param name="Severity">error: something is wrong; doubt: a person must decide.</param>
public sealed record Finding(string Check, string Where, string What, string Severity = "error");

/// <summary>A check of stored data; all are found by the verb verify and by the nightly job.</summary>
public interface ICheck
{
    string Name { get; }

    IAsyncEnumerable<Finding> RunAsync(CancellationToken ct);
}

/// <summary>Every blob a row names is there, whole.</summary>
internal sealed class BlobsAreWhole(Db db, BlobStore blobs) : ICheck
{
    public string Name => "blobs";

    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = ""; ; )
        {
            var page = await db.PageAsync<Row>("SELECT sha256, size FROM kernel_blob WHERE sha256 > @after ORDER BY sha256", new { after }, 500, ct);
            foreach (var row in page)
            {
                if (!blobs.Exists(row.Sha256))
                {
                    yield return new Finding(Name, row.Sha256, "the file is missing");
                    continue;
                }
                await using var file = blobs.Open(row.Sha256);
                if (file.Length != row.Size || Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)) != row.Sha256)
                    yield return new Finding(Name, row.Sha256, "the file was changed");
            }
            if (page.Count == 0)
                yield break;
            after = page[^1].Sha256;
        }
    }

    private sealed record Row
    {
        public string Sha256 { get; init; } = "";
        public long Size { get; init; }
    }
}

/// <summary>Every published notification has its deliveries in order; what is parked is said.</summary>
internal sealed class OutboxIsInOrder(Db db) : ICheck
{
    public string Name => "outbox";

    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var b in await db.QueryAsync<Block>("SELECT reaction, event_key, error FROM kernel_block WHERE parked = 1", ct: ct))
            yield return new Finding(Name, $"{b.Reaction} {b.EventKey}", "parked: " + b.Error);
        foreach (
            var k in await db.QueryAsync<Key>(
                """
                SELECT k.event_key, k.seq, COUNT(o.id) AS there
                FROM kernel_outbox_key k
                LEFT JOIN kernel_outbox o ON o.event_key = k.event_key
                GROUP BY k.event_key, k.seq
                HAVING COUNT(o.id) <> k.seq
                """,
                ct: ct
            )
        )
            yield return new Finding(Name, k.EventKey, $"{k.Seq} numbers were given, {k.There} notifications are there");
        // how many there were is written with the notification since version 24 of the tables
        foreach (
            var o in await db.QueryAsync<Made>(
                """
                SELECT o.event_key, o.seq, o.deliveries, COUNT(d.outbox_id) AS there
                FROM kernel_outbox o
                LEFT JOIN kernel_delivery d ON d.outbox_id = o.id
                WHERE o.deliveries IS NOT NULL
                GROUP BY o.id, o.event_key, o.seq, o.deliveries
                HAVING COUNT(d.outbox_id) <> o.deliveries
                """,
                ct: ct
            )
        )
            yield return new Finding(Name, o.EventKey, $"number {o.Seq} was for {o.Deliveries} reactions, {o.There} deliveries are there");
        foreach (
            var d in await db.QueryAsync<Key>(
                """
                SELECT d.event_key, d.seq, COUNT(*) AS there
                FROM kernel_delivery d
                WHERE d.state = 'done' AND EXISTS (SELECT 1 FROM kernel_delivery e WHERE e.reaction = d.reaction AND e.event_key = d.event_key AND e.state =
                    'pending' AND e.seq < d.seq)
                GROUP BY d.event_key, d.seq
                """,
                ct: ct
            )
        )
            yield return new Finding(Name, d.EventKey, $"number {d.Seq} was delivered before an earlier one");
    }

    private sealed record Block
    {
        public string Reaction { get; init; } = "";
        public string EventKey { get; init; } = "";
        public string Error { get; init; } = "";
    }

    private sealed record Made
    {
        public string EventKey { get; init; } = "";
        public long Seq { get; init; }
        public int Deliveries { get; init; }
        public int There { get; init; }
    }

    private sealed record Key
    {
        public string EventKey { get; init; } = "";
        public long Seq { get; init; }
        public int There { get; init; }
    }
}

/// <summary>Work that failed or is in doubt is listed until somebody has decided.</summary>
internal sealed class WorkIsClear(Db db) : ICheck
{
    public string Name => "work";

    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var w in await db.QueryAsync<Row>("SELECT id, queue, work_key, state, reason FROM kernel_work WHERE state IN ('doubt', 'failed')", ct: ct))
            yield return new Finding(Name, $"{w.Queue} {w.WorkKey}", w.Reason ?? "", w.State == "doubt" ? "doubt" : "error");
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public string Queue { get; init; } = "";
        public string WorkKey { get; init; } = "";
        public string State { get; init; } = "";
        public string? Reason { get; init; }
    }
}
