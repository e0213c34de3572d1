using CourtOps.Law.Benchmarks;

namespace CourtOps.Law.Tests;

public sealed class LawBenchmarkTests
{
    [Test]
    public void The_figures_are_reached()
    {
        using var table = new StringWriter();
        Assert.That(LawBenchmarks.Run(table, 60), Is.Zero, table.ToString());
    }
}
