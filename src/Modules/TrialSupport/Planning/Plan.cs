using System.Globalization;
using System.Text.Json.Serialization;
using CourtOps.Kernel.Messaging;

namespace CourtOps.TrialSupport.Planning;

/// <summary>Many hearings to be planned at once; DOORS: verb schedule.</summary>
internal sealed record PlanInput
{
    public IReadOnlyList<string> Days { get; init; } = [];
    public IReadOnlyList<PlanSlot> Slots { get; init; } = [];
    public IReadOnlyList<PlanRoom> Rooms { get; init; } = [];
    public IReadOnlyList<PlanPerson> People { get; init; } = [];
    public IReadOnlyList<PlanHearing> Hearings { get; init; } = [];

    /// <summary>What is taken already: nothing is placed over it.</summary>
    public IReadOnlyList<PlanTaken> Taken { get; init; } = [];
}

/// <summary>Time that a room or a person is not free.</summary>
/// <param name="Id">Of a room or of a person.</param>
internal sealed record PlanTaken(string Id, string Day, string From, string To);

internal sealed record PlanSlot(string Start, string End);

internal sealed record PlanRoom
{
    public string Id { get; init; } = "";
    public int Size { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];
    public IReadOnlyList<string> Closed { get; init; } = [];
}

internal sealed record PlanPerson
{
    public string Id { get; init; } = "";

    /// <summary>As a person is named in reasons; the id where none is given.</summary>
    public string? Name { get; init; }
    public IReadOnlyList<string> Away { get; init; } = [];
}

internal sealed record PlanHearing
{
    public string Id { get; init; } = "";
    public int Minutes { get; init; }
    public string? Earliest { get; init; }
    public string? Latest { get; init; }

    /// <summary>The judge first.</summary>
    public IReadOnlyList<string> People { get; init; } = [];
    public int Size { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>1 before 3.</summary>
    public int Priority { get; init; } = 2;
}

internal sealed record PlacedHearing(string Id, string Room, string Start, string End);

/// <param name="Reasons">What <see cref="Why"/> says, for the reader's language.</param>
internal sealed record UnplacedHearing(string Id, [property: JsonIgnore] IReadOnlyList<Said> Reasons)
{
    public IReadOnlyList<string> Why { get; } = [.. Reasons.Select(r => r.ToString())];
}

internal sealed record PlanAnswer(
    IReadOnlyList<PlacedHearing> Placed,
    IReadOnlyList<UnplacedHearing> Unplaced,
    int Bound,
    int FirstFitPlaced,
    double FirstFitSpread,
    double Spread
);

/// <summary>The input with everything as numbers: minutes of the day, days and half days by index. Faults of the input are said by name.</summary>
internal sealed class PlanProblem
{
    /// <param name="Judge">-1 where nobody is named.</param>
    public sealed record Job(int Index, string Id, int Minutes, int First, int Last, int[] People, int Judge, int[] Rooms, int Priority);

