namespace CourtOps.TrialSupport.Planning;

/// <summary>
/// Plans many hearings: a constructive plan (what has least room to move first), then a search that takes some hearings out and puts others in,
/// keeps what is no worse, and ends at the time given. Deterministic for a given number of rounds; nothing is placed against a constraint.
/// </summary>
internal static class Planner
{
    /// <param name="limit">For the whole; the search stops earlier when all is placed and nothing improves.</param>
    /// <param name="from">A plan of the same input that is gone on from; null: from nothing.</param>
    /// <param name="turn">Another turn takes another way: the search is seeded by it.</param>
    public static PlanAnswer Plan(PlanInput input, TimeSpan limit, TimeProvider clock, IReadOnlyList<PlacedHearing>? from = null, int turn = 0)
    {
        var began = clock.GetTimestamp();
        var problem = new PlanProblem(input);
        var possible = problem.Jobs.Where(j => problem.Impossible(j).Count == 0).ToList();

        // what a clerk does: in the order of the list, the first time and room that are free
        var first = new Board(problem);
        foreach (var job in possible)
            first.TryPlace(job, fair: false);

        var best = new Board(problem);
        foreach (
            var job in possible
                .OrderBy(j => j.Priority)
                .ThenBy(j => (j.Last - j.First + 1) * Math.Min(j.Rooms.Length, 3))
                .ThenByDescending(j => j.Minutes)
                .ThenBy(j => j.Index)
        )
            best.TryPlace(job, fair: true);
        if (Compare(first.Score(), best.Score()) > 0)
            best = first.Copy();
        if (from is not null && Kept(problem, possible, from) is var kept && Compare(kept.Score(), best.Score()) >= 0)
            best = kept;
        best = Improve(problem, possible, best, () => clock.GetElapsedTime(began) < limit, turn);

        var placed = possible.Where(j => best.At[j.Index] is not null).ToList();
        return new PlanAnswer(
            [
                .. placed
                    .OrderBy(j => best.At[j.Index]!.Value.Day)
                    .ThenBy(j => best.At[j.Index]!.Value.Start)
                    .ThenBy(j => j.Index)
                    .Select(j => Shown(problem, j, best.At[j.Index]!.Value)),
            ],
            [
                .. problem
                    .Jobs.Where(j => best.At[j.Index] is null)
                    .Select(j => new UnplacedHearing(j.Id, problem.Impossible(j) is { Count: > 0 } why ? why : best.Why(j))),
            ],
            Bound.Of(problem, possible),
            first.Count,
            first.Spread(),
            best.Spread()
        );
    }

    // (weighted placed, spread): more and higher placed first, then the more even plan
    private static int Compare((long Weight, double Spread) a, (long Weight, double Spread) b) =>
        a.Weight != b.Weight ? a.Weight.CompareTo(b.Weight) : b.Spread.CompareTo(a.Spread);

    private static Board Kept(PlanProblem problem, List<PlanProblem.Job> possible, IReadOnlyList<PlacedHearing> from)
    {
        var board = new Board(problem);
        var jobs = possible.ToDictionary(j => j.Id, StringComparer.Ordinal);
        foreach (var p in from)
            if (
                jobs.TryGetValue(p.Id, out var job)
                && DateTime.TryParseExact(
                    p.Start,
                    "yyyy-MM-ddTHH:mm",
                    System.Globalization.CultureInfo.InvariantCulture,
                    System.Globalization.DateTimeStyles.None,
                    out var at
                )
            )
            {
                var (day, room) = (Array.IndexOf(problem.Days, DateOnly.FromDateTime(at)), Array.IndexOf(problem.RoomIds, p.Room));
                if (day >= 0 && room >= 0)
                    board.TryPut(job, new Place(day, (at.Hour * 60) + at.Minute, room));
            }
        board.Commit();
        return board;
    }

