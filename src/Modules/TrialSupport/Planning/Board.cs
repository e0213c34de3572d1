using CourtOps.Kernel.Messaging;

namespace CourtOps.TrialSupport.Planning;

/// <summary>A plan under way: who and what is taken when. One change can be taken back as a whole.</summary>
internal sealed class Board
{
    private readonly PlanProblem problem;

    // taken minutes by room and day, by person and day: sorted by start
    private readonly List<(int From, int To)>[] rooms;
    private readonly List<(int From, int To)>[] people;
    private readonly int[] load;
    private readonly HashSet<int>[] onDay;
    private readonly Dictionary<int, Place?> before = [];
    private readonly int[] judges;
    private long weight;

    public Board(PlanProblem problem)
    {
        this.problem = problem;
        At = new Place?[problem.Jobs.Length];
        rooms = Lists(problem.RoomIds.Length);
        people = Lists(problem.PersonIds.Length);
        load = new int[problem.PersonIds.Length * problem.Days.Length];
        onDay = [.. problem.Days.Select(_ => new HashSet<int>())];
        judges = [.. problem.Jobs.Select(j => j.Judge).Where(j => j >= 0).Distinct()];
        foreach (var t in problem.Taken)
        {
            if (t.Room >= 0)
                Insert(rooms[(t.Room * problem.Days.Length) + t.Day], (t.From, t.To));
            if (t.Person >= 0)
                Insert(people[(t.Person * problem.Days.Length) + t.Day], (t.From, t.To));
        }
    }

    public Place?[] At { get; }

    public int Count { get; private set; }

    public Board Copy()
    {
        var copy = new Board(problem);
        foreach (var job in problem.Jobs)
            if (At[job.Index] is { } place)
                copy.Put(job, place);
        copy.Commit();
        return copy;
    }

    public IEnumerable<PlanProblem.Job> OnDay(int day) => onDay[day].Select(i => problem.Jobs[i]);

    /// <summary>Puts a hearing where an earlier plan had it; false where that does not do any more.</summary>
    public bool TryPut(PlanProblem.Job job, Place place)
    {
        if (
            At[job.Index] is not null
            || place.Day < job.First
            || place.Day > job.Last
            || !job.Rooms.Contains(place.Room)
            || !problem.RoomOpen[place.Room][place.Day]
            || job.People.Any(p => !problem.PersonHere[p][place.Day])
            || !problem.Slots.Any(s => place.Start >= s.From && place.Start + job.Minutes <= s.To)
            || Blocked(job, place.Day, place.Start) != place.Start
            || Next(rooms[(place.Room * problem.Days.Length) + place.Day], place.Start, job.Minutes) != place.Start
        )
            return false;
        Put(job, place);
        return true;
    }

    /// <summary>Places a hearing at the first time that fits; with <paramref name="fair"/> on the day its judge has least, earliest among equals.</summary>
    public bool TryPlace(PlanProblem.Job job, bool fair)
    {
        if (!fair)
        {
            for (var day = job.First; day <= job.Last; day++)
                if (Find(job, day) is { } place)
                {
                    Put(job, place);
                    return true;
                }
            return false;
        }
        var days = Enumerable.Range(job.First, job.Last - job.First + 1);
        if (job.Judge >= 0)
            days = days.OrderBy(d => load[(job.Judge * problem.Days.Length) + d]);
        foreach (var day in days)
            if (Find(job, day) is { } place)
            {
                Put(job, place);
                return true;
            }
        return false;
    }

    public void TakeOut(PlanProblem.Job job)
    {
        if (At[job.Index] is not { } place)
            return;
        Remember(job);
        rooms[(place.Room * problem.Days.Length) + place.Day].Remove((place.Start, place.Start + job.Minutes));
        foreach (var p in job.People)
            people[(p * problem.Days.Length) + place.Day].Remove((place.Start, place.Start + job.Minutes));
        if (job.Judge >= 0)
            load[(job.Judge * problem.Days.Length) + place.Day]--;
        onDay[place.Day].Remove(job.Index);
        At[job.Index] = null;
        Count--;
        weight -= Weight(job);
    }

    /// <summary>What was changed since the last commit.</summary>
    public IReadOnlyList<PlanProblem.Job> Changed() => [.. before.Keys.Select(i => problem.Jobs[i])];

    /// <summary>Puts what was changed where it stood before; everything changed has been taken out.</summary>
    public void Restore()
    {
        foreach (var (index, place) in before.ToList())
            if (place is { } was)
                Put(problem.Jobs[index], was);
        before.Clear();
    }

    public void Commit() => before.Clear();

    /// <summary>Placed hearings weighted by priority (12, 11, 10: one more always counts above a higher one), and the spread.</summary>
    public (long Weight, double Spread) Score() => (weight, Spread());

