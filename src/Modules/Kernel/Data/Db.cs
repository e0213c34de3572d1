using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CourtOps.Kernel.Data;

/// <summary>The database of this host: the dialect and, on SQLite, the gate at which writers queue.</summary>
public sealed class Database(Dialect dialect, bool watched = true) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);

    static Database() => TypeHandlers.Register();

    public Dialect Dialect { get; } = dialect;

    /// <summary>Tests look at every statement that is run.</summary>
    public static Action<string>? Watch { get; set; }

    public void Dispose() => gate.Dispose();

    internal void Seen(string sql)
    {
        if (watched)
            Watch?.Invoke(sql);
    }

    internal Task EnterAsync(CancellationToken ct) => Dialect.SingleWriter ? gate.WaitAsync(ct) : Task.CompletedTask;

    internal void Leave()
    {
        if (Dialect.SingleWriter)
            gate.Release();
    }
}

/// <summary>The engine ended the transaction while it was used. May be tried again as a whole, see <see cref="Dialect.IsTransient"/>.</summary>
public sealed class TransactionLost() : DbException("The database has ended the transaction; nothing of it was written.");

/// <summary>
/// One connection and at most one transaction for a scope. Commands run in a transaction opened by the pipeline;
/// queries open none. Every statement of the product goes through here, so that the transaction is never forgotten.
/// </summary>
public sealed class Db(Database database) : IAsyncDisposable
{
    private readonly List<Action> afterCommit = [];
    private DbConnection? connection;
    private DbTransaction? transaction;
    private Db? host;
    private bool inGate;
    private int savepoints;

    public Dialect Dialect => database.Dialect;

    public bool InTransaction => transaction is not null || host?.InTransaction == true;

    /// <summary>The engine has ended the transaction by itself (a deadlock, a broken connection): nothing more of it can be written or kept.</summary>
    public bool IsLost => Transaction is { Connection: null };

    /// <summary>Opens the write transaction. On SQLite the write lock is taken at once.</summary>
    public async Task BeginAsync(CancellationToken ct = default)
    {
        if (InTransaction)
            throw new InvalidOperationException("A transaction is open in this scope already.");
        var c = await OpenAsync(ct);
        await database.EnterAsync(ct);
        inGate = true;
        try
        {
            transaction = Dialect.BeginWrite(c);
        }
        catch
        {
            LeaveGate();
            throw;
        }
    }

    public async Task CommitAsync(CancellationToken ct = default)
    {
        if (transaction is null)
            throw new InvalidOperationException("No transaction is open.");
        RefuseLost();
        await transaction.CommitAsync(ct);
        await transaction.DisposeAsync();
        transaction = null;
        LeaveGate();
        var actions = afterCommit.ToArray();
        afterCommit.Clear();
        foreach (var action in actions)
            action();
    }

    public async Task RollbackAsync()
    {
        afterCommit.Clear();
        if (transaction is null)
            return;
        try
        {
            if (transaction.Connection is not null)
                await transaction.RollbackAsync();
            await transaction.DisposeAsync();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // the engine has rolled back by itself (deadlock victim, broken connection); nothing is left to undo
        }
        finally
        {
            transaction = null;
            LeaveGate();
        }
    }

    /// <summary>Uses the transaction of another scope; the relay delivers many notifications in one commit.</summary>
    public void Join(Db other) => host = other;

    public void OnCommitted(Action action)
    {
        if (host is not null)
            host.OnCommitted(action);
        else if (transaction is null)
            action();
        else
            afterCommit.Add(action);
    }

