using System.Threading.Channels;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Sealing;
using CourtOps.Kernel.Verifying;
using Microsoft.Extensions.Logging;

namespace CourtOps.Kernel.Access;

/// <summary>
/// Where the access log lies: access.db beside the data on SQLite, so that reading never waits for the writers of the court's
/// work; a table of the same database on SQL Server. Entries are in a journal before an answer leaves and together in the database a moment later.
/// </summary>
public sealed class AccessStore : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dialect? own;
    private readonly Database database;
    private readonly AccessJournal journal;
    private readonly ILogger<AccessStore> log;
    private readonly Channel<bool> written = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );
    private readonly SemaphoreSlim taking = new(1, 1);
    private readonly List<AccessJournal.Batch> taken = [];
    private readonly CancellationTokenSource ending = new();
    private readonly Lazy<Task> ready;
    private readonly Lazy<Task> running;

    private readonly Ids ids;

    public AccessStore(Database main, DataFolder folder, AccessOptions options, Ids ids, ILogger<AccessStore> log)
    {
        this.ids = ids;
        own = main.Dialect is SqliteDialect sqlite ? new SqliteDialect(folder.File("", "access.db"), sqlite.Durable) : null;
        database = own is null ? main : new Database(own);
        journal = new AccessJournal(folder, options.Flush);
        this.log = log;
        ready = new Lazy<Task>(() => Task.Run(PrepareAsync));
        running = new Lazy<Task>(() => Task.Run(RunAsync));
    }

    /// <summary>Returns when the entries survive a kill of this process.</summary>
    public void Write(IReadOnlyList<AccessRow> rows)
    {
        if (rows.Count == 0)
            return;
        journal.Append(rows);
        _ = running.Value;
        written.Writer.TryWrite(true);
    }

    /// <summary>For reading, sealing and verifying. The tables are there, and in them all that was written up to now.</summary>
    public async Task<Db> OpenAsync(CancellationToken ct = default)
    {
        await ready.Value.WaitAsync(ct);
        await TakeInAsync();
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
        written.Writer.TryComplete();
        await ending.CancelAsync(); // the end of a host waits for no pause
        if (running.IsValueCreated)
            await running.Value;
        ending.Dispose();
        journal.Dispose();
        taking.Dispose();
        if (own is not null)
            database.Dispose();
        (own as IDisposable)?.Dispose();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Journals that could not be read to their end.</summary>
    internal IReadOnlyList<string> Damaged() => journal.Damaged();

    private async Task RunAsync()
    {
        while (await written.Reader.WaitToReadAsync())
        {
            written.Reader.TryRead(out _);
            await TryTakeInAsync();
            await Task.Delay(Pause, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what comes meanwhile goes together
        }
        await TryTakeInAsync();
    }

    // the journal keeps what the database does not take
    private async Task TryTakeInAsync()
    {
        try
        {
            await ready.Value;
            await TakeInAsync();
        }
        catch (Exception e) when (e is System.Data.Common.DbException or IOException or InvalidOperationException)
        {
            log.LogError(e, "The access log could not be written to its database; it is tried again");
            written.Writer.TryWrite(true);
        }
    }

    private async Task TakeInAsync()
    {
        await taking.WaitAsync();
        try
        {
            if (journal.Take() is { } fresh)
                taken.Add(fresh);
            while (taken.Count > 0)
            {
                var batch = taken[0];
                taken[0] = batch with { Recovered = true }; // what fails after its commit is found there at the next attempt
                await InsertAsync(batch);
                File.Delete(batch.Path);
                taken.RemoveAt(0);
            }
        }
        finally
        {
            taking.Release();
        }
    }

    private async Task InsertAsync(AccessJournal.Batch batch)
    {
        await using var db = new Db(database);
        await db.BeginAsync();
        var there = new Dictionary<long, string>();
        if (batch.Recovered)
            foreach (var part in batch.Rows.Select(r => r.Id).Chunk(400))
            foreach (var row in await db.QueryAsync<There>("SELECT id, digest FROM kernel_access WHERE id IN @part", new { part }))
                there[row.Id] = row.Digest;
        foreach (var entry in batch.Rows)
        {
            var row = entry;
            if (there.TryGetValue(row.Id, out var digest))
            {
                if (digest == row.Digest)
                    continue;
                // no two entries have one id; should it happen all the same, none of them is lost for it
                log.LogError("An entry of the access log bears the id of another one: {Id}. It is kept under a new id", row.Id);
                row = row with { Id = ids.Next() };
                row = row with { Digest = row.Compute() };
            }
            await db.ExecuteAsync(
                """
                INSERT INTO kernel_access (id, at, actor_id, actor, person_name, roles, address, agent, session, request_id, action, object_type, object_id,
                    case_id, hits, result, reason, detail, court_id, form, digest, seal)
                VALUES (@Id, @At, @ActorId, @Actor, @PersonName, @Roles, @Address, @Agent, @Session, @RequestId, @Action, @ObjectType, @ObjectId, @CaseId,
                    @Hits, @Result, @Reason, @Detail, @CourtId, @Form, @Digest, 0)
                """,
                row
            );
        }
        await db.CommitAsync();
    }

    private sealed record There
    {
        public long Id { get; init; }
        public string Digest { get; init; } = "";
    }

    private async Task PrepareAsync()
    {
        const string migrations = "kernel_access_migration";
        await using var db = new Db(database);
        if (own is not null)
            await db.ExecuteRawAsync("PRAGMA journal_mode = WAL");
        if (await db.ScalarAsync<int>(database.Dialect.TableExists, new { name = migrations }) == 0)
        {
            await db.BeginAsync();
            await db.ExecuteAsync(Migrator.Translate($"CREATE TABLE {migrations} (name $text(120) NOT NULL PRIMARY KEY)", database.Dialect));
            await db.CommitAsync();
        }
        var done = await db.QueryAsync<string>($"SELECT name FROM {migrations}");
        foreach (var (name, text) in Scripts().Where(s => !done.Contains(s.Name)))
        {
            await db.BeginAsync();
            foreach (var statement in Migrator.Statements(Migrator.Translate(text, database.Dialect)))
                await db.ExecuteAsync(statement);
            await db.ExecuteAsync($"INSERT INTO {migrations} (name) VALUES (@name)", new { name });
            await db.CommitAsync();
        }
        taken.AddRange(journal.Left());
    }

    /// <summary>The scripts of the access log, in their order.</summary>
    public static IEnumerable<(string Name, string Text)> Scripts()
    {
        var assembly = typeof(AccessStore).Assembly;
        foreach (
            var resource in assembly
                .GetManifestResourceNames()
                .Where(n => n.Contains(".AccessMigrations.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource, reader.ReadToEnd().ReplaceLineEndings("\n"));
        }
    }
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
internal sealed class AccessHolds(AccessStore store, AccessSeals log, AnchorFiles anchors, ArchiveFiles archives, TimeProvider clock) : ICheck
{
    public string Name => "access-log";

    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var finding in LogHolds.RunAsync(Name, log, anchors, archives, clock, ct))
            yield return finding;
        foreach (var path in store.Damaged())
            yield return new Finding(Name, path, "a journal of the access log that cannot be read: its entries are not in the log");
    }
}
