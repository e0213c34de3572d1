using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Verifying;

namespace CourtOps.Kernel.Security;

/// <summary>How far values follow a key: how many rows of each column still stand under another one.</summary>
public sealed record KeyUse(string Column, int Key, int Values);

/// <summary>
/// Changing the keys: a new one is added and writes at once; every secret of every module is encrypted again in chunks of one
/// transaction each; an old key is taken away only when nothing uses it. Interrupted anywhere, it goes on where values are left.
/// </summary>
public sealed class KeyRotation(Db db, Secrets secrets, ModuleList modules, BlobStore blobs, AuditTrail audit, TimeProvider clock)
{
    private const int Chunk = 500;

    // every host has looked into the ring since the last key was added
    private bool IsKnownEverywhere => clock.GetUtcNow() - secrets.Ring.All.Max(k => k.Created) >= KeyRing.Spread;

    private IEnumerable<SecretColumn> Columns => modules.Declared.SelectMany(d => d.Declaration.Secrets);

    /// <summary>Adds a key. The file is durable before the first value is written with it.</summary>
    public async Task<RingKey> RotateAsync(string reason, CancellationToken ct)
    {
        var before = secrets.Ring.All.Single(k => k.State == KeyRing.Active);
        var key = secrets.Ring.Add(clock.GetUtcNow());
        await db.BeginAsync(ct);
        if (await db.ExecuteAsync("UPDATE kernel_key SET state = 'retired', reencrypted_at = NULL WHERE id = @Id", new { before.Id }, ct) == 0)
            await db.ExecuteAsync(
                "INSERT INTO kernel_key (id, check_value, state, created_at) VALUES (@Id, @check, 'retired', @now)",
                new
                {
                    before.Id,
                    check = secrets.CheckValue(before.Id),
                    now = clock.GetUtcNow(),
                },
                ct
            );
        await db.ExecuteAsync(
            "INSERT INTO kernel_key (id, check_value, state, created_at) VALUES (@Id, @check, 'active', @now)",
            new
            {
                key.Id,
                check = secrets.CheckValue(key.Id),
                now = clock.GetUtcNow(),
            },
            ct
        );
        await audit.WriteAsync("kernel.keys.rotated", "key", key.Id, "done", new { before = before.Id, key.Suite }, ct, reason);
        await db.CommitAsync(ct);
        return key;
    }

    /// <summary>Encrypts again what stands under another key than the writing one. Returns how many values.</summary>
    public async Task<int> ReencryptAsync(CancellationToken ct, int mostChunks = int.MaxValue)
    {
        var done = 0;
        var chunks = 0;
        foreach (var column in Columns)
            for (Row? after = null; ; )
            {
                if (chunks++ >= mostChunks)
                    return done;
                var (rows, touched) = await ChunkAsync(column, after, ct);
                done += touched;
                if (rows.Count < Chunk)
                    break;
                after = rows[^1];
            }
        done += await blobs.RewrapAsync(ct);
        if (mostChunks == int.MaxValue && (await UsesAsync(ct)).All(u => u.Key == secrets.Ring.Writing.Id))
        {
            await db.BeginAsync(ct);
            // a host that has not seen the new key yet may still write with the old one: the job looks again
            if (IsKnownEverywhere)
                await db.ExecuteAsync(
                    "UPDATE kernel_key SET reencrypted_at = @now WHERE state = 'retired' AND reencrypted_at IS NULL",
                    new { now = clock.GetUtcNow() },
                    ct
                );
            if (done > 0)
                await audit.WriteAsync("kernel.keys.reencrypted", "key", secrets.Ring.Writing.Id, "done", new { values = done }, ct);
            await db.CommitAsync(ct);
        }
        return done;
    }

