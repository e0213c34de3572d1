using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using CourtOps.Kernel.Data;

namespace CourtOps.Kernel.Tests.Data;

/// <summary>
/// An engine that ends the transaction by itself, as SQL Server does with the victim of a deadlock: the transaction has no connection any more, and what the
/// driver is given next runs outside any. Played by a connection of the test's own.
/// </summary>
public sealed class LostTransactionTests
{
    [Test]
    public async Task After_a_deadlock_inside_a_savepoint_nothing_more_is_written_and_the_first_error_is_thrown()
    {
        var engine = new Played();
        using var database = new Database(engine, watched: false);
        var db = new Db(database);
        await db.BeginAsync();
        await db.ExecuteAsync("INSERT 1");
        await Assert.ThatAsync(
            () =>
                db.SavepointAsync(async () =>
                {
                    await db.ExecuteAsync("INSERT 2");
                    await db.ExecuteAsync("DEADLOCK");
                }),
            Throws.TypeOf<Deadlock>(),
            "not hidden by an error of the rollback to a savepoint that is gone"
        );
        Assert.That(db.IsLost, Is.True);
        await Assert.ThatAsync(() => db.ExecuteAsync("INSERT 3"), Throws.TypeOf<TransactionLost>());
        await Assert.ThatAsync(() => db.CommitAsync(), Throws.TypeOf<TransactionLost>());
        Assert.That(engine.IsTransient(new TransactionLost()), Is.True, "it is begun again at the edge");
        await db.DisposeAsync();
        Assert.That(engine.Written, Is.Empty, "neither inside nor outside of a transaction");
        Assert.That(engine.Returned, Is.EqualTo(1), "the connection is given back");
    }

    [Test]
    public async Task Work_that_swallows_the_deadlock_does_not_go_on()
    {
        var engine = new Played();
        using var database = new Database(engine, watched: false);
        await using var db = new Db(database);
        await db.BeginAsync();
        await Assert.ThatAsync(
            () =>
                db.SavepointAsync(async () =>
                {
                    try
                    {
                        await db.ExecuteAsync("DEADLOCK");
                    }
                    catch (Deadlock)
                    {
                        // as a handler that takes every error for a refusal
                    }
                }),
            Throws.TypeOf<TransactionLost>()
        );
    }

    [Test]
    public async Task After_the_rollback_the_same_scope_begins_again_and_keeps_what_it_writes()
    {
        var engine = new Played();
        using var database = new Database(engine, watched: false);
        await using var db = new Db(database);
        await db.BeginAsync();
        await Assert.ThatAsync(() => db.ExecuteAsync("DEADLOCK"), Throws.TypeOf<Deadlock>());
        await db.RollbackAsync();
        await db.BeginAsync();
        await db.SavepointAsync(() => db.ExecuteAsync("INSERT 1"));
        await db.CommitAsync();
        Assert.That(engine.Written, Is.EqualTo(new[] { "INSERT 1" }));
    }

    private sealed class Deadlock() : DbException("1205");

    private sealed class Played : Dialect
    {
        public List<string> Written { get; } = [];

        public int Returned { get; private set; }

        public override string Name => "played";

        public override string TableExists => "";

        public override bool SingleWriter => false;

        public override string Type(string token, int length) => token;

        public override Task<DbConnection> RentAsync(CancellationToken ct) => Task.FromResult<DbConnection>(new Connection(this));

        public override ValueTask ReturnAsync(DbConnection connection)
        {
            Returned++;
            return ValueTask.CompletedTask;
        }

        public override DbTransaction BeginWrite(DbConnection connection) => connection.BeginTransaction();

        public override string Take(string sql) => sql;

        public override bool IsDuplicate(Exception e) => false;

        public override bool IsForeignKey(Exception e) => false;

        public override bool IsTransient(Exception e) => e is TransactionLost or Deadlock;
    }

    private sealed class Connection(Played engine) : DbConnection
    {
        public Played Engine => engine;

        [AllowNull]
        public override string ConnectionString { get; set; } = "";

        public override string Database => "";

        public override string DataSource => "";

        public override string ServerVersion => "";

        public override ConnectionState State => ConnectionState.Open;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Close() { }

        public override void Open() { }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => new Transaction(this);

        protected override DbCommand CreateDbCommand() => new Command(this);
    }

    private sealed class Transaction(Connection connection) : DbTransaction
    {
        private readonly List<string> pending = [];
        private bool ended;

        public override IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;

        public override bool SupportsSavepoints => true;

        protected override DbConnection? DbConnection => ended ? null : connection;

        public override void Save(string savepointName) => Demand();

        public override void Rollback(string savepointName) => Demand();

        public override void Commit()
        {
            Demand();
            ended = true;
            connection.Engine.Written.AddRange(pending);
        }

        public override void Rollback()
        {
            Demand();
            ended = true;
        }

        public void Run(string sql)
        {
            if (sql == "DEADLOCK")
            {
                ended = true;
                throw new Deadlock();
            }
            pending.Add(sql);
        }

        private void Demand()
        {
            if (ended)
                throw new InvalidOperationException("This transaction has completed; it is no longer usable.");
        }
    }

    private sealed class Command(Connection connection) : DbCommand
    {
        [AllowNull]
        public override string CommandText { get; set; } = "";

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; }

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; } = connection;

        protected override DbParameterCollection DbParameterCollection => throw new NotSupportedException();

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel() { }

        public override int ExecuteNonQuery()
        {
            // the driver with a transaction that has ended: the statement runs on its own, and is kept
            if (DbTransaction is Transaction { Connection: not null } open)
                open.Run(CommandText);
            else
                connection.Engine.Written.Add(CommandText);
            return 1;
        }

        public override object? ExecuteScalar() => throw new NotSupportedException();

        public override void Prepare() { }

        protected override DbParameter CreateDbParameter() => throw new NotSupportedException();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw new NotSupportedException();
    }
}
