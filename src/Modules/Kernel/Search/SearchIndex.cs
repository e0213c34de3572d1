using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Data;
using Microsoft.Data.Sqlite;

namespace CourtOps.Kernel.Search;

/// <summary>
/// The index itself: SQLite's full-text engine in search.db beside the data, on either database. It is derived and may be deleted at any time.
/// The only place with words of that engine; the scan for T-SQL leaves this file out by name, because it never runs on SQL Server.
/// </summary>
public sealed class SearchIndex : IDisposable
{
    // what the file holds and how; another one is built anew
    private const int Format = 3;
    private const int Corrupt = 11;

    private readonly string path;
    private readonly SemaphoreSlim opening = new(1, 1);
    private SqliteDialect? dialect;
    private Database? database;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<(Database Open, string Area), bool> areas = new();

    public SearchIndex(DataFolder folder) => path = folder.File("", "search.db");

    public void Dispose()
    {
        Close();
        opening.Dispose();
    }

    /// <summary>True for a file that is no database or a damaged one.</summary>
    internal static bool IsBroken(Exception e) => e is SqliteException { SqliteErrorCode: Corrupt or 26 };

    /// <summary>Ids of one area, newest first, before an id of the page before.</summary>
    public async Task<IReadOnlyList<long>> FindAsync(string area, string typed, long before, int take, CancellationToken ct = default)
    {
        foreach (var question in SearchText.Questions(typed))
            if (
                await AskAsync(
                    area,
                    db =>
                        db.PageAsync<long>(
                            Sql(area, question),
                            new
                            {
                                query = question.Match,
                                before,
                                fragment = question.Fragment,
                            },
                            take,
                            ct
                        ),
                    ct
                ) is
                { Count: > 0 } found
            )
                return found;
        return [];
    }

    // the terms lead to few, the number itself decides: a phrase of all its terms walks through what every number of a court holds
    private static string Sql(string area, SearchText.Question question) =>
        question.Fragment is null
            ? $"SELECT rowid FROM {Table(area)} WHERE {Table(area)} MATCH @query AND rowid < @before ORDER BY rowid DESC"
            : $"SELECT f.rowid FROM {Table(area)} f CROSS JOIN {Table(area)}_known k WHERE {Table(area)} MATCH @query AND f.rowid < @before AND k.id "
                + "= f.rowid AND instr(k.number, @fragment) > 0 ORDER BY f.rowid DESC";

    // null when there is no index, or none that can be read
    private async Task<IReadOnlyList<long>?> AskAsync(string area, Func<Db, Task<IReadOnlyList<long>>> ask, CancellationToken ct)
    {
        if (await OpenAsync(ct) is not { } open)
            return null;
        try
        {
            await using var db = new Db(open);
            return await HasAsync(open, db, area, ct) ? await ask(db) : null;
        }
        catch (SqliteException e) when (IsBroken(e))
        {
            await DropAsync(ct); // the feeder finds none and builds it again
            return null;
        }
    }

    private async Task<bool> HasAsync(Database open, Db db, string area, CancellationToken ct)
    {
        if (areas.ContainsKey((open, area)))
            return true;
        if (await db.ScalarAsync<int>(db.Dialect.TableExists, new { name = Table(area) }, ct) == 0)
            return false;
        areas[(open, area)] = true;
        return true;
    }

    /// <summary>The last change that is in the index; null when there is no index.</summary>
    internal async Task<long?> PositionAsync(CancellationToken ct)
    {
        if (!File.Exists(path) || await OpenAsync(ct) is not { } open)
            return null;
        await using var db = new Db(open);
        return await db.FirstAsync<long?>("SELECT position FROM state WHERE id = 1", ct: ct);
    }

    internal async Task MoveAsync(long position, CancellationToken ct)
    {
        await using var db = new Db(await NeedAsync(ct));
        await db.BeginAsync(ct);
        if (await db.ExecuteAsync("UPDATE state SET position = @position WHERE id = 1", new { position }, ct) == 0)
            await db.ExecuteAsync("INSERT INTO state (id, position) VALUES (1, @position)", new { position }, ct);
        await db.CommitAsync(ct);
    }

    internal async Task ClearAsync(IReadOnlyList<string> areas, CancellationToken ct)
    {
        await DropAsync(ct);
        await using var db = new Db(await NeedAsync(ct));
        foreach (var area in areas)
        {
            // tokens are made by SearchText; unicode61 only parts them at blanks, whatever the age of its own tables
            await db.ExecuteRawAsync(
                $"CREATE VIRTUAL TABLE {Table(area)} USING fts5(words, threes, content='', contentless_delete=1, prefix='2 3', tokenize=\"unicode61 "
                    + "remove_diacritics 0 categories 'L* N* Co Cn M* S*'\")",
                ct: ct
            );
            await db.ExecuteRawAsync($"CREATE TABLE {Table(area)}_known (id INTEGER PRIMARY KEY, digest TEXT NOT NULL, number TEXT NOT NULL)", ct: ct);
        }
    }