    public PlanProblem(PlanInput input)
    {
        if (input.Days.Count == 0 || input.Slots.Count == 0)
            throw Bad("days and slots must not be empty.", "days");
        Days = [.. input.Days.Select(d => Day(d, "days"))];
        Slots = [.. input.Slots.Select(s => (From: Minute(s.Start), To: Minute(s.End)))];
        if (Slots.Any(s => s.To <= s.From))
            throw Bad("A slot ends before it begins.", "slots");
        RoomIds = [.. input.Rooms.Select(r => r.Id)];
        Unique(RoomIds, "rooms");
        var dayIndex = Days.Select((d, i) => (d, i)).DistinctBy(x => x.d).ToDictionary(x => x.d, x => x.i);
        RoomOpen = [.. input.Rooms.Select(r => Days.Select(d => !r.Closed.Select(c => Day(c, "closed")).Contains(d)).ToArray())];
        PersonIds = [.. input.People.Select(p => p.Id)];
        Unique(PersonIds, "people");
        PersonNames = [.. input.People.Select(p => p.Name ?? p.Id)];
        var known = PersonIds.Select((p, i) => (p, i)).ToDictionary(x => x.p, x => x.i, StringComparer.Ordinal);
        PersonHere = [.. input.People.Select(p => Days.Select(d => !p.Away.Select(a => Day(a, "away")).Contains(d)).ToArray())];
        Unique([.. input.Hearings.Select(h => h.Id)], "hearings");
        var rooms = RoomIds.Select((r, i) => (r, i)).ToDictionary(x => x.r, x => x.i, StringComparer.Ordinal);
        Taken =
        [
            .. input
                .Taken.Where(t => (rooms.ContainsKey(t.Id) || known.ContainsKey(t.Id)) && dayIndex.ContainsKey(Day(t.Day, "taken")))
                .Select(t =>
                    (
                        Room: rooms.GetValueOrDefault(t.Id, -1),
                        Person: known.GetValueOrDefault(t.Id, -1),
                        Day: dayIndex[Day(t.Day, "taken")],
                        From: Minute(t.From),
                        To: Minute(t.To)
                    )
                ),
        ];
        Jobs =
        [
            .. input.Hearings.Select(
                (h, i) =>
                {
                    if (h.Minutes is < 1 or > 1440)
                        throw Bad($"Hearing {h.Id} lasts {h.Minutes} minutes.", "minutes");
                    var people = h
                        .People.Select(p =>
                            known.TryGetValue(p, out var k) ? k : throw Bad($"Hearing {h.Id} names {p}, who is not among the people.", "people")
                        )
                        .Distinct()
                        .ToArray();
                    var earliest = h.Earliest is { } e ? Day(e, "earliest") : DateOnly.MinValue;
                    var latest = h.Latest is { } l ? Day(l, "latest") : DateOnly.MaxValue;
                    var days = Enumerable.Range(0, Days.Length).Where(d => Days[d] >= earliest && Days[d] <= latest).ToList();
                    var rooms = Enumerable
                        .Range(0, input.Rooms.Count)
                        .Where(r => input.Rooms[r].Size >= h.Size && h.Features.All(input.Rooms[r].Features.Contains))
                        .OrderBy(r => input.Rooms[r].Features.Count)
                        .ThenBy(r => input.Rooms[r].Size)
                        .ToArray();
                    return new Job(
                        i,
                        h.Id,
                        h.Minutes,
                        days.Count > 0 ? days[0] : 0,
                        days.Count > 0 ? days[^1] : -1,
                        people,
                        people.Length > 0 ? people[0] : -1,
                        rooms,
                        Math.Clamp(h.Priority, 1, 3)
                    );
                }
            ),
        ];
    }

    public DateOnly[] Days { get; }

    /// <summary>Minutes of the day; a hearing lies within one.</summary>
    public (int From, int To)[] Slots { get; }

    public string[] RoomIds { get; }

    public bool[][] RoomOpen { get; }

    public string[] PersonIds { get; }

    public string[] PersonNames { get; }

    public bool[][] PersonHere { get; }

    public Job[] Jobs { get; }

    /// <summary>What is taken before anything is placed; -1 for a room that is none, a person that is none.</summary>
    public (int Room, int Person, int Day, int From, int To)[] Taken { get; }

    public int Judges => Jobs.Select(j => j.Judge).Where(j => j >= 0).Distinct().Count();

    /// <summary>Why no plan whatever can place a hearing; empty where it may.</summary>
    public IReadOnlyList<Said> Impossible(Job job)
    {
        var why = new List<Said>();
        if (Slots.All(s => s.To - s.From < job.Minutes))
            why.Add($"{job.Minutes} 分钟长于任何一个时段");
        if (job.Last < job.First)
            why.Add($"可排区间内没有开庭日");
        if (job.Rooms.Length == 0)
            why.Add($"没有够大而且设备齐的法庭");
        if (why.Count == 0 && !Enumerable.Range(job.First, job.Last - job.First + 1).Any(d => job.Rooms.Any(r => RoomOpen[r][d])))
            why.Add($"可排区间内合用的法庭都停用");
        if (why.Count == 0 && !Enumerable.Range(job.First, job.Last - job.First + 1).Any(d => job.People.All(p => PersonHere[p][d])))
            why.Add($"可排区间内没有一天人员都在");
        return why;
    }

    public static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static void Unique(IReadOnlyList<string> ids, string field)
    {
        if (ids.GroupBy(i => i, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1 || g.Key.Length == 0) is { } twice)
            throw Bad(twice.Key.Length == 0 ? "An id is empty." : $"The id {twice.Key} stands twice.", field);
    }

    private static DateOnly Day(string text, string field) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw Bad($"“{text}” is no date like 2026-12-01.", field);

    private static int Minute(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? (time.Hour * 60) + time.Minute
            : throw Bad($"“{text}” is no time like 09:00.", "slots");

    private static Kernel.Messaging.RuleBroken Bad(string words, string field) => new(words, field);
}
