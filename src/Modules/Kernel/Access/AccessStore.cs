using System.Threading.Channels;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Sealing;
using CourtOps.Kernel.Verifying;

namespace CourtOps.Kernel.Access;

/// <summary>
/// Where the access log lies: access.db beside the data on SQLite, so that reading never waits for the writers of the court's
/// work; a table of the same database on SQL Server. Entries of requests that run at the same time share one flushed commit.
/// </summary>
public sealed class AccessStore : IAsyncDisposable, IDisposable
{
    private const int MostPerCommit = 1000;

    private readonly Dialect? own;
    private readonly Database database;
    private readonly Channel<Waiting> queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lazy<Task> ready;
    private readonly Lazy<Task> writing;

    public AccessStore(Database main, DataFolder folder)
    {
        own = main.Dialect is SqliteDialect sqlite ? new SqliteDialect(folder.File("", "access.db"), sqlite.Durable) : null;
        database = own is null ? main : new Database(own);
        ready = new Lazy<Task>(() => Task.Run(PrepareAsync));
        writing = new Lazy<Task>(() => Task.Run(WriteLoopAsync));
    }

    /// <summary>Returns when the entries are durable.</summary>
    public async Task WriteAsync(IReadOnlyList<AccessRow> rows, CancellationToken ct = default)
    {
        if (rows.Count == 0)
            return;
        _ = writing.Value;
        var waiting = new Waiting(rows, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!queue.Writer.TryWrite(waiting))
            throw new InvalidOperationException("The access log is closed; nothing is answered without it.");
        await waiting.Written.Task.WaitAsync(ct);
    }

    /// <summary>For reading, sealing and verifying. The tables are there.</summary>
    public async Task<Db> OpenAsync(CancellationToken ct = default)
    {
        await ready.Value.WaitAsync(ct);
        return new Db(database);
    }

    /// <summary>A consistent copy beside a copy of the database; false where the log lies in the same database.</summary>
    public async Task<bool> CopyAsync(string target)
    {
        if (own is null)
            return false;
        await using var db = await OpenAsync();
        await db.ExecuteRawAsync("VACUUM INTO @target", new { target });
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        if (writing.IsValueCreated)
            await writing.Value;
        if (own is not null)
            database.Dispose();
        (own as IDisposable)?.Dispose();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task WriteLoopAsync()
    {
        var batch = new List<Waiting>();
        var first = true;
        while (await queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            for (var n = 0; n < MostPerCommit && queue.Reader.TryRead(out var next); n += next.Rows.Count)
                batch.Add(next);
            try
            {
                if (first)
                    await ready.Value;
                first = false;
                await using var db = new Db(database);
                await db.BeginAsync();
                foreach (var waiting in batch)
                    foreach (var row in waiting.Rows)
                        await db.ExecuteAsync(
                            """
                            INSERT INTO kernel_access (id, at, actor_id, actor, person_name, roles, address, agent, session, request_id, action, object_type, object_id, case_id, hits, result, reason, detail, court_id, form, digest, seal)
                            VALUES (@Id, @At, @ActorId, @Actor, @PersonName, @Roles, @Address, @Agent, @Session, @RequestId, @Action, @ObjectType, @ObjectId, @CaseId, @Hits, @Result, @Reason, @Detail, @CourtId, @Form, @Digest, 0)
                            """, row);
                await db.CommitAsync();
                foreach (var waiting in batch)
                    waiting.Written.SetResult();
            }
            catch (Exception e)
            {
                // whoever waits learns of it, and answers nothing
                foreach (var waiting in batch)
                    waiting.Written.TrySetException(e);
            }
        }
    }

    private async Task PrepareAsync()
    {
        const string journal = "kernel_access_migration";
        await using var db = new Db(database);
        if (own is not null)
            await db.ExecuteRawAsync("PRAGMA journal_mode = WAL");
        if (await db.ScalarAsync<int>(database.Dialect.TableExists, new { name = journal }) == 0)
        {
            await db.BeginAsync();
            await db.ExecuteAsync(Migrator.Translate($"CREATE TABLE {journal} (name $text(120) NOT NULL PRIMARY KEY)", database.Dialect));
            await db.CommitAsync();
        }
        var done = await db.QueryAsync<string>($"SELECT name FROM {journal}");
        foreach (var (name, text) in Scripts().Where(s => !done.Contains(s.Name)))
        {
            await db.BeginAsync();
            foreach (var statement in Migrator.Statements(Migrator.Translate(text, database.Dialect)))
                await db.ExecuteAsync(statement);
            await db.ExecuteAsync($"INSERT INTO {journal} (name) VALUES (@name)", new { name });
            await db.CommitAsync();
        }
    }

    /// <summary>The scripts of the access log, in their order.</summary>
    public static IEnumerable<(string Name, string Text)> Scripts()
    {
        var assembly = typeof(AccessStore).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.Contains(".AccessMigrations.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource, reader.ReadToEnd().ReplaceLineEndings("\n"));
        }
    }

    private sealed record Waiting(IReadOnlyList<AccessRow> Rows, TaskCompletionSource Written);
}

/// <summary>The access log as a sealed log.</summary>
public sealed class AccessSeals(AccessStore store) : SealedLog<AccessRow>(AccessRow.Columns)
{
    public override string Stream => AnchorFiles.Access;

    public override string Table => "kernel_access";

    public override string Seals => "kernel_access_seal";

    public override Task<Db> OpenAsync(CancellationToken ct) => store.OpenAsync(ct);
}

/// <summary>The access log: each row its digest, each seal its rows, each anchor its seal.</summary>
internal sealed class AccessHolds(AccessSeals log, AnchorFiles anchors, ArchiveFiles archives, TimeProvider clock) : ICheck
{
    public string Name => "access-log";

    public IAsyncEnumerable<Finding> RunAsync(CancellationToken ct) => LogHolds.RunAsync(Name, log, anchors, archives, clock, ct);
}
