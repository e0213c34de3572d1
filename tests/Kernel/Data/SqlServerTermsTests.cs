using System.Data;
using CourtOps.Kernel.Data;
using Dapper;
using Microsoft.Data.SqlClient;

namespace CourtOps.Kernel.Tests.Data;

/// <summary>What is sent to SQL Server, looked at in the driver's own parameters and type words; no server is needed.</summary>
public sealed class SqlServerTermsTests
{
    private static readonly SqlMapper.ITypeHandler Instants = new TypeHandlers.Typed(new TypeHandlers.Instant(), DbType.DateTimeOffset);
    private static readonly SqlMapper.ITypeHandler Days = new TypeHandlers.Typed(new TypeHandlers.Day(), DbType.Date);

    [Test]
    public void A_null_instant_or_date_is_sent_with_its_type_and_not_as_text()
    {
        var (instant, day) = (new SqlParameter(), new SqlParameter());
        Instants.SetValue(instant, DBNull.Value);
        Days.SetValue(day, DBNull.Value);
        Assert.That((instant.SqlDbType, instant.Value), Is.EqualTo((SqlDbType.DateTimeOffset, (object)DBNull.Value)));
        Assert.That((day.SqlDbType, day.Value), Is.EqualTo((SqlDbType.Date, (object)DBNull.Value)));
    }

    [Test]
    public void An_instant_is_cut_to_milliseconds_as_on_sqlite()
    {
        var sent = new SqlParameter();
        Instants.SetValue(sent, new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.FromHours(8)).AddTicks(9_999_999));
        Assert.That(sent.Value, Is.EqualTo(new DateTimeOffset(2026, 3, 2, 1, 0, 0, 999, TimeSpan.Zero)));
        Assert.That(sent.SqlDbType, Is.EqualTo(SqlDbType.DateTimeOffset));
    }

    [Test]
    public void Texts_are_compared_by_code_point_as_on_sqlite()
    {
        var dialect = new SqlServerDialect("Server=none");
        Assert.That(dialect.Type("text", 80), Is.EqualTo("NVARCHAR(80) COLLATE Latin1_General_100_BIN2"));
        Assert.That(dialect.Type("note", 0), Does.EndWith("COLLATE Latin1_General_100_BIN2"));
        Assert.That(SqlWatch.Error($"CREATE TABLE t (a {dialect.Type("text", 8)} NOT NULL PRIMARY KEY, b {dialect.Type("note", 0)} NULL)"), Is.Null);
    }

    [TestCase("Server=s;Encrypt=False", false, true)]
    [TestCase("Server=s;Encrypt=Optional", false, true)]
    [TestCase("Server=s;Encrypt=False", true, false)]
    [TestCase("Server=s", false, false)]
    [TestCase("Server=s;Encrypt=True;TrustServerCertificate=True", false, false)]
    [TestCase("Server=s;Encrypt=Strict", false, false)]
    public void A_connection_that_loses_text_is_known(string connection, bool windows, bool loses) =>
        Assert.That(SqlServerDialect.LosesText(connection, windows), Is.EqualTo(loses));
}
