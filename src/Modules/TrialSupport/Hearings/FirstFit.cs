using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Law;

namespace CourtOps.TrialSupport.Hearings;

/// <summary>A courtroom as fitting sees it.</summary>
internal sealed record FitRoom(long Id, string Name, int Size, IReadOnlySet<string> Features, bool Online, IReadOnlyDictionary<DateOnly, string> Closed);

/// <summary>Somebody who must be there.</summary>
/// <param name="Away">Days on which the person is away, both included.</param>
internal sealed record FitPerson(string Resource, string Name, IReadOnlyList<(DateOnly From, DateOnly Until)> Away);

/// <summary>What one hearing asks for; everything is read before.</summary>
internal sealed record FitAsk
{
    public required int Minutes { get; init; }
    public required DateOnly From { get; init; }
    public required DateOnly Until { get; init; }

    /// <summary>Nothing before it: now.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>First day the parties' periods allow (G-01).</summary>
    public required DateOnly Earliest { get; init; }

    /// <summary>End of the trial limit; null where none is known.</summary>
    public DateOnly? Limit { get; init; }

    /// <summary>Code of the notice to parties: SUMMONS or SUMMONS-CR.</summary>
    public string Notice { get; init; } = "SUMMONS";

    /// <summary>The parties gave up their periods and the notice on record.</summary>
    public bool Waived { get; init; }

    /// <summary>Assessors sit: they are drawn seven days before.</summary>
    public bool Assessors { get; init; }

    /// <summary>The day on which they were drawn; null: not yet.</summary>
    public DateOnly? DrawnOn { get; init; }
    public required bool Online { get; init; }
    public int Size { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];
    public required IReadOnlyList<FitRoom> Rooms { get; init; }
    public required IReadOnlyList<FitPerson> People { get; init; }

    /// <summary>Slots taken by resource ("room:1", "person:7").</summary>
    public required IReadOnlyDictionary<string, IReadOnlySet<int>> Busy { get; init; }
    public required CourtCalendar Calendar { get; init; }

    /// <summary>Slots in which a person is on the way to or from a hearing in another court, by resource.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<int>> Travel { get; init; } = new Dictionary<string, IReadOnlySet<int>>();

    /// <summary>The language an interpreter is needed for; blank: none is.</summary>
    public string Language { get; init; } = "";

    /// <summary>Who of the court interprets it: one of them must be free.</summary>
    public IReadOnlyList<FitPerson> Interpreters { get; init; } = [];

    /// <summary>Days on which no more escorts are to be had; empty where none is needed.</summary>
    public IReadOnlySet<DateOnly> EscortFull { get; init; } = new HashSet<DateOnly>();
}

/// <summary>A time and room that will do.</summary>
/// <param name="Interpreter">The interpreter who is free then; null where none is needed.</param>
internal sealed record Fit(
    DateOnly Day,
    DateTimeOffset Start,
    DateTimeOffset End,
    long RoomId,
    string RoomName,
    DateOnly ServeBy,
    FitPerson? Interpreter = null
);

/// <summary>Why half a day, or the whole of it, does not do. The words are a text key with one value.</summary>
internal sealed record Refusal(DateOnly Day, string Half, string Reason, string Value)
{
    public Said Said => Said.Of(Reason, Value);
}

internal sealed record FitAnswer(IReadOnlyList<Fit> Fits, IReadOnlyList<Refusal> Refusals);

/// <summary>First fits of one hearing under the hard constraints of G-01: pure, in milliseconds for ten weeks and thirty rooms.</summary>
internal static class FirstFit
{
    /// <summary>Last day on which the parties may be told of a hearing on a day (A-04, clear days).</summary>
    /// <exception cref="LawError">A day out of range.</exception>
    public static DateOnly ServeBy(DateOnly day, string notice) => NamedPeriods.LatestBefore(notice, day).Latest;

    /// <summary>The first times that fit, one each half day at most, and why everything before them does not.</summary>
    /// <param name="most">How many fits are wanted, 1 or more.</param>
    public static FitAnswer Find(FitAsk ask, int most = 3)
    {
        var fits = new List<Fit>();
        var refusals = new List<Refusal>();
        for (var day = ask.From; day <= ask.Until && fits.Count < most; day = day.AddDays(1))
        {
            if (DayRefusal(ask, day) is { } no)
            {
                refusals.Add(no);
                continue;
            }
            foreach (var (from, to, half) in Slots.Sessions)
            {
                if (fits.Count == most)
                    break;
                if (InHalf(ask, day, from, to, half) is var (fit, refusal) && fit is not null)
                    fits.Add(fit);
                else
                    refusals.Add(refusal!);
            }
        }
        return new FitAnswer(fits, refusals);
    }

    /// <summary>Why nothing may be held on a day, whoever is free; null when it may.</summary>
    public static Refusal? DayRefusal(FitAsk ask, DateOnly day)
    {
        var today = Times.Day(ask.NotBefore);
        if (day < today)
            return new Refusal(day, "全天", "已经过去{0}", "");
        if (!ask.Calendar.IsOfficeDay(day))
            return new Refusal(day, "全天", "不是工作日{0}", "");
        if (day < ask.Earliest)
            return new Refusal(day, "全天", "当事人的答辩期、举证期未满，最早 {0}", Times.Iso(ask.Earliest));
        if (!ask.Waived && ServeBy(day, ask.Notice) is var by && by < today)
            return new Refusal(day, "全天", "传票最迟应于 {0} 送达，已来不及", Times.Iso(by));
        if (ask.Assessors && HearingDates.AssessorsDrawnBy(day, ask.Calendar).Limit is var drawn && drawn < (ask.DrawnOn ?? today))
            return new Refusal(day, "全天", "陪审员应于 {0} 前抽取，已来不及", Times.Iso(drawn));
        if (ask.Limit is { } limit && day > limit)
            return new Refusal(day, "全天", "审限 {0} 届满", Times.Iso(limit));
        if (ask.EscortFull.Contains(day))
            return new Refusal(day, "全天", "当日提押已满{0}", "");
        if (ask.Language.Length > 0 && !ask.Interpreters.Any(p => Here(p, day)))
            return new Refusal(day, "全天", ask.Interpreters.Count == 0 ? "本院名单里没有{0}翻译" : "{0}翻译当日都请假", ask.Language);
        var away = ask.People.FirstOrDefault(p => p.Away.Any(a => a.From <= day && day <= a.Until));
        return away is null ? null : new Refusal(day, "全天", "{0}请假", away.Name);
    }

