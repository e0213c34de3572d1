using System.IO.Compression;
using System.Text;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Kernel.Sealing;

/// <summary>How many days each class of record is kept in the database. Law and practice set the floor; more is allowed.</summary>
public sealed record RetentionPolicy
{
    public const int LeastAccess = 1096;
    public const int LeastNetwork = 184;

    /// <summary>Acts on cases, people and rights: ten years.</summary>
    public int Record { get; init; } = 3653;

    /// <summary>Who read what: three years, the default for access to case files.</summary>
    public int Access { get; init; } = LeastAccess;

    /// <summary>Sign-ins and refusals: six months are the law's least (网络安全法, 网络日志不少于六个月).</summary>
    public int Network { get; init; } = LeastNetwork;

    /// <exception cref="BadSetting">A value below the floor.</exception>
    public static RetentionPolicy Read(IConfiguration configuration)
    {
        var policy = new RetentionPolicy
        {
            Record = configuration.GetValue("CourtOps:Retention:RecordDays", 3653),
            Access = configuration.GetValue("CourtOps:Retention:AccessDays", LeastAccess),
            Network = configuration.GetValue("CourtOps:Retention:NetworkDays", LeastNetwork),
        };
        if (policy.Network < LeastNetwork)
            throw new BadSetting(
                "CourtOps:Retention:NetworkDays",
                $"CourtOps:Retention:NetworkDays is {policy.Network}; network logs are kept at least {LeastNetwork} days."
            );
        if (policy.Access < LeastAccess || policy.Record < LeastAccess)
            throw new BadSetting(
                policy.Access < LeastAccess ? "CourtOps:Retention:AccessDays" : "CourtOps:Retention:RecordDays",
                $"CourtOps:Retention:AccessDays and RecordDays are at least {LeastAccess} days."
            );
        return policy;
    }

    public int DaysOf(string retention) =>
        retention switch
        {
            Retention.Network => Network,
            Retention.Access => Access,
            _ => Record,
        };
}

/// <summary>Archives of expired seals: archive/NAME.jsonl.gz, one file per seal, written and flushed before a row is deleted.</summary>
public sealed class ArchiveFiles(DataFolder folder)
{
    public static string NameOf(SealedLog log, Seal seal) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{log.Stream}-{seal.Seq:D9}.jsonl.gz");

    /// <summary>The first line is the seal itself, then one row a line.</summary>
    public void Write(string name, Seal seal, IEnumerable<string> lines)
    {
        var path = folder.File("archive", name);
        var part = path + ".part";
        using (var file = new FileStream(part, FileMode.Create, FileAccess.Write))
        {
            using (var zip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
            using (var writer = new StreamWriter(zip, new UTF8Encoding(false)))
            {
                writer.Write(System.Text.Json.JsonSerializer.Serialize(seal with { Leaves = "" }, Messaging.Json.Stored) + "\n");
                foreach (var line in lines)
                    writer.Write(line + "\n");
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }

    /// <summary>The lines of the rows, or null where the file is not there or is no archive of this seal.</summary>
    public IReadOnlyList<string>? Read(string name, long seq)
    {
        var path = Path.Combine(folder.Root, "archive", Path.GetFileName(name));
        if (name.Length == 0 || !File.Exists(path))
            return null;
        try
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
            var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return lines.Length > 0 && System.Text.Json.JsonSerializer.Deserialize<Seal>(lines[0], Messaging.Json.Stored)?.Seq == seq ? lines[1..] : null;
        }
        catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException)
        {
            return null;
        }
    }
}

/// <summary>Each night: seals whose every row has outlived its class go to an archive file; the seal stays as their tombstone.</summary>
public sealed class ArchiveExpired(
    IEnumerable<SealedLog> logs,
    ArchiveFiles archives,
    RetentionPolicy policy,
    ActivityCatalogue activities,
    AuditTrail audit,
    Db own,
    TimeProvider clock
) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var log in logs)
        {
            await using var db = await log.OpenAsync(ct);
            var last = await db.ScalarAsync<long?>($"SELECT MAX(seq) FROM {log.Seals}", ct: ct) ?? 0;
            var least = clock.GetUtcNow().AddDays(-Math.Min(policy.Network, policy.Access));
            // oldest first, and only from the front: what lies behind a seal that must stay, stays
            var due = await db.PageAsync<Seal>(
                $"SELECT seq, first_id, last_id, row_count, oldest, newest, root, previous, at, hash, leaves FROM {log.Seals} WHERE archived_at IS "
                    + "NULL AND newest < @least AND seq < @last ORDER BY seq",
                new { least, last },
                500,
                ct
            );
            foreach (var seal in due)
            {
                var rows = await log.LeavesAsync(db, seal.Seq, 0, int.MaxValue, ct);
                if (rows.Any(r => r.At.AddDays(policy.DaysOf(activities.RetentionOf(r.Activity))) > clock.GetUtcNow()))
                    break;
                // a seal that does not hold is evidence: it is never archived
                if (rows.Count != seal.RowCount || Seal.RootOf(rows.Select(r => (r.Id, r.Computed))) != seal.Root)
                    continue;
                var name = ArchiveFiles.NameOf(log, seal);
                archives.Write(name, seal, await log.LinesAsync(db, seal.Seq, ct));
                await db.BeginAsync(ct);
                await db.ExecuteAsync(
                    $"UPDATE {log.Seals} SET archived_at = @now, archive = @name, leaves = '' WHERE seq = @Seq AND archived_at IS NULL",
                    new
                    {
                        now = clock.GetUtcNow(),
                        name,
                        seal.Seq,
                    },
                    ct
                );
                await db.ExecuteAsync($"DELETE FROM {log.Table} WHERE seal = @Seq", new { seal.Seq }, ct);
                await db.CommitAsync(ct);
                await own.BeginAsync(ct);
                await audit.WriteAsync(
                    "kernel.audit.archived",
                    "seal",
                    $"{log.Stream}:{seal.Seq}",
                    "done",
                    new
                    {
                        file = name,
                        rows = seal.RowCount,
                        seal.Root,
                    },
                    ct
                );
                await own.CommitAsync(ct);
            }
        }
    }
}
