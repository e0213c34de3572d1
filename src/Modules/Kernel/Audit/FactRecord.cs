using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Verifying;

namespace CourtOps.Kernel.Audit;

/// <summary>What a row says that nobody may change past the product.</summary>
/// <param name="Id">The row.</param>
/// <param name="Place">Where a finding points to: "order 7 service_notice 9".</param>
/// <param name="Digest">Of its values, by <see cref="FactRecord.Digest"/>.</param>
/// <param name="Since">When it was made or last changed.</param>
public sealed record Fact(long Id, string Place, string Digest, DateTimeOffset Since);

/// <summary>
/// A kind of row whose values stand by digest in the audit trail, which is sealed. Its writer calls <see cref="FactRecord.KeepAsync"/> in the transaction of
/// each
/// change; the check "facts" finds what was changed, put in or deleted past it.
/// </summary>
public interface IFactSource
{
    /// <summary>The object type of its entries in the audit trail.</summary>
    string Kind { get; }

    /// <summary>Rows with a higher id, in the order of ids.</summary>
    Task<IReadOnlyList<Fact>> PageAsync(long after, int count, CancellationToken ct);

    /// <summary>Those of these rows that are there.</summary>
    Task<IReadOnlyList<Fact>> OfAsync(IReadOnlyCollection<long> ids, CancellationToken ct);
}

/// <summary>Keeps digests of facts in the audit trail and reads them again.</summary>
public sealed class FactRecord(AuditTrail audit, Db db)
{
    /// <summary>The activity of the entries.</summary>
    public const string Activity = "kernel.facts.kept";

    /// <summary>A digest over values in this order: 32 hex digits. Null differs from empty.</summary>
    public static string Digest(params object?[] values) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(values, Json.Stored))).AsSpan(0, 16));

    /// <summary>Writes what a row says now, in the transaction that is open.</summary>
    public Task KeepAsync(string kind, long id, string digest, CancellationToken ct) => audit.WriteAsync(Activity, kind, id, "done", new Kept(digest), ct);

    /// <summary>The newest digest of each of these rows; a row without an entry is not among them.</summary>
    internal async Task<Dictionary<long, string>> NewestAsync(string kind, IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        var keys = ids.Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var newest = new Dictionary<long, string>();
        foreach (
            var e in await db.QueryAsync<Entry>(
                "SELECT id, object_id, detail FROM kernel_audit WHERE object_type = @kind AND object_id IN @keys AND action = 'kernel.facts.kept' ORDER BY id",
                new { kind, keys },
                ct
            )
        )
            newest[Number(e)] = JsonSerializer.Deserialize<Kept>(e.Detail, Json.Stored)?.Digest ?? "";
        return newest;
    }

    /// <summary>Rows that have an entry, by the entries' order; the number to go on with is null at the end.</summary>
    internal async Task<(IReadOnlyList<long> Ids, (string, long)? Next)> KnownAsync(
        string kind,
        (string ObjectId, long Id) after,
        int count,
        CancellationToken ct
    )
    {
        var page = await db.PageAsync<Entry>(
            """
            SELECT id, object_id, detail FROM kernel_audit
            WHERE object_type = @kind AND (object_id > @ObjectId OR object_id = @ObjectId AND id > @Id) AND action = 'kernel.facts.kept' ORDER BY object_id, id
            """,
            new
            {
                kind,
                after.ObjectId,
                after.Id,
            },
            count,
            ct
        );
        return ([.. page.Select(Number).Distinct()], page.Count < count ? null : (page[^1].ObjectId, page[^1].Id));
    }

    /// <summary>When the first entry of a kind was written; null before there was one.</summary>
    internal Task<DateTimeOffset?> FirstAsync(string kind, CancellationToken ct) =>
        db.FirstAsync<DateTimeOffset?>("SELECT MIN(at) FROM kernel_audit WHERE object_type = @kind AND action = 'kernel.facts.kept'", new { kind }, ct);

    private static long Number(Entry e) => long.TryParse(e.ObjectId, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : 0;

    private sealed record Kept(string Digest);

    private sealed record Entry
    {
        public long Id { get; init; }
        public string ObjectId { get; init; } = "";
        public string Detail { get; init; } = "{}";
    }
}

/// <summary>
/// Rows agree with what the audit trail keeps of them. A row older than the first entry of its kind is not judged: it was made by a version that kept none,
/// or its entry is in
/// the archive.
/// </summary>
internal sealed class FactsHold(IEnumerable<IFactSource> sources, FactRecord record) : ICheck
{
    private const int Piece = 500;

    public string Name => "facts";

    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var source in sources)
        {
            var first = await record.FirstAsync(source.Kind, ct);
            for (var after = 0L; first is not null; )
            {
                var rows = await source.PageAsync(after, Piece, ct);
                if (rows.Count == 0)
                    break;
                after = rows[^1].Id;
                var suspect = await WrongAsync(source, rows, first.Value, ct);
                // a host may have written between two of the statements: what is seen twice stands
                if (suspect.Count > 0)
                    foreach (
                        var finding in (await WrongAsync(source, await source.OfAsync([.. suspect.Select(s => s.Id)], ct), first.Value, ct)).Select(s =>
                            s.Finding
                        )
                    )
                        yield return finding;
            }
            for ((string, long)? at = ("", 0L); at is { } here; )
            {
                var (ids, next) = await record.KnownAsync(source.Kind, here, Piece, ct);
                var there = ids.Count == 0 ? [] : (await source.OfAsync(ids, ct)).Select(f => f.Id).ToHashSet();
                foreach (var id in ids.Where(id => !there.Contains(id)))
                    yield return new Finding(Name, $"{source.Kind} {id}", "is in the audit trail and not in its table any more");
                at = next;
            }
        }
    }

    private async Task<List<(long Id, Finding Finding)>> WrongAsync(IFactSource source, IReadOnlyList<Fact> rows, DateTimeOffset first, CancellationToken ct)
    {
        var kept = await record.NewestAsync(source.Kind, [.. rows.Select(r => r.Id)], ct);
        var wrong = new List<(long, Finding)>();
        foreach (var row in rows)
            if (!kept.TryGetValue(row.Id, out var digest))
            {
                if (row.Since > first)
                    wrong.Add((row.Id, new Finding(Name, row.Place, $"the audit trail knows nothing of it ({source.Kind})")));
            }
            else if (digest != row.Digest)
            {
                wrong.Add((row.Id, new Finding(Name, row.Place, $"it is not what the audit trail keeps of it ({source.Kind})")));
            }
        return wrong;
    }
}
