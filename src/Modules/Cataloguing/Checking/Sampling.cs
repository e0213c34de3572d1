using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Sorting;

namespace CourtOps.Cataloguing.Checking;

/// <summary>Which confirmed batches are looked at once more, and what counts how much (F-04).</summary>
internal sealed record SamplingRules
{
    /// <summary>Percent of all batches.</summary>
    public int Share { get; init; } = 5;

    /// <summary>Percent of the batches of whoever has confirmed few.</summary>
    public int NewShare { get; init; } = 30;

    /// <summary>So many confirmed batches make a clerk experienced.</summary>
    public int NewBatches { get; init; } = 20;

    /// <summary>Types whose batches are always looked at.</summary>
    public IReadOnlyList<string> RiskyTypes { get; init; } = ["deliberation", "committee", "leader-note"];

    /// <summary>Points out of a hundred below which a batch goes back.</summary>
    public int Pass { get; init; } = 95;
}

/// <summary>Kinds of error with their weight. Pure.</summary>
internal static class DefectKinds
{
    public static readonly IReadOnlyDictionary<string, (string Label, int Weight)> Kinds = new Dictionary<string, (string, int)>
    {
        ["leak"] = ("副卷材料进了正卷", 50),
        ["missing"] = ("缺页", 20),
        ["type"] = ("类型错误", 10),
        ["border"] = ("分件错误", 10),
        ["order"] = ("页序错误", 6),
        ["place"] = ("目录位置错误", 5),
        ["title"] = ("题名错误", 4),
        ["date"] = ("日期错误", 3),
        ["image"] = ("图像不清或歪斜", 3),
        ["blank"] = ("空白页未剔除", 1),
    };

    public static readonly IReadOnlyDictionary<string, string> Labels = Kinds.ToDictionary(k => k.Key, k => k.Value.Label);

    /// <summary>A hundred less the weights; a batch of many pages is held to them as one of few.</summary>
    public static int Score(IEnumerable<string> kinds) => Math.Max(0, 100 - kinds.Sum(k => Kinds[k].Weight));
}

/// <summary>Which batches are sampled. Pure: the same batch is sampled alike whoever asks.</summary>
internal static class Sampling
{
    public const string Risky = "risky";
    public const string New = "new";
    public const string Share = "share";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Risky] = "必查类型",
        [New] = "新手加抽",
        [Share] = "比例抽查",
    };

    /// <param name="confirmed">How many batches the clerk had confirmed before.</param>
    /// <returns>Why it is sampled, or null.</returns>
    public static string? Why(long batchId, IEnumerable<string> types, int confirmed, SamplingRules rules)
    {
        if (types.Any(rules.RiskyTypes.Contains))
            return Risky;
        var lot = Lot(batchId);
        return confirmed < rules.NewBatches && lot < rules.NewShare ? New
            : lot < rules.Share ? Share
            : null;
    }

    /// <summary>0 to 99, spread evenly over ids that follow one another.</summary>
    public static int Lot(long id)
    {
        var mixed = unchecked((ulong)id * 0x9E3779B97F4A7C15UL);
        mixed ^= mixed >> 29;
        mixed *= 0xBF58476D1CE4E5B9UL;
        return (int)((mixed >> 33) % 100);
    }
}

internal static class CheckState
{
    public const string Open = "open";
    public const string Passed = "passed";
    public const string Returned = "returned";
    public const string Settled = "settled";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Open] = "待质检",
        [Passed] = "合格",
        [Returned] = "退回改正",
        [Settled] = "已改正待复核",
    };

    /// <summary>States in which a checker decides.</summary>
    public static bool Waits(string state) => state is Open or Settled;
}

internal sealed record CheckRow
{
    public long Id { get; init; }
    public long BatchId { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string Number { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string CourtName { get; init; } = "";
    public string Why { get; init; } = "";
    public string State { get; init; } = "";
    public long? ClerkId { get; init; }
    public string ClerkName { get; init; } = "";
    public int Pages { get; init; }
    public int Score { get; init; }
    public string Words { get; init; } = "";
    public DateTimeOffset PickedAt { get; init; }
    public DateTimeOffset? CheckedAt { get; init; }
    public string CheckerName { get; init; } = "";
    public long? OrderId { get; init; }

    /// <summary>Of the first look; null before it.</summary>
    public int? FirstScore { get; init; }
    public DateTimeOffset? MendedAt { get; init; }
    public long? MendedBy { get; init; }
    public string? MendedByName { get; init; }
    public string? MendWords { get; init; }
    public int Version { get; init; }
}

internal sealed record DefectRow
{
    public DateTimeOffset At { get; init; }
    public long Id { get; init; }
    public long PageId { get; init; }
    public string Kind { get; init; } = "";
    public int Weight { get; init; }
    public string PaperType { get; init; } = "";
    public string ClerkName { get; init; } = "";
    public string Words { get; init; } = "";
}
