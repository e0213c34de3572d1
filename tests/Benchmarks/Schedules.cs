using System.Globalization;
using CourtOps.TrialSupport.Planning;

namespace CourtOps.Benchmarks;

/// <summary>A month planned: 1,000 hearings, 20 courtrooms, 60 judges within ten seconds, against what a bound allows and against a clerk who takes the first
/// time that fits.</summary>
internal static class Schedules
{
    private const int Seconds = 8;

    public static Task<bool> RunAsync(bool full)
    {
        Measure.Head();
        var ok = true;
        foreach (var (hearings, rooms, judges) in full ? new[] { (250, 8, 20), (1_000, 20, 60), (2_000, 40, 120) } : [(1_000, 20, 60)])
        {
            var input = Month(hearings, rooms, judges, 7);
            var began = TimeProvider.System.GetTimestamp();
            var plan = Planner.Plan(input, TimeSpan.FromSeconds(Seconds), TimeProvider.System);
            var took = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            var name = $"{hearings:N0} hearings × {rooms} rooms × {judges} judges";
            ok &= Measure.Row($"{name}: time", $"{took:0.0} s", "≤ 10 s", took <= 10);
            ok &= Measure.Row(
                $"{name}: placed of the bound",
                $"{plan.Placed.Count:N0} of {plan.Bound:N0} ({100.0 * plan.Placed.Count / plan.Bound:0.0} %)",
                "≥ 98 %",
                plan.Placed.Count * 100 >= plan.Bound * 98
            );
            ok &= Measure.Row(
                $"{name}: placed, first fit",
                $"{plan.Placed.Count:N0} against {plan.FirstFitPlaced:N0}",
                "not fewer",
                plan.Placed.Count >= plan.FirstFitPlaced
            );
            ok &= Measure.Row(
                $"{name}: spread, first fit",
                $"{plan.Spread:0.000} against {plan.FirstFitSpread:0.000}",
                "more even",
                plan.Spread <= plan.FirstFitSpread
            );
        }
        return Task.FromResult(ok);
    }

    private static PlanInput Month(int hearings, int rooms, int judges, int seed)
    {
        var random = new Random(seed);
        var days = Enumerable
            .Range(0, 40)
            .Select(i => new DateOnly(2026, 12, 1).AddDays(i))
            .Where(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            .Take(22)
            .Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            .ToList();
        return new PlanInput
        {
            Days = days,
            Slots = [new("09:00", "12:00"), new("13:30", "17:00")],
            Rooms =
            [
                .. Enumerable
                    .Range(0, rooms)
                    .Select(i => new PlanRoom
                    {
                        Id = $"r{i}",
                        Size = 10 + (i % 4 * 20),
                        Features = i % 3 == 0 ? ["video"] : [],
                        Closed = i % 5 == 0 ? [days[i % days.Count]] : [],
                    }),
            ],
            People =
            [
                .. Enumerable
                    .Range(0, judges)
                    .Select(i => new PlanPerson { Id = $"j{i}", Away = [days[random.Next(days.Count)], days[random.Next(days.Count)]] }),
                .. Enumerable.Range(0, judges * 3).Select(i => new PlanPerson { Id = $"a{i}" }),
            ],
            Hearings =
            [
                .. Enumerable
                    .Range(0, hearings)
                    .Select(i =>
                    {
                        var from = random.Next(12);
                        return new PlanHearing
                        {
                            Id = $"h{i}",
                            Minutes = 30 + (random.Next(5) * 30),
                            Earliest = days[from],
                            Latest = days[Math.Min(days.Count - 1, from + 9)],
                            People = [$"j{random.Next(judges)}", $"a{random.Next(judges * 3)}"],
                            Size = random.Next(40),
                            Features = random.Next(8) == 0 ? ["video"] : [],
                            Priority = 1 + random.Next(3),
                        };
                    }),
            ],
        };
    }
}
