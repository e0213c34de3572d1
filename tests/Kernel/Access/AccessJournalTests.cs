using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Access;

/// <summary>From the journal into the log: what a process left behind, twice, torn, damaged, in use.</summary>
public sealed class AccessJournalTests() : AppTests(Engine.Sqlite)
{
    private string Folder => Directory.CreateDirectory(Path.Combine(App.Folder, "access")).FullName;

    private AccessStore Store => App.Services.GetRequiredService<AccessStore>();

    [Test]
    public async Task What_is_written_is_there_for_whoever_opens_the_log_and_the_journal_is_gone()
    {
        Store.Write([Row(1), Row(2)]);
        Store.Write([Row(3)]);
        Assert.That(await IdsAsync(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(Directory.GetFiles(Folder), Is.Empty);
        Assert.That(await App.Verify("access-log"), Is.Empty);
    }

    [Test]
    public async Task It_comes_into_the_log_without_anybody_opening_it()
    {
        Assert.That(await IdsAsync(), Is.Empty);
        Store.Write([Row(1)]);
        Assert.That(() => Directory.GetFiles(Folder), Is.Empty.After(5000, 20));
    }

    [Test]
    public async Task What_a_killed_process_left_is_taken_in_once()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "1.journal"), Line(1) + Line(2));
        await File.WriteAllTextAsync(Path.Combine(Folder, "2.journal"), Line(2) + Line(3) + Line(4)[..40]); // torn: never answered
        Assert.That(await IdsAsync(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(Directory.GetFiles(Folder), Is.Empty);
    }

    [Test]
    public async Task What_a_living_process_writes_is_left_to_it()
    {
        var path = Path.Combine(Folder, "1.journal");
        await using (var other = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await JsonSerializer.SerializeAsync(other, Row(1), Json.Stored);
            Assert.That(await IdsAsync(), Is.Empty);
        }
        Assert.That(File.Exists(path));
    }

    [Test]
    public async Task A_damaged_journal_is_put_aside_and_named_by_verify()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "1.journal"), Line(1) + "no entry\n" + Line(2));
        await File.WriteAllTextAsync(Path.Combine(Folder, "2.journal"), Line(3));
        Assert.That(await IdsAsync(), Is.EqualTo(new[] { 3 }), "the others go on");
        Assert.That((await App.Verify("access-log")).Single().Where, Does.EndWith("1.journal.damaged"));
    }

    [Test]
    public async Task What_the_journal_cannot_take_is_not_answered()
    {
        Assert.That(await IdsAsync(), Is.Empty);
        Directory.Delete(Folder);
        await File.WriteAllTextAsync(Path.Combine(App.Folder, "access"), "in the way");
        Assert.That(() => Store.Write([Row(1)]), Throws.InstanceOf<IOException>());
        File.Delete(Path.Combine(App.Folder, "access"));
        Store.Write([Row(2)]);
        Assert.That(await IdsAsync(), Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public async Task What_is_in_the_log_already_does_not_stop_what_comes_after()
    {
        Store.Write([Row(1)]);
        Assert.That(await IdsAsync(), Is.EqualTo(new[] { 1 }));
        Store.Write([Row(1), Row(2)]); // as after a failure behind the commit
        Assert.That(() => Directory.GetFiles(Folder), Is.Empty.After(5000, 20));
        Assert.That(await IdsAsync(), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task Many_at_once_lose_nothing()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(n =>
                    Task.Run(async () =>
                    {
                        for (var i = 0; i < 200; i++)
                        {
                            Store.Write([Row((n * 1000) + i + 1)]);
                            if (i % 50 == 0)
                                await IdsAsync();
                        }
                    })
                )
        );
        Assert.That(await IdsAsync(), Has.Count.EqualTo(1600).And.Unique);
    }

    private async Task<IReadOnlyList<long>> IdsAsync()
    {
        await using var db = await Store.OpenAsync();
        return await db.QueryAsync<long>("SELECT id FROM kernel_access ORDER BY id");
    }

    private static string Line(long id) => JsonSerializer.Serialize(Row(id), Json.Stored) + "\n";

    private static AccessRow Row(long id)
    {
        var row = new AccessRow
        {
            Id = id,
            At = TestClock.Monday,
            Actor = "judge",
            PersonName = "李测试",
            Action = "test.read",
            ObjectType = "case",
            ObjectId = $"{id}",
            Detail = "{\"文\":\"“书”\"}",
            Form = 2,
        };
        return row with { Digest = row.Compute() };
    }
}
