using System.Security.Cryptography;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;

namespace CourtOps.Kernel.Security;

/// <summary>A column of a module that holds secrets, and what lies beside it.</summary>
/// <param name="Key">The columns by which rows are walked and written back, as an index of the table has them; three at most.</param>
/// <param name="Value">The encrypted column; with <paramref name="Embedded"/> a text in which encrypted values stand.</param>
/// <param name="Index">The blind index, where there is one.</param>
public sealed record SecretColumn(string Table, IReadOnlyList<string> Key, string Value, string? Index, bool Embedded)
{
    internal string Order => string.Join(", ", Key);

    internal string Read => string.Join(", ", Enumerable.Range(0, 3).Select(i => $"{(i < Key.Count ? Key[i] : "''")} AS k{i}"));

    internal string Same => string.Join(" AND ", Key.Select((k, i) => $"{k} = @K{i}"));

    /// <summary>The rows behind one: the first column leads alone, so that the index is walked from there.</summary>
    internal string Behind => Key.Count == 1 ? Later(0) : $"{Key[0]} >= @K0 AND ({Later(0)})";

    private string Later(int i) => i == Key.Count - 1 ? $"{Key[i]} > @K{i}" : $"{Key[i]} > @K{i} OR ({Key[i]} = @K{i} AND ({Later(i + 1)}))";
}

/// <summary>A column of keyed digests: they cannot be made again without what was typed, and expire instead.</summary>
public sealed record KeyedColumn(string Table, string Column, string Live);

/// <summary>Refuses to run with a wrong or missing key, before anything is written.</summary>
public sealed class KeyGuard(Database database, Secrets secrets, ModuleList modules, TimeProvider clock)
{
    /// <exception cref="BadSetting">A key of this database is missing, or is another one.</exception>
    public async Task CheckAsync(bool record, CancellationToken ct = default)
    {
        await using var db = new Db(database);
        if (await db.ScalarAsync<int>(database.Dialect.TableExists, new { name = "kernel_key" }, ct) == 0)
            return; // not migrated yet: the values themselves are tried below, afterwards
        var known = (await db.QueryAsync<Row>("SELECT id, check_value, state FROM kernel_key ORDER BY id", ct: ct)).ToList();
        var ring = secrets.Ring.All;
        foreach (var key in known.Where(k => k.State != KeyRing.Removed))
        {
            if (ring.FirstOrDefault(r => r.Id == key.Id) is not { } there || there.State == KeyRing.Removed)
                throw new BadSetting(
                    KeyRing.Setting,
                    $"Key {key.Id} of this database is missing from the key ring. Put back keys/ from the backup (ring.json, secret.key or "
                        + "CourtOps:Secrets:Key). Nothing was changed."
                );
            if (!Secrets.Same(secrets.CheckValue(key.Id), key.CheckValue))
                throw secrets.Ring.TakeBack()
                    ? new BadSetting(
                        KeyRing.Setting,
                        $"Key {key.Id} of this database is missing: there is no keys/secret.key and CourtOps:Secrets:Key is not set. Put it back from "
                            + "the backup. Nothing was changed."
                    )
                    : new BadSetting(
                        KeyRing.Setting,
                        $"Key {key.Id} is not the key this database was written with. Put back the right keys/ or CourtOps:Secrets:Key. Nothing was changed."
                    );
        }
        var fresh = ring.Where(r => r.State != KeyRing.Removed && known.TrueForAll(k => k.Id != r.Id)).ToList();
        if (!record || fresh.Count == 0)
            return;
        if (known.Count == 0)
            await TryValuesAsync(db, ct);
        await db.BeginAsync(ct);
        foreach (var key in fresh)
            await db.ExecuteAsync(
                "INSERT INTO kernel_key (id, check_value, state, created_at) VALUES (@Id, @check, @State, @now)",
                new
                {
                    key.Id,
                    check = secrets.CheckValue(key.Id),
                    key.State,
                    now = clock.GetUtcNow(),
                },
                ct
            );
        await db.CommitAsync(ct);
    }

    // a database from before check values: one value of each column must open
    private async Task TryValuesAsync(Db db, CancellationToken ct)
    {
        foreach (var column in modules.Declared.SelectMany(d => d.Declaration.Secrets).Where(c => !c.Embedded))
        {
            if (await db.ScalarAsync<int>(database.Dialect.TableExists, new { name = column.Table }, ct) == 0)
                continue;
            var some = await db.PageAsync<string>(
                $"SELECT {column.Value} FROM {column.Table} WHERE {column.Value} IS NOT NULL ORDER BY {column.Order}",
                null,
                1,
                ct
            );
            try
            {
                secrets.Reveal(some.Count == 0 ? null : some[0]);
            }
            catch (CryptographicException e)
            {
                secrets.Ring.TakeBack();
                throw new BadSetting(
                    KeyRing.Setting,
                    $"The key does not open {column.Table}.{column.Value}: it is not the key this database was written with. Nothing was changed.",
                    e
                );
            }
        }
    }

    private sealed record Row
    {
        public int Id { get; init; }
        public string CheckValue { get; init; } = "";
        public string State { get; init; } = "";
    }
}
