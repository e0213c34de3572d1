using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace CourtOps.Kernel.Data;

/// <summary>All that differs between the two databases; everything else is one SQL text.</summary>
public abstract class Dialect
{
    public abstract string Name { get; }

    /// <summary>Column types behind the tokens of migration scripts ($id, $text(80), …).</summary>
    public abstract string Type(string token, int length);

    /// <summary>An open connection, ready to use.</summary>
    public abstract Task<DbConnection> RentAsync(CancellationToken ct);

    /// <summary>Gives it back; no transaction is open on it.</summary>
    public abstract ValueTask ReturnAsync(DbConnection connection);

    public abstract DbTransaction BeginWrite(DbConnection connection);

    /// <summary>Appends the row limit; the text must end with ORDER BY.</summary>
    public abstract string Take(string sql);

    public abstract bool IsDuplicate(Exception e);

    public abstract bool IsForeignKey(Exception e);

    /// <summary>The database gave up on a transaction that may be tried again as a whole.</summary>
    public abstract bool IsTransient(Exception e);

    public abstract string TableExists { get; }

    /// <summary>True where only one writer exists, so that writers queue in the process and not in the engine.</summary>
    public abstract bool SingleWriter { get; }
}

/// <summary>The embedded default: one file, WAL, one flush a commit.</summary>
public sealed class SqliteDialect(string path, bool durable = true) : Dialect, IDisposable
{
    static SqliteDialect()
    {
        // counting its memory takes a lock of the whole process at each allocation; nobody reads the count
        SQLitePCL.Batteries_V2.Init();
        SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private readonly string connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        ForeignKeys = true,
        DefaultTimeout = 30,
        Pooling = false,
    }.ToString();

    // Opening costs more than a small statement: connections stay open with their pragmas, as many as ever ran at once.
    private readonly ConcurrentBag<SqliteConnection> idle = [];
    private bool closed;

    public string Path { get; } = path;

    /// <summary>Whether a commit is flushed to the disk.</summary>
    public bool Durable { get; } = durable;

    public override string Name => "sqlite";

    public override bool SingleWriter => true;

    public override string TableExists => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @name";

    public override string Type(string token, int length) =>
        token switch
        {
            "id" or "money" or "int" or "bool" => "INTEGER",
            "text" or "note" or "time" or "date" => "TEXT",
            "blob" => "BLOB",
            _ => throw new ArgumentException($"Unknown column type ${token}", nameof(token)),
        };

    public override async Task<DbConnection> RentAsync(CancellationToken ct)
    {
        if (idle.TryTake(out var ready))
            return ready;
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(ct).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText = Durable
            ? "PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000; PRAGMA mmap_size = "
                + "268435456; PRAGMA wal_autocheckpoint = 4000;"
            : "PRAGMA busy_timeout = 30000; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;";
        command.ExecuteNonQuery();
        return connection;
    }

    public override async ValueTask ReturnAsync(DbConnection connection)
    {
        var sqlite = (SqliteConnection)connection;
        if (!closed && idle.Count < 32)
        {
            idle.Add(sqlite);
            return;
        }
        Statements.Forget(sqlite);
        await sqlite.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes what is idle, so that the file can be moved.</summary>
    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var connection))
        {
            Statements.Forget(connection);
            connection.Dispose();
        }
    }

    public override DbTransaction BeginWrite(DbConnection connection) => new SqliteWrite((SqliteConnection)connection);

    // a bare parameter would make the engine compile the statement anew at each run, to plan by its value
    public override string Take(string sql) => sql + "\nLIMIT @take + 0";

    public override bool IsDuplicate(Exception e) => e is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 };

    public override bool IsForeignKey(Exception e) => e is SqliteException { SqliteExtendedErrorCode: 787 };

    public override bool IsTransient(Exception e) => e is TransactionLost or SqliteException { SqliteErrorCode: 5 or 6 };
}

/// <summary>SQL Server 2019 and later, for several hosts.</summary>
public sealed class SqlServerDialect(string connectionString) : Dialect
{
    /// <summary>By code point, like SQLite.</summary>
    public const string Collation = "Latin1_General_100_BIN2";

    /// <summary>Whether the connection is one with which the driver loses text: unencrypted, on anything but Windows.</summary>
    public static bool LosesText(string connectionString, bool windows) =>
        !windows && new SqlConnectionStringBuilder(connectionString).Encrypt == SqlConnectionEncryptOption.Optional;

    public override string Name => "sqlserver";

    public override bool SingleWriter => false;

    public override string TableExists => "SELECT COUNT(*) FROM sys.tables WHERE name = @name";

    public override string Type(string token, int length) =>
        token switch
        {
            "id" or "money" => "BIGINT",
            "int" => "INT",
            "bool" => "BIT",
            // compared as SQLite does: case, width and accents are different characters; what people search is folded before
            "text" => $"NVARCHAR({length}) COLLATE {Collation}",
            "note" => $"NVARCHAR(MAX) COLLATE {Collation}",
            "time" => "DATETIMEOFFSET(3)",
            "date" => "DATE",
            "blob" => "VARBINARY(MAX)",
            _ => throw new ArgumentException($"Unknown column type ${token}", nameof(token)),
        };

    public override async Task<DbConnection> RentAsync(CancellationToken ct)
    {
        var connection = new SqlConnection(connectionString);
        await connection.OpenAsync(ct).ConfigureAwait(false);
        return connection;
    }

    // SqlClient keeps a pool of its own
    public override ValueTask ReturnAsync(DbConnection connection) => connection.DisposeAsync();

    public override DbTransaction BeginWrite(DbConnection connection) => connection.BeginTransaction(System.Data.IsolationLevel.ReadCommitted);

    public override string Take(string sql) => sql + "\nOFFSET 0 ROWS FETCH NEXT @take ROWS ONLY";

    public override bool IsDuplicate(Exception e) => e is SqlException { Number: 2601 or 2627 };

    public override bool IsForeignKey(Exception e) => e is SqlException { Number: 547 };

    public override bool IsTransient(Exception e) => e is TransactionLost or SqlException { Number: 1205 or 1222 };
}