    /// <summary>Values by column and key, as they stand.</summary>
    public async Task<IReadOnlyList<KeyUse>> UsesAsync(CancellationToken ct)
    {
        var uses = new List<KeyUse>();
        foreach (var key in secrets.Ring.All.Where(k => k.State != KeyRing.Removed))
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"{key.Id}:%");
            foreach (var c in Columns)
            {
                var like = c.Embedded ? "%>" + prefix : prefix;
                if (await db.ScalarAsync<int>($"SELECT COUNT(*) FROM {c.Table} WHERE {c.Value} LIKE @like", new { like }, ct) is > 0 and var n)
                    uses.Add(new KeyUse($"{c.Table}.{c.Value}", key.Id, n));
            }
        }
        uses.AddRange(blobs.Uses());
        return uses;
    }

    /// <summary>Takes a retired key away.</summary>
    /// <exception cref="RuleBroken">A host may still write with it, because a key was added just now; or values, digests, waiting work or files still use it:
    /// says which.</exception>
    public async Task RemoveAsync(int id, string reason, CancellationToken ct)
    {
        if (secrets.Ring.All.FirstOrDefault(k => k.Id == id) is not { State: KeyRing.Retired })
            throw new RuleBroken($"密钥 {id} 不是已停用的密钥，不能移除。", "id");
        if (!IsKnownEverywhere)
            throw new RuleBroken("新密钥启用还不到一分钟，别的主机可能还在用旧密钥写入；请一分钟后再移除。", "id");
        var uses = (await UsesAsync(ct)).Where(u => u.Key == id).Select(u => $"{u.Column} {u.Values}").ToList();
        foreach (var k in modules.Declared.SelectMany(d => d.Declaration.KeyedColumns))
        {
            var of = id == 1 ? $"{k.Column} <> '' AND {k.Column} NOT LIKE '%.%'" : $"{k.Column} LIKE '%{id}.%'";
            if (
                await db.ScalarAsync<int>($"SELECT COUNT(*) FROM {k.Table} WHERE " + of + " AND " + k.Live, new { now = clock.GetUtcNow() }, ct)
                is > 0
                    and var n
            )
                uses.Add($"{k.Table}.{k.Column} {n}");
        }
        if (
            await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM kernel_work WHERE state IN ('ready', 'claimed') AND payload LIKE @like",
                new { like = $"%\"{id}:%" },
                ct
            )
            is > 0
                and var waiting
        )
            uses.Add($"kernel_work {waiting}");
        if (uses.Count > 0)
            throw new RuleBroken($"密钥 {id} 还在使用，不能移除：{string.Join("，", uses)}。", "id");
        await db.BeginAsync(ct);
        await db.ExecuteAsync("UPDATE kernel_key SET state = 'removed', removed_at = @now WHERE id = @id", new { id, now = clock.GetUtcNow() }, ct);
        await audit.WriteAsync("kernel.keys.removed", "key", id, "done", new { }, ct, reason);
        await db.CommitAsync(ct);
        secrets.Ring.Remove(id);
    }

    private async Task<(IReadOnlyList<Row> Rows, int Touched)> ChunkAsync(SecretColumn c, Row? after, CancellationToken ct)
    {
        var writing = secrets.Ring.Writing.Id;
        var like = (c.Embedded ? "%>" : "") + string.Create(CultureInfo.InvariantCulture, $"{writing}:%");
        var rows = await db.PageAsync<Row>(
            $"SELECT {c.Read}, {c.Value} AS value FROM {c.Table} WHERE {c.Value} IS NOT NULL AND {c.Value} NOT LIKE @like"
                + (after is null ? "" : " AND " + c.Behind)
                + $" ORDER BY {c.Order}",
            new
            {
                like,
                after?.K0,
                after?.K1,
                after?.K2,
            },
            Chunk,
            ct
        );
        if (rows.Count == 0)
            return (rows, 0);
        var touched = 0;
        await db.BeginAsync(ct);
        foreach (var row in rows)
        {
            string next;
            string? index = null;
            if (c.Embedded)
            {
                next = Tokens.Replace(row.Value, m => ">" + secrets.ProtectBytes(secrets.RevealBytes(m.Groups[1].Value)) + "<");
                if (next == row.Value)
                    continue;
            }
            else
            {
                var plain = secrets.Reveal(row.Value);
                next = secrets.Protect(plain) ?? row.Value;
                index = secrets.Blind(plain);
            }
            // a value written meanwhile is newer than ours, and under the new key already
            touched += c.Index is null
                ? await db.ExecuteAsync(
                    $"UPDATE {c.Table} SET {c.Value} = @next WHERE {c.Same} AND {c.Value} = @Value",
                    new
                    {
                        next,
                        row.K0,
                        row.K1,
                        row.K2,
                        row.Value,
                    },
                    ct
                )
                : await db.ExecuteAsync(
                    $"UPDATE {c.Table} SET {c.Value} = @next, {c.Index} = @index WHERE {c.Same} AND {c.Value} = @Value",
                    new
                    {
                        next,
                        index,
                        row.K0,
                        row.K1,
                        row.K2,
                        row.Value,
                    },
                    ct
                );
        }
        await db.CommitAsync(ct);
        return (rows, touched);
    }

    private static readonly Regex Tokens = new(@">(\d{1,5}:[A-Za-z0-9+/=]{24,})<", RegexOptions.Compiled);

    private sealed record Row
    {
        public string K0 { get; init; } = "";
        public string K1 { get; init; } = "";
        public string K2 { get; init; } = "";
        public string Value { get; init; } = "";
    }
}

/// <summary>Goes on with the re-encryption that a rotation began, until no value stands under an old key.</summary>
public sealed class ReencryptSecrets(KeyRotation rotation, Db db) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_key WHERE state = 'retired' AND reencrypted_at IS NULL", ct: ct) > 0)
            await rotation.ReencryptAsync(ct);
    }
}

/// <summary>Every secret opens with its key, and the index beside it is of the same value.</summary>
internal sealed class SecretsHold(Db db, Secrets secrets, ModuleList modules) : ICheck
{
    public string Name => "secrets";

    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var c in modules.Declared.SelectMany(d => d.Declaration.Secrets).Where(c => !c.Embedded))
            for (Row? after = null; ; )
            {
                var rows = await db.PageAsync<Row>(
                    $"SELECT {c.Read}, {c.Value} AS value, {c.Index ?? "''"} AS idx FROM {c.Table} WHERE {c.Value} IS NOT NULL"
                        + (after is null ? "" : " AND " + c.Behind)
                        + $" ORDER BY {c.Order}",
                    new
                    {
                        after?.K0,
                        after?.K1,
                        after?.K2,
                    },
                    1000,
                    ct
                );
                foreach (var row in rows)
                    if (Judge(c, row) is { } what)
                        yield return new Finding(Name, $"{c.Table}.{c.Value} {string.Join(' ', new[] { row.K0, row.K1, row.K2 }.Take(c.Key.Count))}", what);
                if (rows.Count == 0)
                    break;
                after = rows[^1];
            }
    }

    private string? Judge(SecretColumn c, Row row)
    {
        try
        {
            var plain = secrets.Reveal(row.Value);
            return c.Index is not null && secrets.BlindBeside(row.Value, plain) != row.Idx ? "the index beside it is not of this value" : null;
        }
        catch (CryptographicException e)
        {
            return "the value does not open: " + e.Message;
        }
    }

    private sealed record Row
    {
        public string K0 { get; init; } = "";
        public string K1 { get; init; } = "";
        public string K2 { get; init; } = "";
        public string Value { get; init; } = "";
        public string? Idx { get; init; }
    }
}
