using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Sealing;
using CourtOps.Kernel.Verifying;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Sealing;

/// <summary>Every way of tampering with a sealed log is found, and the place is named. One body for each log.</summary>
[TestFixture("audit")]
[TestFixture("access-log")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TamperTests(string check) : AppTests(Engine.Sqlite)
{
    private SealedLog Log => App.Services.GetServices<SealedLog>().Single(l => l.Stream == (check == "audit" ? AnchorFiles.Audit : AnchorFiles.Access));

    [SetUp]
    public async Task Three_batches_of_four_rows()
    {
        await App.RunJob<SealLogs>(); // what the people of the court did before
        for (var batch = 0; batch < 3; batch++)
        {
            App.Advance(TimeSpan.FromMinutes(20));
            await Write(4);
            await App.RunJob<SealLogs>();
        }
        Assert.That(await App.Verify(check), Is.Empty);
    }

    [TestCase("detail = '{\"x\":1}'")]
    [TestCase("result = 'other'")]
    [TestCase("reason = 'other'")]
    [TestCase("action = 'other'")]
    [TestCase("object_id = 'other'")]
    [TestCase("object_type = 'other'")]
    [TestCase("actor_id = 42")]
    [TestCase("actor = 'other'")]
    [TestCase("person_name = 'other'")]
    [TestCase("roles = 'other'")]
    [TestCase("address = 'other'")]
    [TestCase("agent = 'other'")]
    [TestCase("session = 'other'")]
    [TestCase("request_id = 'other'")]
    [TestCase("case_id = 42")]
    [TestCase("court_id = 42")]
    [TestCase("at = '2026-03-02T01:20:00.001Z'")]
    [TestCase("digest = '0000000000000000000000000000000000000000000000000000000000000000'")]
    public async Task A_changed_field_is_found_and_its_row_named(string change)
    {
        var id = (await Ids(2))[1];
        await Change($"UPDATE {Log.Table} SET {change} WHERE id = @id", new { id });
        await Found($"row {id}", "changed");
    }

    [Test]
    public async Task A_row_changed_together_with_its_digest_is_found()
    {
        var id = (await Ids(2))[1];
        await Change($"UPDATE {Log.Table} SET result = 'other' WHERE id = @id", new { id });
        await using (var db = await Log.OpenAsync(default))
        {
            var row = (await Log.LeavesAsync(db, await Seq(2), 0, 10, default)).Single(r => r.Id == id);
            await Change($"UPDATE {Log.Table} SET digest = @Computed WHERE id = @id", new { id, row.Computed });
        }
        await Found($"row {id}", "and its digest");
    }

    [Test]
    public async Task A_deleted_row_is_found_and_named()
    {
        var id = (await Ids(2))[2];
        await Change($"DELETE FROM {Log.Table} WHERE id = @id", new { id });
        await Found($"row {id}", "deleted");
    }

    [Test]
    public async Task A_row_put_into_a_closed_batch_is_found_and_named()
    {
        var id = (await Ids(2))[0] + 1;
        await Copy((await Ids(2))[0], id, await Seq(2));
        await Found($"row {id}", "put in");
    }

    [Test]
    public async Task A_backdated_row_is_found_whether_sealed_or_not()
    {
        var old = (await Ids(1))[0];
        await Copy(old, old + 1, 0);
        await Resign(old + 1);
        await Found($"row {old + 1}", "put in later");
        await App.RunJob<SealLogs>();
        await Found($"row {old + 1}", "put in later");
    }

    [Test]
    public async Task Rows_cut_off_the_end_are_found()
    {
        await Change($"DELETE FROM {Log.Table} WHERE seal = @seq AND id > @id", new { seq = await Seq(3), id = (await Ids(3))[1] });
        Assert.That(await Places(), Is.EqualTo((await Leaves(3))[2..].Select(id => $"row {id}")));
    }

    [Test]
    public async Task The_newest_batch_cut_off_with_its_seal_is_found_by_the_anchor_outside()
    {
        await Change($"DELETE FROM {Log.Table} WHERE seal = @seq", new { seq = await Seq(3) });
        await Change($"DELETE FROM {Log.Seals} WHERE seq = @seq", new { seq = await Seq(3) });
        await Found($"seal {await Seq(3) + 1}", "cut off", orLater: true);
        await Write(1);
        await App.RunJob<SealLogs>(); // goes on as if nothing had been
        Assert.That((await App.Verify(check)).Select(f => f.What), Has.Some.Contains("differs from its anchor"));
    }

    [Test]
    public async Task A_seal_in_the_middle_taken_out_is_found()
    {
        var seq = await Seq(2);
        await Change($"DELETE FROM {Log.Table} WHERE seal = @seq", new { seq });
        await Change($"DELETE FROM {Log.Seals} WHERE seq = @seq", new { seq });
        await Found($"seal {seq}", "missing");
    }

    [TestCase("root = 'x'")]
    [TestCase("row_count = 3")]
    [TestCase("previous = 'x'")]
    [TestCase("at = '2026-01-01T00:00:00.000Z'")]
    [TestCase("newest = '2026-01-01T00:00:00.000Z'")]
    [TestCase("hash = 'x'")]
    public async Task A_changed_seal_is_found(string change)
    {
        var seq = await Seq(2);
        await Change($"UPDATE {Log.Seals} SET {change} WHERE seq = @seq", new { seq });
        await Found($"seal {seq}", "changed");
    }

    [Test]
    public async Task All_seals_made_again_after_a_change_contradict_the_anchors()
    {
        var id = (await Ids(2))[0];
        await Change($"UPDATE {Log.Table} SET result = 'other' WHERE id = @id", new { id });
        await Resign(id);
        await Change($"UPDATE {Log.Table} SET seal = 0 WHERE seal >= @seq", new { seq = await Seq(2) });
        await Change($"DELETE FROM {Log.Seals} WHERE seq >= @seq", new { seq = await Seq(2) });
        await App.RunJob<SealLogs>();
        Assert.That((await App.Verify(check)).Select(f => f.What), Has.Some.Contains("differs from its anchor"));
    }

    [Test]
    public async Task An_anchor_line_changed_or_taken_out_is_found()
    {
        var file = Directory.GetFiles(Path.Combine(App.Folder, "anchors"), Log.Stream + "-*.txt").Single();
        var lines = await File.ReadAllLinesAsync(file);
        await File.WriteAllLinesAsync(file, lines.Where((_, i) => i != lines.Length - 2));
        Assert.That((await App.Verify(check)).Select(f => f.What), Has.Some.Contains("anchor"));
        lines[^2] = lines[^2].Replace(' ', '0');
        await File.WriteAllLinesAsync(file, lines);
        Assert.That((await App.Verify(check)).Select(f => f.What), Has.Some.Contains("no anchor"));
    }

    [Test]
    public async Task A_line_cut_by_a_crash_is_written_again()
    {
        var file = Directory.GetFiles(Path.Combine(App.Folder, "anchors"), Log.Stream + "-*.txt").Single();
        var bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, bytes[..^30]);
        await App.RunJob<SealLogs>();
        Assert.That(await File.ReadAllBytesAsync(file), Is.EqualTo(bytes));
        Assert.That(await App.Verify(check), Is.Empty);
    }

    [Test]
    public async Task A_clock_set_back_is_said_and_loses_nothing()
    {
        App.Advance(TimeSpan.FromHours(-2));
        await Write(2);
        await App.RunJob<SealLogs>();
        var found = await App.Verify(check);
        Assert.That(found, Has.Count.EqualTo(2));
        Assert.That(found.Select(f => (f.Severity, f.What.Contains("clock was set back", StringComparison.Ordinal))), Has.All.EqualTo(("doubt", true)));
    }

    [Test]
    public async Task Expired_batches_go_to_an_archive_that_is_verified_with_the_rest()
    {
        App.Advance(TimeSpan.FromDays(3700));
        await Write(1);
        await App.RunJob<SealLogs>();
        var before = await Value<int>($"SELECT COUNT(*) FROM {Log.Table}");
        await App.RunJob<ArchiveExpired>();
        Assert.That(await Value<int>($"SELECT COUNT(*) FROM {Log.Table}"), Is.LessThan(before - 11));
        Assert.That(await App.Verify(check), Is.Empty);
        var file = Path.Combine(App.Folder, "archive", $"{Log.Stream}-{await Seq(2):D9}.jsonl.gz");
        var bytes = await File.ReadAllBytesAsync(file);
        File.Delete(file);
        await Found($"seal {await Seq(2)}", "archive");
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(file, bytes);
        await Found($"seal {await Seq(2)}", "archive");
    }

    [Test]
    public async Task What_has_not_expired_or_does_not_hold_is_not_archived()
    {
        App.Advance(TimeSpan.FromDays(180));
        await Write(1);
        await App.RunJob<SealLogs>();
        await App.RunJob<ArchiveExpired>();
        Assert.That(await Value<int>($"SELECT COUNT(*) FROM {Log.Seals} WHERE archived_at IS NOT NULL"), Is.Zero);
        await Change($"UPDATE {Log.Table} SET result = 'other' WHERE id = @id", new { id = (await Ids(2))[0] });
        App.Advance(TimeSpan.FromDays(3700));
        await Write(1);
        await App.RunJob<SealLogs>();
        await App.RunJob<ArchiveExpired>();
        Assert.That(await Value<int>($"SELECT COUNT(*) FROM {Log.Table} WHERE seal = {await Seq(2)}"), Is.EqualTo(4), "evidence stays");
    }

    private async Task Write(int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            App.Advance(TimeSpan.FromSeconds(1));
            if (check != "audit")
            {
                await App.As("judge")
                    .In(s =>
                    {
                        s.GetRequiredService<AccessLog>().Note("workzone.case.read", "case", i, 7, "test", new { i });
                        return Task.CompletedTask;
                    });
                continue;
            }
            await App.As(null)
                .In(async s =>
                {
                    var db = s.GetRequiredService<Db>();
                    await db.BeginAsync();
                    await s.GetRequiredService<AuditTrail>().WriteAsync("kernel.work.repeat", "work", i, "done", new { i }, default, "test");
                    await db.CommitAsync();
                });
        }
    }

    /// <summary>The number of the nth of the three batches.</summary>
    private Task<long> Seq(int batch) =>
        Value<long>($"SELECT MIN(seq) + {batch - 1} FROM {Log.Seals} WHERE oldest >= @monday", new { monday = TestClock.Monday.AddMinutes(20) });

    private async Task<List<long>> Ids(int batch)
    {
        await using var db = await Log.OpenAsync(default);
        return [.. await db.QueryAsync<long>($"SELECT id FROM {Log.Table} WHERE seal = @seq ORDER BY id", new { seq = await Seq(batch) })];
    }

    private async Task<long[]> Leaves(int batch) =>
        [
            .. (await Value<string>($"SELECT leaves FROM {Log.Seals} WHERE seq = {await Seq(batch)}"))
                .Split(' ')
                .Select(l => long.Parse(l.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture)),
        ];

    private async Task<T> Value<T>(string sql, object? args = null)
    {
        await using var db = await Log.OpenAsync(default);
        return await db.ScalarAsync<T>(sql, args);
    }

    private async Task Change(string sql, object? args = null)
    {
        await using var db = await Log.OpenAsync(default);
        await db.BeginAsync();
        await db.ExecuteAsync(sql, args);
        await db.CommitAsync();
    }

    private async Task Copy(long from, long to, long seal)
    {
        await using var db = await Log.OpenAsync(default);
        var columns = (await db.QueryAsync<string>($"SELECT name FROM pragma_table_info('{Log.Table}')")).Where(c => c is not ("id" or "seal")).ToList();
        await Change(
            $"INSERT INTO {Log.Table} (id, seal, {string.Join(", ", columns)}) SELECT @to, @seal, {string.Join(", ", columns)} FROM {Log.Table} WHERE "
                + "id = @from",
            new
            {
                from,
                to,
                seal,
            }
        );
        await Resign(to);
    }

    // as somebody does who knows how digests are made
    private async Task Resign(long id)
    {
        await using var db = await Log.OpenAsync(default);
        var seal = await db.ScalarAsync<long>($"SELECT seal FROM {Log.Table} WHERE id = @id", new { id });
        var row = (await Log.LeavesAsync(db, seal, id - 1, 1, default)).Single();
        await Change($"UPDATE {Log.Table} SET digest = @Computed WHERE id = @id", new { id, row.Computed });
    }

    private async Task<IEnumerable<string>> Places() => (await App.Verify(check)).Select(f => f.Where);

    private async Task Found(string where, string what, bool orLater = false)
    {
        var found = await App.Verify(check);
        Assert.That(found, Is.Not.Empty);
        if (!orLater)
            Assert.That(
                found.Any(f => f.Where.Contains(where, StringComparison.Ordinal) && f.What.Contains(what, StringComparison.Ordinal)),
                Is.True,
                string.Join('\n', found)
            );
        else
            Assert.That(found.Any(f => f.What.Contains(what, StringComparison.Ordinal)), Is.True, string.Join('\n', found));
    }
}
