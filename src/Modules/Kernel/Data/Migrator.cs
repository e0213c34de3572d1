using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Modules;
using Microsoft.Extensions.Logging;

namespace CourtOps.Kernel.Data;

/// <summary>Runs the numbered scripts of every module once, forward only, in the order of the module list.</summary>
public sealed partial class Migrator(Database database, ModuleList modules, TimeProvider clock, DataFolder folder, ILogger<Migrator> log)
{
    private const string Journal = "kernel_migration";

    public sealed record Script(string Module, string Name, string Text, string Checksum);

    /// <summary>Applies what is missing. Returns the names applied. A changed script that has run is an error, never skipped.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken ct = default)
    {
        await using var exclusive = await LockAsync(ct: ct);
        await using var db = new Db(database);
        if (database.Dialect is SqliteDialect)
            await db.ExecuteRawAsync("PRAGMA journal_mode = WAL", ct: ct);
        var fresh = await db.ScalarAsync<int>(database.Dialect.TableExists, new { name = Journal }, ct) == 0;
        if (fresh)
        {
            await db.BeginAsync(ct);
            await db.ExecuteAsync(
                Translate(
                    $"CREATE TABLE {Journal} (module $text(40) NOT NULL, name $text(120) NOT NULL, checksum $text(64) NOT NULL, applied_at $time NOT "
                        + "NULL, PRIMARY KEY (module, name))"
                ),
                ct: ct
            );
            await db.CommitAsync(ct);
        }
        var done = (await db.QueryAsync<Applied>($"SELECT module, name, checksum FROM {Journal}", ct: ct)).ToDictionary(
            a => (a.Module, a.Name),
            a => a.Checksum
        );
        var scripts = Scripts();
        foreach (var script in scripts)
            if (done.TryGetValue((script.Module, script.Name), out var checksum) && checksum != script.Checksum)
                throw new InvalidOperationException($"Migration {script.Module}/{script.Name} was changed after it ran. Restore the script and add a new one.");
        var unknown = done.Keys.Except(scripts.Select(s => (s.Module, s.Name))).ToList();
        if (unknown.Count > 0)
            throw new InvalidOperationException($"The database is newer than this program: it holds {unknown[0].Module}/{unknown[0].Name}.");
        var missing = scripts.Where(s => !done.ContainsKey((s.Module, s.Name))).ToList();
        if (missing.Count > 0 && !fresh)
            await CopyAsync(db, ct);
        foreach (var script in missing)
        {
            await db.BeginAsync(ct);
            foreach (var statement in Statements(Translate(script.Text)))
                await db.ExecuteAsync(statement, ct: ct);
            await db.ExecuteAsync(
                $"INSERT INTO {Journal} (module, name, checksum, applied_at) VALUES (@Module, @Name, @Checksum, @at)",
                new
                {
                    script.Module,
                    script.Name,
                    script.Checksum,
                    at = clock.GetUtcNow(),
                },
                ct
            );
            await db.CommitAsync(ct);
            log.LogInformation("Migrated {Module}/{Script}", script.Module, script.Name);
        }
        return [.. missing.Select(m => $"{m.Module}/{m.Name}")];
    }

    /// <summary>True when every script of this program has run.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken ct = default)
    {
        await using var db = new Db(database);
        if (await db.ScalarAsync<int>(database.Dialect.TableExists, new { name = Journal }, ct) == 0)
            return false;
        return await db.ScalarAsync<int>($"SELECT COUNT(*) FROM {Journal}", ct: ct) >= Scripts().Count;
    }

    public IReadOnlyList<Script> Scripts() =>
        [
            .. modules.All.SelectMany(m =>
                m.GetType()
                    .Assembly.GetManifestResourceNames()
                    .Where(n => n.Contains(".Migrations.", StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal)
                    .Select(n => Read(m, n))
            ),
        ];

    /// <summary>Puts the column types of the dialect in place of the tokens.</summary>
    public string Translate(string text) => Translate(text, database.Dialect);

    /// <summary>Puts the column types of a dialect in place of the tokens. Indexes are dropped with their table's name, as the servers want it; SQLite must
    /// not read it.</summary>
    public static string Translate(string text, Dialect dialect) =>
        Token()
            .Replace(
                dialect is SqliteDialect ? DropIndex().Replace(text, "$1") : text,
                m =>
                    dialect.Type(
                        m.Groups["t"].Value,
                        m.Groups["n"].Success ? int.Parse(m.Groups["n"].Value, System.Globalization.CultureInfo.InvariantCulture) : 0
                    )
            );

    /// <summary>Statements end with a semicolon at the end of a line.</summary>
    public static IEnumerable<string> Statements(string text) => StatementEnd().Split(text).Select(s => s.Trim()).Where(s => s.Length > 0);

    private static Script Read(Module module, string resource)
    {
        using var reader = new StreamReader(module.GetType().Assembly.GetManifestResourceStream(resource)!);
        var text = reader.ReadToEnd().ReplaceLineEndings("\n");
        var name = resource[(resource.IndexOf(".Migrations.", StringComparison.Ordinal) + 12)..^4];
        return new Script(module.Name, name, text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    private async Task CopyAsync(Db db, CancellationToken ct)
    {
        if (database.Dialect is not SqliteDialect)
            return;
        var target = folder.File("backup", $"before-migration-{clock.GetUtcNow():yyyyMMddHHmmss}.db");
        await db.ExecuteRawAsync("VACUUM INTO @target", new { target }, ct);
        log.LogInformation("Copied the database to {Target} before migrating", target);
    }

    /// <summary>One host at a time does what is named: migrating, the first run. Held until it is disposed.</summary>
    /// <exception cref="TimeoutException">Another host holds it for longer than a minute.</exception>
    public async Task<IAsyncDisposable> LockAsync(string name = "migrate", CancellationToken ct = default)
    {
        if (database.Dialect is SqliteDialect)
        {
            for (var round = 0; ; round++)
            {
                try
                {
                    return new FileStream(folder.File("", name + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                }
                catch (IOException) when (round < 600)
                {
                    await Task.Delay(100, ct);
                }
            }
        }
        var db = new Db(database);
        // 0 and 1: it is held; what is negative: it is not
        var got = await db.ScalarAsync<int>(
            "DECLARE @got INT; EXEC @got = sp_getapplock @Resource = @resource, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = "
                + "60000; SELECT @got",
            new { resource = "courtops-" + name },
            ct
        );
        if (got >= 0)
            return db;
        await db.DisposeAsync();
        throw new TimeoutException($"Another host holds the lock '{name}' (sp_getapplock: {got}).");
    }

    [GeneratedRegex(@"\$(?<t>[a-z]+)(\((?<n>\d+)\))?")]
    private static partial Regex Token();

    [GeneratedRegex("(DROP INDEX [a-z_]+) ON [a-z_]+")]
    private static partial Regex DropIndex();

    [GeneratedRegex(@";[ \t]*(?:\n|$)")]
    private static partial Regex StatementEnd();

    private sealed record Applied
    {
        public string Module { get; init; } = "";
        public string Name { get; init; } = "";
        public string Checksum { get; init; } = "";
    }
}