    /// <summary>Whether one time and room will do: null when they will, else why not.</summary>
    public static Refusal? Judge(FitAsk ask, DateOnly day, TimeOnly start, FitRoom room)
    {
        if (DayRefusal(ask, day) is { } no)
            return no;
        var half = Array.FindIndex(Slots.Sessions, s => start >= s.From && start.AddMinutes(ask.Minutes) <= s.To && start.AddMinutes(ask.Minutes) > start);
        if (half < 0)
            return new Refusal(
                day,
                "",
                "{0}不在开庭时间内（9:00–12:00、13:30–17:00）",
                start.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)
            );
        var label = Slots.Sessions[half].Label;
        if (Slots.At(day, start) < ask.NotBefore)
            return new Refusal(day, label, "已经过去{0}", "");
        if (Unfit(ask, day, room) is { } unfit)
            return new Refusal(day, label, unfit, room.Name);
        var slots = Slots.Range(Slots.At(day, start), ask.Minutes).ToList();
        if (Taken(ask, "room:" + room.Id, slots))
            return new Refusal(day, label, "{0}该时段已占用", room.Name);
        if (Blocked(ask, slots) is { } person)
            return new Refusal(day, label, "{0}该时段另有安排", person.Name);
        return Unreachable(ask, day, label, slots);
    }

    /// <summary>The first interpreter of the language who is free; null where none is, or none is needed.</summary>
    public static FitPerson? InterpreterFor(FitAsk ask, DateOnly day, IReadOnlyList<int> slots) =>
        ask.Language.Length == 0 ? null : ask.Interpreters.FirstOrDefault(p => Here(p, day) && !Taken(ask, p.Resource, slots));

    private static bool Here(FitPerson person, DateOnly day) => !person.Away.Any(a => a.From <= day && day <= a.Until);

    // somebody comes from another court, or nobody interprets
    private static Refusal? Unreachable(FitAsk ask, DateOnly day, string half, List<int> slots)
    {
        if (ask.People.FirstOrDefault(p => ask.Travel.TryGetValue(p.Resource, out var way) && slots.Exists(way.Contains)) is { } late)
            return new Refusal(day, half, "{0}在外院有庭，路途时间不够", late.Name);
        return ask.Language.Length > 0 && InterpreterFor(ask, day, slots) is null ? new Refusal(day, half, "{0}翻译该时段都没有空", ask.Language) : null;
    }

    private static (Fit? Fit, Refusal? Refusal) InHalf(FitAsk ask, DateOnly day, TimeOnly from, TimeOnly to, string half)
    {
        Refusal? why = null;
        var rooms = ask.Rooms.Where(r => Unfit(ask, day, r) is null).OrderBy(r => r.Size).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        if (rooms.Count == 0)
            return (null, new Refusal(day, half, "没有开放而合用的法庭{0}", ""));
        for (var start = from; start.AddMinutes(ask.Minutes) <= to && start.AddMinutes(ask.Minutes) > start; start = start.AddMinutes(Slots.Minutes))
        {
            var at = Slots.At(day, start);
            if (at < ask.NotBefore)
            {
                why ??= new Refusal(day, half, "已经过去{0}", "");
                continue;
            }
            var slots = Slots.Range(at, ask.Minutes).ToList();
            if (Blocked(ask, slots) is { } person)
            {
                why ??= new Refusal(day, half, "{0}该时段另有安排", person.Name);
                continue;
            }
            if (Unreachable(ask, day, half, slots) is { } no)
            {
                why ??= no;
                continue;
            }
            if (rooms.FirstOrDefault(r => !Taken(ask, "room:" + r.Id, slots)) is { } room)
                return (new Fit(day, at, at.AddMinutes(ask.Minutes), room.Id, room.Name, ServeBy(day, ask.Notice), InterpreterFor(ask, day, slots)), null);
            why ??= new Refusal(day, half, "合用的 {0} 个法庭都已占用", rooms.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        return (null, why ?? new Refusal(day, half, "{0} 分钟放不进半天", ask.Minutes.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static string? Unfit(FitAsk ask, DateOnly day, FitRoom room) =>
        room.Closed.ContainsKey(day) ? "{0}当日停用"
        : room.Size < ask.Size ? "{0}坐不下"
        : ask.Online && !room.Online ? "{0}不能在线开庭"
        : ask.Features.Any(f => !room.Features.Contains(f)) ? "{0}缺少需要的设备"
        : null;

    private static FitPerson? Blocked(FitAsk ask, List<int> slots) => ask.People.FirstOrDefault(p => Taken(ask, p.Resource, slots));

    private static bool Taken(FitAsk ask, string resource, IReadOnlyList<int> slots) =>
        ask.Busy.TryGetValue(resource, out var busy) && slots.Any(busy.Contains);
}
