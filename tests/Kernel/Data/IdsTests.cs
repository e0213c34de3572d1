using CourtOps.Kernel.Data;

namespace CourtOps.Kernel.Tests.Data;

public sealed class IdsTests
{
    [Test]
    public void Two_hundred_thousand_ids_of_one_instant_are_distinct_rising_and_fit_a_double()
    {
        var ids = new Ids(new TestClock());
        var made = Enumerable.Range(0, 200_000).Select(_ => ids.Next()).ToList();
        Assert.That(made, Is.Ordered.And.Unique);
        Assert.That(made[^1], Is.LessThan(1L << 53));
    }

    [Test]
    public void Threads_share_without_meeting()
    {
        var ids = new Ids(TimeProvider.System);
        var made = new long[8][];
        Parallel.For(0, 8, t => made[t] = [.. Enumerable.Range(0, 25_000).Select(_ => ids.Next())]);
        Assert.That(made.SelectMany(m => m).Distinct().Count(), Is.EqualTo(200_000));
    }

    [Test]
    public void Workers_of_one_instant_never_meet()
    {
        var clock = new TestClock();
        var all = new HashSet<long>();
        for (var worker = 0; worker < 64; worker++)
        {
            var ids = new Ids(clock);
            ids.Lease(worker, 0);
            for (var i = 0; i < 3_000; i++)
                Assert.That(all.Add(ids.Next()), Is.True, $"worker {worker}, id {i}");
        }
    }

    [Test]
    public void A_clock_set_back_repeats_nothing()
    {
        var clock = new TestClock();
        var ids = new Ids(clock);
        var before = Enumerable.Range(0, 5_000).Select(_ => ids.Next()).ToList();
        clock.Advance(TimeSpan.FromHours(-2));
        Assert.That(ids.Next(), Is.GreaterThan(before.Max()));
    }

    [Test]
    public void The_next_holder_of_a_number_begins_above_the_last_one_though_its_clock_is_behind()
    {
        var clock = new TestClock();
        var first = new Ids(clock);
        first.Lease(7, 0);
        var last = Enumerable.Range(0, 5_000).Select(_ => first.Next()).Last();
        clock.Advance(TimeSpan.FromHours(-1));
        var second = new Ids(clock);
        second.Lease(7, first.HighTick);
        Assert.That(second.Next(), Is.GreaterThan(last));
    }
}
