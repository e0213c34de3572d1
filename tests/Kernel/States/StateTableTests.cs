using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.States;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.States;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class StateTableTests(Engine engine) : AppTests(engine)
{
    private static readonly StateTable Table = new(
        "test_thing",
        "物件",
        new("begin", ["new"], "open"),
        new("end", ["new", "open"], "closed"),
        new("note", ["open", "closed"], null)
    );

    [SetUp]
    public Task MakeTable() =>
        App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.ExecuteRawAsync(
                    "CREATE TABLE test_thing (id INT NOT NULL PRIMARY KEY, state VARCHAR(10) NOT NULL, version INT NOT NULL, words VARCHAR(40) NULL)"
                );
                await db.BeginAsync();
                await db.ExecuteAsync("INSERT INTO test_thing (id, state, version) VALUES (1, 'new', 1)");
                await db.CommitAsync();
            });

    [Test]
    public async Task A_step_moves_the_state_raises_the_version_and_writes_what_comes_with_it()
    {
        Assert.That(await Move("begin", "new", 1, "words = @Words", "said"), Is.EqualTo("open"));
        Assert.That(await Row(), Is.EqualTo("open/2/said"));
        Assert.That(await Move("note", "open", 2, "words = @Words", "more"), Is.EqualTo("open"), "a step without a next state keeps it");
        Assert.That(await Row(), Is.EqualTo("open/3/more"));
    }

    [TestCase("begin", "open", 1, "the state does not allow it")]
    [TestCase("fly", "new", 1, "no such step")]
    public async Task A_step_that_the_table_does_not_hold_is_a_broken_rule(string step, string from, int version, string why)
    {
        await Assert.ThatAsync(() => Move(step, from, version), Throws.TypeOf<RuleBroken>(), why);
        Assert.That(await Row(), Is.EqualTo("new/1/"));
    }

    [TestCase("new", 7)]
    [TestCase("open", 1)]
    public async Task Who_read_something_older_is_told_and_writes_nothing(string from, int version)
    {
        await Assert.ThatAsync(() => Move("end", from, version), Throws.TypeOf<Conflict>());
        Assert.That(await Row(), Is.EqualTo("new/1/"));
    }

    [Test]
    public void What_is_allowed_is_what_the_table_says() =>
        Assert.Multiple(() =>
        {
            Assert.That(Table.Allowed("new"), Is.EqualTo(new[] { "begin", "end" }));
            Assert.That(Table.Allowed("closed"), Is.EqualTo(new[] { "note" }));
            Assert.That(Table.States, Is.EquivalentTo(new[] { "new", "open", "closed" }));
            Assert.That(SqlWatch.Error(Table.Text("new", "open", "words = @Words")), Is.Null, "it is T-SQL");
        });

    private Task<string> Move(string step, string from, int version, string set = "", string words = "") =>
        App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                var state = await Table.MoveAsync(
                    db,
                    step,
                    from,
                    new
                    {
                        Id = 1L,
                        Version = version,
                        Words = words,
                    },
                    set
                );
                await db.CommitAsync();
                return state;
            });

    private async Task<string?> Row() => await App.As(null).Value<string>("SELECT CONCAT(state, '/', version, '/', words) FROM test_thing");
}