    /// <summary>Standard deviation of a judge's hearings per day over the days, mean over judges.</summary>
    public double Spread()
    {
        if (judges.Length == 0)
            return 0;
        var days = problem.Days.Length;
        var sum = 0.0;
        foreach (var judge in judges)
        {
            int n = 0,
                squares = 0;
            for (var d = 0; d < days; d++)
            {
                var l = load[(judge * days) + d];
                n += l;
                squares += l * l;
            }
            var mean = (double)n / days;
            sum += Math.Sqrt(Math.Max(0, ((double)squares / days) - (mean * mean)));
        }
        return sum / judges.Length;
    }

    /// <summary>What stands in the way of a hearing in this plan.</summary>
    public IReadOnlyList<Said> Why(PlanProblem.Job job)
    {
        int noRoom = 0,
            away = 0;
        var busy = new Dictionary<int, int>();
        for (var day = job.First; day <= job.Last; day++)
        {
            var missing = job.People.Where(p => !problem.PersonHere[p][day]).ToList();
            if (missing.Count > 0)
            {
                away++;
                continue;
            }
            var full = job.People.Where(p => !problem.Slots.Any(s => Gap(people[(p * problem.Days.Length) + day], s, job.Minutes) >= 0)).ToList();
            foreach (var p in full)
                busy[p] = busy.GetValueOrDefault(p) + 1;
            if (full.Count == 0)
                noRoom++;
        }
        var why = new List<Said>();
        if (away > 0)
            why.Add($"{away} 天有人不在");
        foreach (var (person, full) in busy.OrderByDescending(b => b.Value).Take(3))
            why.Add($"{problem.PersonNames[person]} 有 {full} 天排满");
        if (noRoom > 0)
            why.Add($"{noRoom} 天没有各方都空又有法庭的时间");
        return why;
    }

    private Place? Find(PlanProblem.Job job, int day)
    {
        foreach (var p in job.People)
            if (!problem.PersonHere[p][day])
                return null;
        foreach (var slot in problem.Slots)
        {
            // candidate starts: the beginning of the slot and every end of something taken in it
            for (var start = slot.From; start + job.Minutes <= slot.To; )
            {
                var next = Blocked(job, day, start);
                if (next > start)
                {
                    start = next;
                    continue;
                }
                var later = int.MaxValue;
                foreach (var r in job.Rooms)
                {
                    if (!problem.RoomOpen[r][day])
                        continue;
                    var free = Next(rooms[(r * problem.Days.Length) + day], start, job.Minutes);
                    if (free == start)
                        return new Place(day, start, r);
                    later = Math.Min(later, free);
                }
                if (later == int.MaxValue)
                    return null;
                start = later;
            }
        }
        return null;
    }

    // the first minute from which all people are free, as far as they are asked in turn
    private int Blocked(PlanProblem.Job job, int day, int start)
    {
        foreach (var p in job.People)
            start = Math.Max(start, Next(people[(p * problem.Days.Length) + day], start, job.Minutes));
        return start;
    }

    private static int Next(List<(int From, int To)> taken, int start, int minutes)
    {
        foreach (var (from, to) in taken)
            if (from < start + minutes && to > start)
                start = to;
        return start;
    }

    private static int Gap(List<(int From, int To)> taken, (int From, int To) slot, int minutes) =>
        Next(taken, slot.From, minutes) is var at && at + minutes <= slot.To ? at : -1;

    private void Put(PlanProblem.Job job, Place place)
    {
        Remember(job);
        Insert(rooms[(place.Room * problem.Days.Length) + place.Day], (place.Start, place.Start + job.Minutes));
        foreach (var p in job.People)
            Insert(people[(p * problem.Days.Length) + place.Day], (place.Start, place.Start + job.Minutes));
        if (job.Judge >= 0)
            load[(job.Judge * problem.Days.Length) + place.Day]++;
        onDay[place.Day].Add(job.Index);
        At[job.Index] = place;
        Count++;
        weight += Weight(job);
    }

    private void Remember(PlanProblem.Job job) => before.TryAdd(job.Index, At[job.Index]);

    private static long Weight(PlanProblem.Job job) =>
        job.Priority switch
        {
            1 => 12,
            2 => 11,
            _ => 10,
        };

    private static void Insert(List<(int From, int To)> list, (int From, int To) item)
    {
        var i = list.Count;
        while (i > 0 && list[i - 1].From > item.From)
            i--;
        list.Insert(i, item);
    }

    private List<(int From, int To)>[] Lists(int of) => [.. Enumerable.Range(0, of * problem.Days.Length).Select(_ => new List<(int, int)>())];
}