    /// <summary>Runs work inside a savepoint; when it throws, only that work is undone.</summary>
    public async Task SavepointAsync(Func<Task> work)
    {
        var t = Transaction ?? throw new InvalidOperationException("A savepoint needs a transaction.");
        // one name for each depth: the statements are compiled once
        var name = $"s{++savepoints}";
        var kept = afterCommit.Count;
        try
        {
            await SaveAsync(t, "SAVEPOINT ", name, t.SaveAsync);
            try
            {
                await work();
            }
            catch when (t.Connection is null)
            {
                throw; // the whole transaction is gone, with its savepoints: whoever opened it must begin again
            }
            catch
            {
                await SaveAsync(t, "ROLLBACK TO ", name, t.RollbackAsync);
                await ReleaseAsync(t, name);
                afterCommit.RemoveRange(kept, afterCommit.Count - kept);
                throw;
            }
            RefuseLost(); // the work may have swallowed the error
            await ReleaseAsync(t, name);
        }
        finally
        {
            savepoints--;
        }
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args = null, CancellationToken ct = default)
    {
        var c = await OpenAsync(ct);
        return (Direct(c, sql, args) is { } sqlite ? Statements.Query<T>(sqlite, sql, args, null) : null)
            ?? (await c.QueryAsync<T>(Command(sql, args, ct))).AsList();
    }

    /// <summary>The first <paramref name="take"/> rows; the text ends with ORDER BY.</summary>
    public async Task<IReadOnlyList<T>> PageAsync<T>(string sql, object? args, int take, CancellationToken ct = default)
    {
        var limited = Dialect.Take(sql);
        var c = await OpenAsync(ct);
        return (Direct(c, limited, args) is { } sqlite ? Statements.Query<T>(sqlite, limited, args, take) : null)
            ?? (await c.QueryAsync<T>(Command(limited, With(limited, args, take), ct))).AsList();
    }

    public async Task<T?> FirstAsync<T>(string sql, object? args = null, CancellationToken ct = default)
    {
        var c = await OpenAsync(ct);
        if (Direct(c, sql, args) is { } sqlite && Statements.First<T>(sqlite, sql, args, null, out var known) is var row && known)
            return row;
        return await c.QueryFirstOrDefaultAsync<T>(Command(sql, args, ct));
    }

    public async Task<T> ScalarAsync<T>(string sql, object? args = null, CancellationToken ct = default)
    {
        var c = await OpenAsync(ct);
        if (Direct(c, sql, args) is { } sqlite && Statements.First<T>(sqlite, sql, args, null, out var known) is var value && known)
            return value!;
        return (await c.ExecuteScalarAsync<T>(Command(sql, args, ct)))!;
    }

    /// <summary>One row over the first <paramref name="limit"/> rows of a text that ends with ORDER BY: counts and sums that cost the same whatever the table
    /// holds.</summary>
    /// <param name="select">What is taken of the limited rows, aliased x: "COUNT(*) AS total".</param>
    public async Task<T?> FirstOfAsync<T>(string select, string sql, object? args, int limit, CancellationToken ct = default)
    {
        var text = $"SELECT {select} FROM ({Dialect.Take(sql)}) x";
        var c = await OpenAsync(ct);
        if (Direct(c, text, args) is { } sqlite && Statements.First<T>(sqlite, text, args, limit, out var known) is var row && known)
            return row;
        return await c.QueryFirstOrDefaultAsync<T>(Command(text, With(text, args, limit), ct));
    }

    /// <summary>As <see cref="FirstOfAsync{T}"/>, a row for each of many walks, a hundred in a statement (see <see cref="Walks"/>).</summary>
    public async Task<IReadOnlyList<T>> FirstOfEachAsync<T>(string select, string sql, object args, int walks, int limit, CancellationToken ct = default)
    {
        var rows = new List<T>(walks);
        var c = await OpenAsync(ct);
        foreach (var text in Walks.Of($"SELECT {select} FROM ({Dialect.Take(sql)}) x", walks))
            rows.AddRange(
                (Direct(c, text, args) is { } sqlite ? Statements.Query<T>(sqlite, text, args, limit) : null)
                    ?? (await c.QueryAsync<T>(Command(text, With(text, args, limit), ct))).AsList()
            );
        return rows;
    }

    /// <summary>Counts no further than <paramref name="limit"/>, so that a queue of a million rows costs what one of a thousand does.</summary>
    public Task<int> CountUpToAsync(string sql, object? args, int limit, CancellationToken ct = default) => FirstOfAsync<int>("COUNT(*)", sql, args, limit, ct);

