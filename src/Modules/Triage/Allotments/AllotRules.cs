using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CourtOps.Triage.Allotments;

/// <summary>A judge as allotment sees them. Load and limits in hundredths of a usual case.</summary>
internal sealed record AllotCandidate
{
    public long Id { get; init; }
    public string Name { get; init; } = "";
    public string Division { get; init; } = "";
    public string Team { get; init; } = "";
    public bool Absent { get; init; }
    public bool Recused { get; init; }
    public int OpenCases { get; init; }
    public long Load { get; init; }
}

/// <summary>Everything the draw looks at; kept with the decision, so that it can be drawn again.</summary>
internal sealed record AllotInput
{
    public string CaseNumber { get; init; } = "";
    public int Weight { get; init; }

    /// <summary>The judge of the related case that binds, if any.</summary>
    public long? TiedJudgeId { get; init; }
    public string TiedBy { get; init; } = "";

    /// <summary>Divisions this kind of case belongs to, by a word of their names; empty for all.</summary>
    public string Division { get; init; } = "";

    /// <summary>A specialised team or division, by a word of its name; empty for none.</summary>
    public string Team { get; init; } = "";

    /// <summary>Random, made for this draw alone.</summary>
    public string Seed { get; init; } = "";
    public IReadOnlyList<AllotCandidate> Candidates { get; init; } = [];
}

/// <summary>How a draw is balanced.</summary>
internal sealed record AllotSettings
{
    /// <summary>Judges whose load lies at most this far above the least take part in the draw; percent of a usual case.</summary>
    public int Band { get; init; } = 30;

    /// <summary>Whether a related case binds its judge.</summary>
    public bool TieRelated { get; init; } = true;
}

/// <summary>One judge in the draw, or why not.</summary>
/// <param name="Why">drawn, in, busy, absent, recused, division, team.</param>
internal sealed record Standing(long Id, string Name, long Load, int OpenCases, string Why);

internal sealed record AllotChoice
{
    public long? JudgeId { get; init; }
    public string Name { get; init; } = "";

    /// <summary>tied, specialised, balanced; empty where nobody is left.</summary>
    public string How { get; init; } = "";
    public IReadOnlyList<Standing> Standings { get; init; } = [];
}

/// <summary>Which judge gets a case (分案): tied first, then the specialised team, then balanced random. Pure: the same input gives the same judge.</summary>
internal static class AllotRules
{
    public const string Tied = "tied";
    public const string Specialised = "specialised";
    public const string Balanced = "balanced";
    public const string ByHand = "by-hand";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Tied] = "关联案件随案",
        [Specialised] = "专业团队内随机",
        [Balanced] = "均衡随机",
        [ByHand] = "手工指定",
    };

    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["drawn"] = "抽中",
        ["in"] = "参加抽取",
        ["busy"] = "负荷较高",
        ["absent"] = "请假",
        ["recused"] = "回避",
        ["division"] = "庭室不对口",
        ["team"] = "非专业团队",
        ["free"] = "可以承办",
    };

    public static AllotChoice Choose(AllotInput input, AllotSettings settings)
    {
        var why = new Dictionary<long, string>(input.Candidates.Count);
        var free = new List<AllotCandidate>(input.Candidates.Count);
        foreach (var c in input.Candidates)
            if (c.Recused || c.Absent)
                why[c.Id] = c.Recused ? "recused" : "absent";
            else
                free.Add(c);
        if (settings.TieRelated && input.TiedJudgeId is { } tied && free.Find(c => c.Id == tied) is { } bound)
            return Chosen(input, bound, Tied, why, "free");
        // where no division is called so, the whole court judges it
        var pool = Narrow(free, input.Division, "division", why);
        var team = input.Team.Length == 0 ? pool : Narrow(pool, input.Team, "team", why);
        var how = input.Team.Length > 0 && team.Count > 0 && team.All(c => Called(c, input.Team)) ? Specialised : Balanced;
        if (team.Count == 0)
            return new AllotChoice { Standings = Stand(input, why, "free") };
        var least = team.Min(c => c.Load);
        var drawn = new List<AllotCandidate>();
        foreach (var c in team)
            if (c.Load <= least + settings.Band)
                drawn.Add(c);
            else
                why[c.Id] = "busy";
        drawn.Sort((a, b) => a.Id.CompareTo(b.Id));
        return Chosen(input, drawn[Draw(input.Seed, input.CaseNumber, drawn.Count)], how, why, "in");
    }

    /// <summary>The place that a seed gives: SHA-256 over seed and case number, its first eight bytes modulo the number of judges. Anybody can compute it
    /// again.</summary>
    public static int Draw(string seed, string caseNumber, int among) =>
        (int)(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{caseNumber}"))) % (ulong)among);

    private static List<AllotCandidate> Narrow(List<AllotCandidate> from, string words, string reason, Dictionary<long, string> why)
    {
        if (words.Length == 0 || !from.Exists(c => Called(c, words)))
            return from;
        foreach (var c in from.Where(c => !Called(c, words)))
            why[c.Id] = reason;
        return from.FindAll(c => Called(c, words));
    }

    private static bool Called(AllotCandidate c, string words) =>
        words
            .Split('、', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Any(w => c.Division.Contains(w, StringComparison.Ordinal) || c.Team.Contains(w, StringComparison.Ordinal));

    private static AllotChoice Chosen(AllotInput input, AllotCandidate judge, string how, Dictionary<long, string> why, string others)
    {
        why[judge.Id] = "drawn";
        return new AllotChoice
        {
            JudgeId = judge.Id,
            Name = judge.Name,
            How = how,
            Standings = Stand(input, why, others),
        };
    }

    private static List<Standing> Stand(AllotInput input, Dictionary<long, string> why, string others) =>
        [.. input.Candidates.Select(c => new Standing(c.Id, c.Name, c.Load, c.OpenCases, why.GetValueOrDefault(c.Id, others)))];
}
