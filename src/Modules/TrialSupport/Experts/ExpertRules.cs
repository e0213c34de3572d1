using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.TrialSupport.Assessors;

namespace CourtOps.TrialSupport.Experts;

/// <summary>What happens with an opinion that has come, and when it is due.</summary>
internal sealed record ExpertStep(string Code, string Label, DateOnly? Due, DateOnly? Done);

/// <summary>The way of an expert opinion (G-05, 证据规定 31 to 40). Pure.</summary>
internal static class ExpertRules
{
    public static readonly IReadOnlyDictionary<string, string> Choices = new Dictionary<string, string>
    {
        ["agreed"] = "双方协商确定",
        ["lot"] = "随机抽取",
        ["court"] = "人民法院指定",
    };

    /// <summary>What an opinion must contain (证据规定 36) and bear.</summary>
    public static readonly IReadOnlyDictionary<string, string> Items = new Dictionary<string, string>
    {
        ["court"] = "委托法院的名称",
        ["matter"] = "委托鉴定的内容、要求",
        ["material"] = "鉴定材料",
        ["method"] = "鉴定所依据的原理、方法",
        ["course"] = "对鉴定过程的说明",
        ["opinion"] = "鉴定意见",
        ["pledge"] = "承诺书",
        ["signed"] = "鉴定人签名或者盖章，附资格证明",
    };

    /// <summary>Steps after the opinion has come: code, label.</summary>
    public static readonly IReadOnlyDictionary<string, string> Steps = new Dictionary<string, string>
    {
        ["copy"] = "送交当事人副本",
        ["object"] = "当事人提出书面异议或者期满",
        ["answer"] = "鉴定人书面答复",
        ["appear"] = "通知鉴定人出庭",
    };

    /// <summary>Working days to send the copies, days to object: the defaults of the rule book.</summary>
    public const int CopyDays = 3;
    public const int ObjectionDays = 7;

    /// <summary>How often a period may be extended, each time by its own length at most (法〔2020〕202号 13).</summary>
    public const int MostExtensions = 1;

    /// <summary>Each step with its day: copies three working days after receipt, objections seven days after the copies; answer and appearance have
    /// none.</summary>
    public static IReadOnlyList<ExpertStep> Run(DateOnly received, IReadOnlyDictionary<string, DateOnly> done, CourtCalendar calendar) =>
        [
            .. Steps.Select(s =>
            {
                DateOnly? due = s.Key switch
                {
                    "copy" => calendar.AddWorkdays(received, CopyDays),
                    "object" when done.TryGetValue("copy", out var copied) => copied.AddDays(ObjectionDays),
                    _ => null,
                };
                return new ExpertStep(s.Key, s.Value, due, done.TryGetValue(s.Key, out var on) ? on : null);
            }),
        ];

    /// <summary>Items an opinion lacks.</summary>
    public static IReadOnlyList<string> Missing(IEnumerable<string> items) => [.. Items.Keys.Except(items).Select(i => Items[i])];

    /// <summary>The institution drawn: the order of the list is by the SHA-256 of seed and place, as assessors are drawn; the same seed draws the
    /// same.</summary>
    public static string Draw(IReadOnlyList<string> candidates, string seed) =>
        candidates[(int)DrawRules.Order(Enumerable.Range(0, candidates.Count).Select(i => (long)i), seed)[0]];

    public static IReadOnlyDictionary<string, DateOnly> Read(string steps) =>
        steps
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(s => s.Split('='))
            .ToDictionary(s => s[0], s => DateOnly.ParseExact(s[1], "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    public static string Write(IEnumerable<KeyValuePair<string, DateOnly>> steps) => string.Join(' ', steps.Select(s => $"{s.Key}={Times.Iso(s.Value)}"));
}
