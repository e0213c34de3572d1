using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CourtOps.Kernel.Data;

/// <summary>A write transaction of the engine in this process. The write lock is taken at once; its words are compiled once per connection, where the
/// driver's own compiles them at each use.</summary>
internal sealed class SqliteWrite : DbTransaction
{
    private readonly SqliteConnection connection;
    private bool ended;

    public SqliteWrite(SqliteConnection connection)
    {
        this.connection = connection;
        Statements.Execute(connection, "BEGIN IMMEDIATE", null);
    }

    public override IsolationLevel IsolationLevel => IsolationLevel.Serializable;

    protected override DbConnection? DbConnection => ended ? null : connection;

    public override void Commit()
    {
        Statements.Execute(connection, "COMMIT", null);
        ended = true;
    }

    public override void Rollback()
    {
        ended = true;
        // a full disk or a broken one: the engine has rolled back by itself
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            Statements.Execute(connection, "ROLLBACK", null);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !ended)
            Rollback();
        base.Dispose(disposing);
    }
}
