using CourtOps.Law.Benchmarks;

namespace CourtOps.Law.Tests;

public sealed class LawBenchmarkTests
{
    [Test, Explicit("measures time; run by the benchmarks, or by name")]
    public void The_figures_are_reached() => Assert.That(LawBenchmarks.Run(TestContext.Out), Is.Zero);
}
