namespace CourtOps.Testing;

public enum Engine
{
    Sqlite,
    SqlServer,
}

/// <summary>One test body for every database; one that is not configured is reported as skipped, with the reason.</summary>
public static class Engines
{
    public const string Variable = "COURTOPS_TEST_SQLSERVER";

    /// <summary>A connection string without a database of its own: each application makes a fresh one.</summary>
    public static string? SqlServer { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    public static IEnumerable<TestFixtureData> All
    {
        get
        {
            yield return new TestFixtureData(Engine.Sqlite);
            var other = new TestFixtureData(Engine.SqlServer);
            yield return SqlServer is null ? other.Ignore($"{Variable} is not set") : other;
        }
    }
}

/// <summary>A fresh application for every test.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class AppTests(Engine engine)
{
    protected TestApp App { get; private set; } = null!;

    [SetUp]
    public async Task Start() => App = await TestApp.StartAsync(engine, Prepare);

    [TearDown]
    public async Task Stop()
    {
        await App.DisposeAsync();
        Assert.That(SqlWatch.Failures, Is.Empty, "SQL that SQL Server would not parse");
    }

    /// <summary>Settings and services of this fixture's application.</summary>
    protected virtual void Prepare(TestAppOptions options) { }
}
