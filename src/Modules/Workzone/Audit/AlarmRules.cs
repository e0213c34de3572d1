using System.Globalization;
using CourtOps.Kernel.Web;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Workzone.Trails;

/// <summary>From when on reading is unusual. Defaults here, other values under CourtOps:Alarms.</summary>
public sealed record AlarmSettings
{
    /// <summary>So many different cases …</summary>
    public int MassCases { get; init; } = 60;

    /// <summary>… within so many minutes.</summary>
    public int MassMinutes { get; init; } = 30;

    /// <summary>Night begins at this hour in Shanghai …</summary>
    public int NightFrom { get; init; } = 22;

    /// <summary>… and ends at this one.</summary>
    public int NightTo { get; init; } = 6;

    /// <summary>Different cases read in one night before it is said.</summary>
    public int NightCases { get; init; } = 3;

    /// <summary>Refusals of one person …</summary>
    public int Refusals { get; init; } = 8;

    /// <summary>… within so many minutes.</summary>
    public int RefusalMinutes { get; init; } = 15;

    /// <exception cref="InvalidOperationException">A threshold that could never or would always raise an alarm.</exception>
    public static AlarmSettings Read(IConfiguration configuration)
    {
        var s = configuration.GetSection("CourtOps:Alarms").Get<AlarmSettings>() ?? new AlarmSettings();
        if (
            s.MassCases < 2
            || s.MassMinutes is < 1 or > 1440
            || s.NightFrom is < 0 or > 23
            || s.NightTo is < 0 or > 23
            || s.NightCases < 1
            || s.Refusals < 2
            || s.RefusalMinutes is < 1 or > 1440
        )
            throw new InvalidOperationException("CourtOps:Alarms holds a threshold out of range.");
        return s;
    }
}

/// <summary>One entry as the rules see it.</summary>
public record ReadEntry
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }
    public long ActorId { get; init; }
    public string Actor { get; init; } = "";
    public string PersonName { get; init; } = "";
    public long? CaseId { get; init; }
    public long CourtId { get; init; }
    public string Result { get; init; } = "";

    /// <summary>Who it is counted for: a person, or where nobody is known the address.</summary>
    internal string Who => ActorId > 0 ? $"{ActorId}" : Actor;
}

/// <summary>What a rule found.</summary>
/// <param name="Key">The same finding gives the same key: an alarm is raised once.</param>
public sealed record Raised(
    string Kind,
    string Key,
    long PersonId,
    string Login,
    string Name,
    long CourtId,
    DateTimeOffset From,
    DateTimeOffset To,
    int Hits,
    IReadOnlyList<long> Evidence
);

/// <summary>How a reader is found among the parties of the case.</summary>
public enum PartyMatch
{
    None,

    /// <summary>A party has the name, and nothing tells the two apart.</summary>
    Name,
    IdNumber,
}

/// <summary>The rules over the access log. Pure: entries in, alarms out.</summary>
public static class AlarmRules
{
    public const string Mass = "mass-reading";
    public const string Night = "night-reading";
    public const string Refusals = "repeated-refusals";
    public const string SignIn = "failed-sign-in";
    public const string OwnCase = "own-case-id";
    public const string SameName = "own-case";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Mass] = "短时间查阅大量案件",
        [Night] = "夜间查阅",
        [Refusals] = "反复被拒绝",
        [SignIn] = "反复登录失败或使用错误密钥",
        [OwnCase] = "查阅本人案件（证件号码相同）",
        [SameName] = "查阅同名当事人案件（只凭姓名，须核实）",
    };

    /// <summary>N different cases in M minutes, and what was read on in the hour after that.</summary>
    public static IEnumerable<Raised> MassReading(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        Windows(
            Mass,
            entries.Where(e => e is { Result: "done", CaseId: not null }),
            TimeSpan.FromMinutes(s.MassMinutes),
            w => w.Select(e => e.CaseId).Distinct().Count(),
            s.MassCases
        );

    public static IEnumerable<Raised> RepeatedRefusals(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        Windows(Refusals, entries.Where(e => e.Result is "refused" or "not-found"), TimeSpan.FromMinutes(s.RefusalMinutes), w => w.Count, s.Refusals);

    /// <summary>Wrong passwords, codes and keys, by the person tried or the address they came from; an entry may stand for several tries.</summary>
    public static IEnumerable<Raised> FailedSignIns(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        Windows(SignIn, entries, TimeSpan.FromMinutes(s.RefusalMinutes), w => w.Count, s.Refusals);

    /// <summary>Cases read between the hours of the night, a person and night at a time.</summary>
    public static IEnumerable<Raised> NightReading(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        from e in entries
        where e is { Result: "done", CaseId: not null } && IsNight(Times.Local(e.At).Hour, s)
        // the hours after midnight belong to the night that began the day before
        group e by (e.ActorId, Night: DateOnly.FromDateTime(Times.Local(e.At).DateTime.AddHours(-12))) into night
        let cases = night.Select(e => e.CaseId).Distinct().Count()
        where cases >= s.NightCases
        select Make(Night, night.Key.Night.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), [.. night], cases);

    /// <summary>A person opened a case to which he is a party by his id number; or one with a party of his name, which is a hint only: names are
    /// shared.</summary>
    public static IEnumerable<Raised> OwnCases(IEnumerable<ReadEntry> entries, Func<ReadEntry, PartyMatch> among) =>
        from e in entries
        where e is { Result: "done", CaseId: not null } && e.PersonName.Length > 0
        group e by (e.ActorId, CaseId: e.CaseId!.Value) into own
        let match = among(own.First())
        where match != PartyMatch.None
        select Make(match == PartyMatch.IdNumber ? OwnCase : SameName, $"{own.Key.CaseId}", [.. own], own.Count());

    public static bool IsNight(int hour, AlarmSettings s) =>
        s.NightFrom > s.NightTo ? hour >= s.NightFrom || hour < s.NightTo : hour >= s.NightFrom && hour < s.NightTo;

    private static IEnumerable<Raised> Windows(string kind, IEnumerable<ReadEntry> entries, TimeSpan length, Func<List<ReadEntry>, int> measure, int threshold)
    {
        foreach (var person in entries.GroupBy(e => e.Who))
        {
            var window = new List<ReadEntry>();
            (DateTimeOffset Reached, List<ReadEntry> Entries)? stretch = null;
            foreach (var entry in person.OrderBy(e => e.At).ThenBy(e => e.Id))
            {
                window.Add(entry);
                window.RemoveAll(e => e.At <= entry.At - length);
                // said once for this stretch with all that belongs to it; the next hour is looked at anew
                if (stretch is { } going && entry.At < going.Reached.AddHours(1))
                {
                    going.Entries.Add(entry);
                    continue;
                }
                if (measure(window) < threshold)
                    continue;
                if (stretch is { } over)
                    yield return Say(over.Reached, over.Entries);
                stretch = (entry.At, [.. window]);
            }
            if (stretch is { } last)
                yield return Say(last.Reached, last.Entries);
        }

        Raised Say(DateTimeOffset reached, List<ReadEntry> all) =>
            Make(kind, reached.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture), all, measure(all));
    }

    private static Raised Make(string kind, string key, List<ReadEntry> hits, int n) =>
        new(
            kind,
            $"{hits[0].Who}:{key}",
            hits[0].ActorId,
            hits[^1].Actor,
            hits[^1].PersonName,
            hits[^1].CourtId,
            hits.Min(h => h.At),
            hits.Max(h => h.At),
            n,
            [.. hits.Select(h => h.Id).Take(200)]
        );
}
