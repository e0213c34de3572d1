using CourtOps.Host.Running;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests;

/// <summary>Processes that follow each other on one worker number, killed or ended in order: no id twice, and no drift into the future.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class IdLeaseTests(Engine engine) : AppTests(engine)
{
    private static readonly TimeSpan LeaseEnds = TimeSpan.FromSeconds(61);

    [Test]
    public async Task A_process_that_is_killed_at_once_leaves_no_id_to_the_next_holder_of_its_number()
    {
        // one that ended in order first: its last tick is known
        var (ended, first) = await StartAsync();
        var made = new List<long> { first.Next() };
        await ended.DisposeAsync();
        App.Advance(TimeSpan.FromSeconds(1));
        var numbers = new HashSet<int>();
        for (var round = 0; round < 8; round++)
        {
            var (_, ids) = await StartAsync(); // and never ended: killed before the lease was renewed
            numbers.Add(ids.Worker);
            made.AddRange(Enumerable.Range(0, 3_000).Select(_ => ids.Next()));
            App.Advance(LeaseEnds);
        }
        Assert.That(numbers, Has.Count.EqualTo(1));
        Assert.That(made, Is.Unique.And.Ordered);
    }

    [Test]
    public async Task A_clock_that_is_behind_repeats_nothing_after_a_kill()
    {
        var (_, first) = await StartAsync();
        var before = Enumerable.Range(0, 3_000).Select(_ => first.Next()).ToList();
        App.Advance(LeaseEnds);
        var (_, second) = await StartAsync();
        before.AddRange(Enumerable.Range(0, 3_000).Select(_ => second.Next()));
        App.Advance(LeaseEnds);
        await App.As(null).Change("UPDATE kernel_worker SET lease_until = @at", new { at = App.Clock.GetUtcNow() - TimeSpan.FromHours(3) });
        App.Advance(TimeSpan.FromHours(-2));
        var (_, third) = await StartAsync();
        Assert.That(third.Worker, Is.EqualTo(first.Worker));
        Assert.That(third.Next(), Is.GreaterThan(before.Max()));
    }

    [Test]
    public async Task Many_short_processes_that_end_in_order_stay_in_the_present()
    {
        var last = 0L;
        for (var round = 0; round < 60; round++)
        {
            var (lease, ids) = await StartAsync();
            var id = ids.Next();
            Assert.That(id, Is.GreaterThan(last));
            last = id;
            await lease.DisposeAsync();
            App.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.That(last >> 16, Is.LessThanOrEqualTo(Ids.TickAt(App.Clock.GetUtcNow())), "one of them each second, none ahead of the clock");
    }

    [Test]
    public async Task Two_entries_with_one_id_are_both_in_the_access_log()
    {
        var store = App.Services.GetRequiredService<AccessStore>();
        AccessRow Row(string words)
        {
            var row = new AccessRow
            {
                Id = 4_000_000_000_001,
                At = App.Clock.GetUtcNow(),
                Actor = "x",
                Action = "workzone.case.list",
                Detail = words,
                Result = "done",
                Form = 2,
            };
            return row with { Digest = row.Compute() };
        }
        store.Write([Row("{\"n\":1}")]);
        await using (await store.OpenAsync()) { }
        store.Write([Row("{\"n\":2}")]);
        for (var i = 0; i < 2; i++)
            try
            {
                await using (await store.OpenAsync()) { }
            }
            catch (Exception e) when (e is System.Data.Common.DbException)
            {
                // the first attempt meets the other entry; the next one knows it
            }
        await using var db = await store.OpenAsync();
        Assert.That(
            await db.QueryAsync<string>("SELECT detail FROM kernel_access WHERE actor = 'x' ORDER BY detail"),
            Is.EqualTo(new[] { "{\"n\":1}", "{\"n\":2}" })
        );
        Assert.That(await App.Verify("access-log"), Is.Empty);
    }

    private async Task<(IdLease Lease, Ids Ids)> StartAsync()
    {
        var ids = new Ids(App.Clock);
        var lease = new IdLease(App.Services.GetRequiredService<Database>(), ids, App.Clock);
        await lease.TakeAsync();
        return (lease, ids);
    }
}
