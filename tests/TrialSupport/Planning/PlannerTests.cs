using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Planning;

namespace CourtOps.TrialSupport.Tests.Planning;

/// <summary>Plans hold every constraint, place more than a clerk would, and more evenly.</summary>
public sealed class PlannerTests
{
    private static PlanInput Input(int hearings, int rooms, int judges, int days, int seed)
    {
        var random = new Random(seed);
        var dates = Enumerable
            .Range(0, days * 2)
            .Select(i => new DateOnly(2026, 12, 1).AddDays(i))
            .Where(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            .Take(days)
            .Select(d => d.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))
            .ToList();
        return new PlanInput
        {
            Days = dates,
            Slots = [new("09:00", "11:30"), new("13:30", "17:00")],
            Rooms =
            [
                .. Enumerable
                    .Range(0, rooms)
                    .Select(i => new PlanRoom
                    {
                        Id = $"r{i}",
                        Size = 10 + (i % 4 * 20),
                        Features = i % 3 == 0 ? ["video"] : [],
                        Closed = i % 5 == 0 ? [dates[i % dates.Count]] : [],
                    }),
            ],
            People =
            [
                .. Enumerable.Range(0, judges).Select(i => new PlanPerson { Id = $"j{i}", Away = [dates[random.Next(dates.Count)]] }),
                .. Enumerable.Range(0, judges * 2).Select(i => new PlanPerson { Id = $"a{i}" }),
            ],
            Hearings =
            [
                .. Enumerable
                    .Range(0, hearings)
                    .Select(i =>
                    {
                        var from = random.Next(Math.Max(1, days / 2));
                        return new PlanHearing
                        {
                            Id = $"h{i}",
                            Minutes = 30 + (random.Next(4) * 30),
                            Earliest = dates[from],
                            Latest = dates[Math.Min(days - 1, from + (days / 2))],
                            People = [$"j{random.Next(judges)}", $"a{random.Next(judges * 2)}"],
                            Size = random.Next(30),
                            Features = random.Next(8) == 0 ? ["video"] : [],
                            Priority = 1 + random.Next(3),
                        };
                    }),
            ],
        };
    }

    private static void Holds(PlanInput input, PlanAnswer answer)
    {
        var byId = input.Hearings.ToDictionary(h => h.Id);
        Assert.That(answer.Placed.Select(p => p.Id).Concat(answer.Unplaced.Select(u => u.Id)), Is.EquivalentTo(input.Hearings.Select(h => h.Id)));
        foreach (var p in answer.Placed)
        {
            var (h, room, day) = (byId[p.Id], input.Rooms.Single(r => r.Id == p.Room), p.Start[..10]);
            Assert.That(string.CompareOrdinal(day, h.Earliest) >= 0 && string.CompareOrdinal(day, h.Latest) <= 0 && input.Days.Contains(day), p.Id);
            Assert.That(room.Size >= h.Size && h.Features.All(room.Features.Contains) && !room.Closed.Contains(day), p.Id);
            Assert.That(h.People.All(x => !input.People.Single(q => q.Id == x).Away.Contains(day)), p.Id);
            Assert.That(
                (TimeOnly.Parse(p.End[11..], CultureInfo.InvariantCulture) - TimeOnly.Parse(p.Start[11..], CultureInfo.InvariantCulture)).TotalMinutes,
                Is.EqualTo(h.Minutes)
            );
            Assert.That(input.Slots.Any(s => string.CompareOrdinal(p.Start[11..], s.Start) >= 0 && string.CompareOrdinal(p.End[11..], s.End) <= 0), p.Id);
        }
        foreach (var who in answer.Placed.SelectMany(p => byId[p.Id].People.Append("room " + p.Room).Select(w => (w, p))).GroupBy(x => x.w))
        {
            var sorted = who.Select(x => x.p).OrderBy(p => p.Start, StringComparer.Ordinal).ToList();
            for (var i = 1; i < sorted.Count; i++)
                Assert.That(string.CompareOrdinal(sorted[i - 1].End, sorted[i].Start) <= 0, $"{who.Key}: {sorted[i - 1]} and {sorted[i]}");
        }
        Assert.That(answer.Unplaced.All(u => u.Why.Count > 0), "every refusal has its reason");
        Assert.That(answer.Placed.Count, Is.LessThanOrEqualTo(answer.Bound));
    }

    [TestCase(60, 4, 8, 5, 1)]
    [TestCase(200, 6, 20, 10, 2)]
    [TestCase(40, 1, 4, 3, 3)]
    public void A_plan_breaks_no_constraint_and_is_not_worse_than_the_first_fit(int hearings, int rooms, int judges, int days, int seed)
    {
        var input = Input(hearings, rooms, judges, days, seed);
        var answer = Planner.Plan(input, TimeSpan.FromSeconds(1.5), TimeProvider.System);
        Holds(input, answer);
        Assert.That(answer.Placed.Count, Is.GreaterThanOrEqualTo(answer.FirstFitPlaced));
    }

    [Test]
    public void A_thousand_hearings_twenty_rooms_and_sixty_judges_within_ten_seconds()
    {
        var input = Input(1000, 20, 60, 22, 9);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var answer = Planner.Plan(input, TimeSpan.FromSeconds(6), TimeProvider.System);
        TestContext.Out.WriteLine(
            $"placed {answer.Placed.Count} of {answer.Bound} (first fit {answer.FirstFitPlaced}), spread {answer.Spread:0.000} (first fit "
                + $"{answer.FirstFitSpread:0.000}), {watch.Elapsed.TotalSeconds:0.0} s"
        );
        Holds(input, answer);
        Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(10));
        Assert.That((double)answer.Placed.Count / answer.Bound, Is.GreaterThanOrEqualTo(0.98));
        Assert.That(answer.Placed.Count, Is.GreaterThanOrEqualTo(answer.FirstFitPlaced));
        Assert.That(answer.Spread, Is.LessThan(answer.FirstFitSpread));
    }

    [Test]
    public void The_impossible_is_said_with_its_reason_and_bad_input_by_name()
    {
        var input = Input(1, 1, 1, 2, 1) with
        {
            Hearings =
            [
                new()
                {
                    Id = "long",
                    Minutes = 600,
                    People = ["j0"],
                },
                new()
                {
                    Id = "large",
                    Minutes = 30,
                    Size = 900,
                    People = ["j0"],
                },
                new()
                {
                    Id = "late",
                    Minutes = 30,
                    Earliest = "2027-01-01",
                    People = ["j0"],
                },
            ],
        };
        var answer = Planner.Plan(input, TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.That((answer.Placed.Count, answer.Bound), Is.EqualTo((0, 0)));
        Assert.That(
            answer.Unplaced.Select(u => u.Why[0]),
            Is.EqualTo(new[] { "600 分钟长于任何一个时段", "没有够大而且设备齐的法庭", "可排区间内没有开庭日" })
        );
        Assert.That(
            () => Planner.Plan(input with { Days = ["morgen"] }, TimeSpan.FromSeconds(1), TimeProvider.System),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("days")
        );
        Assert.That(
            () =>
                Planner.Plan(
                    input with
                    {
                        Hearings =
                        [
                            new()
                            {
                                Id = "x",
                                Minutes = 30,
                                People = ["nobody"],
                            },
                        ],
                    },
                    TimeSpan.FromSeconds(1),
                    TimeProvider.System
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("people")
        );
    }
}