    /// <summary>Returns the number of rows touched. Allowed inside a transaction only.</summary>
    public async Task<int> ExecuteAsync(string sql, object? args = null, CancellationToken ct = default)
    {
        if (!InTransaction)
            throw new InvalidOperationException("Writing needs a transaction: send a command.");
        var c = await OpenAsync(ct);
        return (Direct(c, sql, args) is { } sqlite ? Statements.Execute(sqlite, sql, args) : null) ?? await c.ExecuteAsync(Command(sql, args, ct));
    }

    /// <summary>The same statement for each of many rows.</summary>
    public async Task ExecuteManyAsync(string sql, IReadOnlyCollection<object> rows, CancellationToken ct = default)
    {
        if (rows.Count == 0)
            return;
        if (!InTransaction)
            throw new InvalidOperationException("Writing needs a transaction: send a command.");
        var c = await OpenAsync(ct);
        if (Direct(c, sql, null) is { } sqlite && Statements.ExecuteMany(sqlite, sql, rows))
            return;
        await c.ExecuteAsync(Command(sql, rows, ct));
    }

    /// <summary>For schema work, pragmas and backups: outside any transaction.</summary>
    public async Task<int> ExecuteRawAsync(string sql, object? args = null, CancellationToken ct = default) =>
        await (await OpenAsync(ct)).ExecuteAsync(Command(sql, args, ct));

    public async ValueTask DisposeAsync()
    {
        try
        {
            await RollbackAsync();
        }
        finally
        {
            if (connection is not null)
                await Dialect.ReturnAsync(connection);
            connection = null;
        }
    }

    private DbTransaction? Transaction => host is null ? transaction : host.Transaction;

    // SQL Server has no word for it
    private Task ReleaseAsync(DbTransaction t, string name) => Dialect.SingleWriter ? SaveAsync(t, "RELEASE ", name, t.ReleaseAsync) : Task.CompletedTask;

    private static Task SaveAsync(DbTransaction t, string verb, string name, Func<string, CancellationToken, Task> general)
    {
        if (t.Connection is not SqliteConnection sqlite)
            return general(name, CancellationToken.None);
        Statements.Execute(sqlite, verb + name, null);
        return Task.CompletedTask;
    }

    // only the engine in this process: its calls are synchronous, whatever their name
    private SqliteConnection? Direct(DbConnection c, string sql, object? args)
    {
        if (c is not SqliteConnection sqlite || args is System.Collections.IEnumerable)
            return null;
        database.Seen(sql);
        return sqlite;
    }

    // the general path knows the items of a list behind IN only; those a text names one by one (see Walks) are named here
    private static DynamicParameters With(string sql, object? args, int take)
    {
        var parameters = new DynamicParameters(args);
        parameters.Add("take", take);
        foreach (var property in args?.GetType().GetProperties() ?? [])
            if (
                property.PropertyType != typeof(string)
                && sql.Contains($"@{property.Name}_", StringComparison.OrdinalIgnoreCase)
                && property.GetValue(args) is System.Collections.IEnumerable many
            )
                foreach (var (i, item) in many.Cast<object?>().Index())
                    parameters.Add($"{property.Name}_{i}", item);
        return parameters;
    }

    private CommandDefinition Command(string sql, object? args, CancellationToken ct)
    {
        database.Seen(sql);
        RefuseLost();
        // the engine in this process knows its transaction by the connection
        return new CommandDefinition(sql, args, Dialect.SingleWriter ? null : Transaction, cancellationToken: ct);
    }

    private async ValueTask<DbConnection> OpenAsync(CancellationToken ct)
    {
        if (host is not null)
            return await host.OpenAsync(ct);
        if (connection is not null)
            return connection;
        return connection = await Dialect.RentAsync(ct);
    }

    // with a transaction that has ended, the driver would run what follows outside any
    private void RefuseLost()
    {
        if (IsLost)
            throw new TransactionLost();
    }

    private void LeaveGate()
    {
        if (!inGate)
            return;
        inGate = false;
        database.Leave();
    }
}