    private static Board Improve(PlanProblem problem, List<PlanProblem.Job> possible, Board start, Func<bool> go, int turn)
    {
        if (possible.Count == 0)
            return start;
        var random = new Random(20260101 + turn);
        var (best, now) = (start.Copy(), start);
        var (bestScore, score) = (best.Score(), now.Score());
        for (var (round, idle) = (0, 0); go() && (idle < 30_000 || best.Count < possible.Count) && idle < 400_000; round++, idle++)
        {
            var undo = new List<(PlanProblem.Job Job, Place Was)>();
            var waiting = possible.Where(j => now.At[j.Index] is null).ToList();
            var target = waiting.Count > 0 && random.Next(4) > 0 ? waiting[random.Next(waiting.Count)] : null;
            if (target is not null && now.TryPlace(target, fair: true))
            {
                score = now.Score();
            }
            else
            {
                Remove(problem, possible, now, target, random, undo);
                var tried = undo.Select(u => u.Job).OrderBy(_ => random.Next()).ToList();
                if (target is not null)
                    now.TryPlace(target, fair: true);
                foreach (var job in tried)
                    now.TryPlace(job, fair: true);
                // one more chance for whoever waits where something came free
                if (undo.Count > 0 && waiting.Count > 0)
                    for (var i = 0; i < Math.Min(6, waiting.Count); i++)
                    {
                        var other = waiting[random.Next(waiting.Count)];
                        if (now.At[other.Index] is null)
                            now.TryPlace(other, fair: true);
                    }
                var next = now.Score();
                if (Compare(next, score) < 0)
                {
                    // back to where it was: first out with whatever took their place
                    foreach (var job in now.Changed())
                        now.TakeOut(job);
                    now.Restore();
                    continue;
                }
                score = next;
            }
            now.Commit();
            if (Compare(score, bestScore) > 0)
            {
                (best, bestScore, idle) = (now.Copy(), score, 0);
            }
        }
        return best;
    }

    // hearings of one room or judge on days the target could use; without a target, of a judge whose days are uneven
    private static void Remove(
        PlanProblem problem,
        List<PlanProblem.Job> possible,
        Board now,
        PlanProblem.Job? target,
        Random random,
        List<(PlanProblem.Job, Place)> undo
    )
    {
        IEnumerable<PlanProblem.Job> candidates;
        if (target is null)
        {
            var judge = possible[random.Next(possible.Count)].Judge;
            candidates = possible.Where(j => j.Judge == judge && now.At[j.Index] is not null);
        }
        else
        {
            var day = random.Next(target.First, target.Last + 1);
            var room = target.Rooms[random.Next(target.Rooms.Length)];
            candidates =
                random.Next(2) == 0
                    ? now.OnDay(day).Where(j => now.At[j.Index]!.Value.Room == room || j.People.Intersect(target.People).Any())
                    : now.OnDay(day).Where(j => j.People.Intersect(target.People).Any());
        }
        foreach (var job in candidates.OrderBy(_ => random.Next()).Take(1 + random.Next(4)).ToList())
        {
            undo.Add((job, now.At[job.Index]!.Value));
            now.TakeOut(job);
        }
    }

    private static PlacedHearing Shown(PlanProblem problem, PlanProblem.Job job, Place place)
    {
        var day = Kernel.Web.Times.Iso(problem.Days[place.Day]);
        return new PlacedHearing(
            job.Id,
            problem.RoomIds[place.Room],
            $"{day}T{PlanProblem.Clock(place.Start)}",
            $"{day}T{PlanProblem.Clock(place.Start + job.Minutes)}"
        );
    }
}

/// <summary>Where a hearing stands: day by index, minute of the day, room.</summary>
internal readonly record struct Place(int Day, int Start, int Room);

/// <summary>How many hearings could be placed at most: what no plan can exceed.</summary>
internal static class Bound
{
    /// <summary>
    /// The least of three: the hearings that are possible at all; what fits into the minutes of all rooms (shortest first); and the sum over judges
    /// of what fits into the days each is there. Each is an upper bound, so their minimum is one.
    /// </summary>
    public static int Of(PlanProblem problem, IReadOnlyList<PlanProblem.Job> possible)
    {
        var open = problem.RoomOpen.Sum(r => r.Count(d => d));
        var minutes = (long)open * problem.Slots.Sum(s => s.To - s.From);
        var byRoom = Fit(possible.Select(j => j.Minutes), minutes);
        var byJudge = possible
            .GroupBy(j => j.Judge)
            .Sum(g =>
                g.Key < 0 ? g.Count() : Fit(g.Select(j => j.Minutes), (long)problem.PersonHere[g.Key].Count(d => d) * problem.Slots.Sum(s => s.To - s.From))
            );
        return Math.Min(possible.Count, Math.Min(byRoom, byJudge));
    }

    private static int Fit(IEnumerable<int> minutes, long room)
    {
        var count = 0;
        foreach (var m in minutes.Order())
            if ((room -= m) >= 0)
                count++;
            else
                break;
        return count;
    }
}
