using CourtOps.Kernel.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourtOps.Kernel.Tests.Work;

public sealed class RoundTests
{
    [Test]
    public async Task One_that_fails_stops_no_other_and_the_round_says_so()
    {
        var round = new Round(null!, NullLogger<Round>.Instance);
        var done = new List<long>();
        foreach (var id in new long[] { 1, 2, 3 })
            await round.TryAsync(
                id,
                () =>
                {
                    if (id == 2)
                        throw new ArgumentException("two");
                    done.Add(id);
                    return Task.CompletedTask;
                }
            );
        Assert.That(done, Is.EqualTo(new[] { 1L, 3L }));
        Assert.That(round.End, Throws.InvalidOperationException.With.InnerException.InstanceOf<ArgumentException>());
    }

    [Test]
    public void A_stop_of_the_host_goes_through()
    {
        var round = new Round(null!, NullLogger<Round>.Instance);
        Assert.That(() => round.TryAsync(1, () => throw new OperationCanceledException()), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(round.End, Throws.Nothing);
    }
}
