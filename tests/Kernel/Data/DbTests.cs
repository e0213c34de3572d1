using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Data;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DbTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task Writing_without_a_transaction_is_refused() =>
        await App.As(null)
            .In(async s => await Assert.ThatAsync(() => s.GetRequiredService<Db>().ExecuteAsync("DELETE FROM kernel_lease"), Throws.InvalidOperationException));

    [Test]
    public async Task Savepoints_inside_each_other_undo_what_lies_inside_them()
    {
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                for (var round = 0; round < 3; round++)
                    await db.SavepointAsync(async () =>
                    {
                        await Keep(db, $"outer {round}");
                        await Assert.ThatAsync(
                            () =>
                                db.SavepointAsync(async () =>
                                {
                                    await Keep(db, $"inner {round}");
                                    throw new InvalidOperationException("no");
                                }),
                            Throws.InvalidOperationException
                        );
                        await db.SavepointAsync(() => Keep(db, $"next {round}"));
                    });
                await db.CommitAsync();
            });
        Assert.That(await Kept(), Is.EqualTo(new[] { "next 0", "next 1", "next 2", "outer 0", "outer 1", "outer 2" }));
    }

    [Test]
    public async Task A_savepoint_undoes_its_own_work_only_and_its_own_wake_ups()
    {
        var said = new List<string>();
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await Keep(db, "before");
                db.OnCommitted(() => said.Add("before"));
                await Assert.ThatAsync(
                    () =>
                        db.SavepointAsync(async () =>
                        {
                            await Keep(db, "inside");
                            db.OnCommitted(() => said.Add("inside"));
                            throw new InvalidOperationException("no");
                        }),
                    Throws.InvalidOperationException
                );
                await db.SavepointAsync(async () =>
                {
                    await Keep(db, "second");
                    db.OnCommitted(() => said.Add("second"));
                });
                Assert.That(said, Is.Empty, "nothing is told before the commit");
                await db.CommitAsync();
            });
        Assert.That(await Kept(), Is.EqualTo(new[] { "before", "second" }));
        Assert.That(said, Is.EqualTo(new[] { "before", "second" }));
    }

    [Test]
    public async Task A_joined_scope_writes_into_the_transaction_of_its_host()
    {
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await using var scope = App.Services.CreateAsyncScope();
                var inner = scope.ServiceProvider.GetRequiredService<Db>();
                inner.Join(db);
                Assert.That(inner.InTransaction, Is.True);
                await Keep(inner, "joined");
                await db.RollbackAsync();
            });
        Assert.That(await Kept(), Is.Empty);
    }

    [Test]
    public async Task A_scope_that_ends_without_commit_has_changed_nothing_and_holds_nobody_up()
    {
        await using (var scope = App.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<Db>();
            await db.BeginAsync();
            await Keep(db, "lost");
        }
        await App.Change("INSERT INTO kernel_sequence (name, value) VALUES ('next', 1)");
        Assert.That(await Kept(), Is.EqualTo(new[] { "next" }));
    }

    [Test]
    public async Task Writers_queue_and_none_is_lost()
    {
        await App.Change("INSERT INTO kernel_sequence (name, value) VALUES ('n', 0)");
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => App.Change("UPDATE kernel_sequence SET value = value + 1 WHERE name = 'n'"))));
        Assert.That(await App.Value<long>("SELECT value FROM kernel_sequence WHERE name = 'n'"), Is.EqualTo(40));
    }

    [Test]
    public async Task Instants_and_dates_come_back_as_they_went_and_in_order()
    {
        var early = TestClock.Monday.AddMilliseconds(9);
        await App.Change(
            "INSERT INTO kernel_lease (name, owner, lease_until) VALUES ('a', '', @a), ('b', '', @b), ('c', '', @c)",
            new
            {
                a = early,
                b = early.AddMilliseconds(1),
                c = early.AddDays(1).ToOffset(TimeSpan.FromHours(8)),
            }
        );
        Assert.That(
            await App.As(null).Rows<DateTimeOffset>("SELECT lease_until FROM kernel_lease ORDER BY lease_until"),
            Is.EqualTo(new[] { early, early.AddMilliseconds(1), early.AddDays(1) })
        );
        Assert.That(
            await App.Rows<string>("SELECT name FROM kernel_lease WHERE lease_until > @at ORDER BY name", new { at = early }),
            Is.EqualTo(new[] { "b", "c" })
        );
    }

    [TestCase("SELECT COUNT(*) FROM kernel_blob WHERE sha256 IN @some AND 1 = 1")]
    [TestCase("SELECT COUNT(*) FROM kernel_blob\n    WHERE sha256 IN\n        @some\n      AND 1 = 1")]
    public async Task A_list_is_written_out_wherever_the_line_ends(string sql)
    {
        foreach (var some in new[] { [], new[] { "a" }, ["a", "b"] })
            Assert.That(await App.As(null).Value<int>(sql, new { some }), Is.Zero);
    }

    [Test]
    public async Task A_duplicate_is_told_apart_from_other_failures() =>
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await Keep(db, "one");
                var twice = Assert.CatchAsync(() => Keep(db, "one"));
                Assert.That(db.Dialect.IsDuplicate((await twice)!), Is.True);
                var missing = Assert.CatchAsync(() =>
                    db.ExecuteAsync("INSERT INTO kernel_delivery (outbox_id, reaction, event_key, seq, state) VALUES (1, 'x', 'x', 1, 'pending')")
                );
                Assert.That((db.Dialect.IsDuplicate((await missing)!), db.Dialect.IsForeignKey((await missing)!)), Is.EqualTo((false, true)));
            });

    [Test]
    public async Task A_command_that_fails_leaves_an_audit_entry_and_nothing_else()
    {
        var before = await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_court");
        await Assert.ThatAsync(
            () => App.As("sysadmin").Send(new Workzone.Courts.SaveCourt { Code = "吉2424", Name = "另一个法院" }),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_court"), Is.EqualTo(before));
        Assert.That(
            await App.Value<string>("SELECT result FROM kernel_audit WHERE action = 'workzone.court.save' AND actor = 'sysadmin'"),
            Is.EqualTo("refused")
        );
        Assert.That(await App.Verify("audit"), Is.Empty);
        await App.Change("UPDATE kernel_audit SET actor_id = 1 WHERE actor = 'sysadmin'");
        Assert.That(await App.Verify("audit"), Is.Not.Empty, "a changed entry is found");
    }

    [Test]
    public async Task Migrating_again_does_nothing_and_a_changed_script_is_refused()
    {
        var migrator = App.Services.GetRequiredService<Migrator>();
        Assert.That(await migrator.RunAsync(), Is.Empty);
        Assert.That(await migrator.IsCurrentAsync(), Is.True);
        await App.Change("UPDATE kernel_migration SET checksum = 'other' WHERE module = 'Kernel'");
        await Assert.ThatAsync(() => migrator.RunAsync(), Throws.InvalidOperationException);
        await App.Change(
            "INSERT INTO kernel_migration (module, name, checksum, applied_at) VALUES ('Kernel', '9999_future', 'x', @at)",
            new { at = TestClock.Monday }
        );
        await Assert.ThatAsync(() => migrator.RunAsync(), Throws.InvalidOperationException);
    }

    private static Task Keep(Db db, string name) => db.ExecuteAsync("INSERT INTO kernel_sequence (name, value) VALUES (@name, 1)", new { name });

    private Task<IReadOnlyList<string>> Kept() => App.As(null).Rows<string>("SELECT name FROM kernel_sequence ORDER BY name");
}