    internal async Task WriteAsync(string area, IReadOnlyList<SearchDocument> documents, IReadOnlyList<long> gone, CancellationToken ct)
    {
        await using var db = new Db(await NeedAsync(ct));
        await db.BeginAsync(ct);
        var known = new Dictionary<long, string>();
        foreach (var ids in documents.Select(d => d.Id).Concat(gone).Chunk(400))
        foreach (var k in await db.QueryAsync<Known>($"SELECT id, digest FROM {Table(area)}_known WHERE id IN @ids", new { ids }, ct))
            known[k.Id] = k.Digest;
        foreach (var id in gone.Where(known.ContainsKey))
        {
            await db.ExecuteAsync($"DELETE FROM {Table(area)} WHERE rowid = @id", new { id }, ct);
            await db.ExecuteAsync($"DELETE FROM {Table(area)}_known WHERE id = @id", new { id }, ct);
        }
        foreach (var d in documents)
        {
            var digest = Digest(d);
            if (known.TryGetValue(d.Id, out var was) && was == digest)
                continue;
            if (was is not null)
                await db.ExecuteAsync($"DELETE FROM {Table(area)} WHERE rowid = @Id", new { d.Id }, ct);
            await db.ExecuteAsync(
                $"INSERT INTO {Table(area)} (rowid, words, threes) VALUES (@Id, @words, @threes)",
                new
                {
                    d.Id,
                    words = SearchText.Words(d.Number + " " + d.Text),
                    threes = SearchText.Threes(d.Number),
                },
                ct
            );
            await db.ExecuteAsync(
                $"INSERT OR REPLACE INTO {Table(area)}_known (id, digest, number) VALUES (@Id, @digest, @number)",
                new
                {
                    d.Id,
                    digest,
                    number = SearchText.Folded(d.Number),
                },
                ct
            );
        }
        await db.CommitAsync(ct);
    }

    /// <summary>The digests and folded numbers of what is indexed after an id, for verify.</summary>
    internal async Task<IReadOnlyDictionary<long, (string Digest, string Number)>> KnownAsync(string area, long after, long upTo, CancellationToken ct)
    {
        await using var db = new Db(await NeedAsync(ct));
        return (
            await db.QueryAsync<Known>($"SELECT id, digest, number FROM {Table(area)}_known WHERE id > @after AND id <= @upTo", new { after, upTo }, ct)
        ).ToDictionary(k => k.Id, k => (k.Digest, k.Number));
    }

    /// <summary>Whether the engine finds its own tables in order; false for a damaged index that would only find too little.</summary>
    internal async Task<bool> IsSoundAsync(string area, CancellationToken ct)
    {
        try
        {
            await using var db = new Db(await NeedAsync(ct));
            await db.ExecuteRawAsync($"INSERT INTO {Table(area)} ({Table(area)}) VALUES ('integrity-check')", ct: ct);
            return true;
        }
        catch (SqliteException e) when (IsBroken(e))
        {
            return false;
        }
    }

    internal static string Digest(SearchDocument d) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(d.Number + "\n" + d.Text)))[..16];

    /// <summary>Closes and deletes the file; it is built again when it is fed next.</summary>
    public async Task DropAsync(CancellationToken ct)
    {
        await opening.WaitAsync(ct);
        try
        {
            Close();
            foreach (var end in new[] { "", "-wal", "-shm" })
                File.Delete(path + end);
        }
        finally
        {
            opening.Release();
        }
    }

    private static string Table(string area) =>
        area.All(char.IsAsciiLetterLower) && area.Length is > 0 and < 20 ? "search_" + area : throw new ArgumentException($"No area: {area}", nameof(area));

    private async Task<Database> NeedAsync(CancellationToken ct) => (await OpenAsync(ct, create: true))!;

    private async Task<Database?> OpenAsync(CancellationToken ct, bool create = false)
    {
        if (database is { } ready)
            return ready;
        await opening.WaitAsync(ct);
        try
        {
            if (database is not null)
                return database;
            if (!create && !File.Exists(path))
                return null;
            dialect = new SqliteDialect(path, durable: false);
            var made = new Database(dialect, watched: false);
            await using var db = new Db(made);
            await db.ExecuteRawAsync("PRAGMA journal_mode = WAL", ct: ct);
            var old = await db.ScalarAsync<int>("PRAGMA user_version", ct: ct) != Format;
            if (old && await db.ScalarAsync<int>(made.Dialect.TableExists, new { name = "state" }, ct) != 0)
                throw new SqliteException("The search index has another format.", Corrupt);
            await db.ExecuteRawAsync(
                $"CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY, position INTEGER NOT NULL); PRAGMA user_version = {Format}",
                ct: ct
            );
            return database = made;
        }
        catch (Exception e) when (IsBroken(e) && !create)
        {
            dialect?.Dispose();
            return null;
        }
        finally
        {
            opening.Release();
        }
    }

    private void Close()
    {
        dialect?.Dispose();
        database?.Dispose();
        (dialect, database) = (null, null);
        areas.Clear();
    }

    private sealed record Known
    {
        public long Id { get; init; }
        public string Digest { get; init; } = "";
        public string Number { get; init; } = "";
    }
}
