using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;

namespace CourtOps.Kernel.Sealing;

/// <summary>A row as its seal sees it.</summary>
public sealed record Leaf
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }
    public string Activity { get; init; } = "";

    /// <summary>As stored with the row.</summary>
    public string Digest { get; init; } = "";

    /// <summary>As the content of the row says.</summary>
    public string Computed { get; init; } = "";
}

/// <summary>One closed batch of rows, chained to the one before it.</summary>
public sealed record Seal
{
    public long Seq { get; init; }
    public long FirstId { get; init; }
    public long LastId { get; init; }
    public int RowCount { get; init; }
    public DateTimeOffset Oldest { get; init; }
    public DateTimeOffset Newest { get; init; }

    /// <summary>SHA-256 over id and digest of every row, by id.</summary>
    public string Root { get; init; } = "";

    /// <summary>The hash of the seal before it.</summary>
    public string Previous { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public string Hash { get; init; } = "";

    /// <summary>Id and the first eight digits of the digest of every row: names the row when the root does not fit.</summary>
    public string Leaves { get; init; } = "";

    /// <summary>When its rows went to an archive file; the seal stays.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }
    public string? Archive { get; init; }

    /// <summary>The hash that this seal must have.</summary>
    public string Compute() => Fields.Digest(Seq, FirstId, LastId, RowCount, Oldest, Newest, Root, Previous, At);

    internal static string RootOf(IEnumerable<(long Id, string Digest)> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (id, digest) in rows)
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}:{digest}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static string LeavesOf(IEnumerable<(long Id, string Digest)> rows) =>
        string.Join(' ', rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Id}:{r.Digest[..8]}")));
}

/// <summary>
/// An append-only table whose rows are closed in batches: audit trail and access log. A row belongs to the seal whose number it
/// bears, not to a range of ids, so that what commits late or with a lower id simply comes into the next batch.
/// </summary>
public abstract class SealedLog
{
    /// <summary>The name of its check and of its anchor files.</summary>
    public abstract string Stream { get; }

    /// <summary>The table of the rows; columns id, at, action, digest, seal.</summary>
    public abstract string Table { get; }

    /// <summary>The table of the seals.</summary>
    public abstract string Seals { get; }

    /// <summary>A connection to where the tables lie.</summary>
    public abstract Task<Db> OpenAsync(CancellationToken ct);

    /// <summary>The rows of a seal by id; those without one for 0, from an id on.</summary>
    public abstract Task<IReadOnlyList<Leaf>> LeavesAsync(Db db, long seal, long after, int take, CancellationToken ct);

    /// <summary>The rows of a seal as lines of JSON, by id.</summary>
    public abstract Task<IReadOnlyList<string>> LinesAsync(Db db, long seal, CancellationToken ct);

    /// <summary>Id, time, activity and digest of an archived line, the digest computed from its content.</summary>
    public abstract Leaf ReadLine(string line);

    internal Task<IReadOnlyList<Seal>> SealsAsync(Db db, long after, int take, CancellationToken ct) =>
        db.PageAsync<Seal>(
            $"SELECT seq, first_id, last_id, row_count, oldest, newest, root, previous, at, hash, leaves, archived_at, archive FROM {Seals} WHERE seq "
                + "> @after ORDER BY seq",
            new { after },
            take,
            ct
        );
}

/// <summary>A row of a sealed log: its digest, and what its content gives.</summary>
public interface ISealedRow
{
    long Id { get; }

    DateTimeOffset At { get; }

    string Action { get; }

    string Digest { get; }

    /// <summary>The digest that the content of this row must have.</summary>
    string Compute();
}

/// <summary>A sealed log by the type of its rows.</summary>
/// <param name="columns">What is read of a row, in the words of SQL.</param>
public abstract class SealedLog<TRow>(string columns) : SealedLog
    where TRow : ISealedRow
{
    public override async Task<IReadOnlyList<Leaf>> LeavesAsync(Db db, long seal, long after, int take, CancellationToken ct) =>
        [
            .. (
                await db.PageAsync<TRow>($"SELECT {columns} FROM {Table} WHERE seal = @seal AND id > @after ORDER BY id", new { seal, after }, take, ct)
            ).Select(LeafOf),
        ];

    public override async Task<IReadOnlyList<string>> LinesAsync(Db db, long seal, CancellationToken ct) =>
        [
            .. (await db.QueryAsync<TRow>($"SELECT {columns} FROM {Table} WHERE seal = @seal ORDER BY id", new { seal }, ct)).Select(r =>
                System.Text.Json.JsonSerializer.Serialize(r, Messaging.Json.Stored)
            ),
        ];

    public override Leaf ReadLine(string line) => LeafOf(System.Text.Json.JsonSerializer.Deserialize<TRow>(line, Messaging.Json.Stored)!);

    private static Leaf LeafOf(TRow r) =>
        new()
        {
            Id = r.Id,
            At = r.At,
            Activity = r.Action,
            Digest = r.Digest,
            Computed = r.Compute(),
        };
}

/// <summary>The audit trail, in the database of the changes.</summary>
public sealed class AuditLog(Database database) : SealedLog<AuditRow>(AuditRow.Columns)
{
    public override string Stream => AnchorFiles.Audit;

    public override string Table => "kernel_audit";

    public override string Seals => "kernel_audit_seal";

    public override Task<Db> OpenAsync(CancellationToken ct) => Task.FromResult(new Db(database));
}
