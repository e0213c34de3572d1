using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Settings;

namespace CourtOps.Cataloguing.Archive;

/// <param name="Kind">Of the case.</param>
/// <param name="How">It was closed: judgment, ruling, mediation, withdrawn …</param>
internal sealed record NeededFacts(string Kind, string How)
{
    public string Kind { get; init; } = Kind;
    public string How { get; init; } = How;
}

internal sealed record NeededPapers
{
    public IReadOnlyList<string> Papers { get; init; } = [];
}

/// <summary>When a file must be archived, and for how long it is kept (F-05).</summary>
internal sealed record ArchiveRules
{
    public int Months { get; init; } = 3;
    public IReadOnlyList<int> Reminders { get; init; } = [30, 15, 7];
}

/// <summary>What must be in a file before it is archived, and who owes what is not there. Pure.</summary>
internal static class Completeness
{
    public static readonly IReadOnlyDictionary<string, string> Ways = new Dictionary<string, string>
    {
        ["judgment"] = "判决",
        ["ruling"] = "裁定",
        ["mediation"] = "调解",
        ["withdrawn"] = "撤诉",
        ["transferred"] = "移送",
        ["performed"] = "执行完毕",
        ["settled"] = "和解",
        ["terminated"] = "终结",
        ["other"] = "其他",
    };

    // one of a group stands for the others
    private static readonly string[][] Alike =
    [
        ["complaint", "oral-complaint", "indictment", "enforcement-application", "state-claim", "appeal"],
        ["judgment", "ruling", "mediation", "decision", "payment-order", "preservation"],
        ["acceptance", "filing-approval"],
        ["service-proof", "post-receipt"],
        ["transcript", "inquiry", "mediation-record"],
        ["execution-notice", "property-report"],
    ];

    private static readonly Dictionary<string, string> Owes = new()
    {
        ["complaint"] = "triage",
        ["acceptance"] = "triage",
        ["fee"] = "triage",
        ["service-proof"] = "service",
        ["respond-notice"] = "service",
        ["transcript"] = "trial",
        ["judgment"] = "trial",
        ["execution-notice"] = "enforcement",
        ["closing-report"] = "enforcement",
    };

    public static readonly DecisionTable<NeededFacts, NeededPapers> Table = new()
    {
        Key = "cataloguing.complete",
        Label = "归档必备材料",
        Help = "按案件类型和结案方式，归档前卷内应有哪些材料；同类的有一件就算有。",
        Affects = "此后归档的案件",
        Centre = "cataloguing",
        Source = "F-01",
        Tag = SettingTags.Known,
        Facts = [new(nameof(NeededFacts.Kind), "案件类型") { Choices = SortingTables.Kinds }, new(nameof(NeededFacts.How), "结案方式") { Choices = Ways }],
        Outcome = [new(nameof(NeededPapers.Papers), "必备材料") { Choices = PaperTypes.Labels, MayBeEmpty = true }],
        Default = new TableBody
        {
            Rows =
            [
                Row("civil", ["judgment"], "complaint acceptance identity respond-notice transcript judgment service-proof"),
                Row("civil", ["mediation"], "complaint acceptance identity judgment service-proof"),
                Row("civil", ["withdrawn"], "complaint acceptance withdrawal judgment service-proof"),
                Row("criminal", ["judgment"], "complaint transcript judgment service-proof"),
                Row("admin", ["judgment"], "complaint acceptance identity defence transcript judgment service-proof"),
                Row("enforcement", null, "complaint judgment execution-notice closing-report"),
                Row(null, null, "complaint judgment service-proof"),
            ],
        },
    };

    /// <summary>The types that are needed and not there, each with the centre that owes it.</summary>
    public static IReadOnlyList<(string Type, string Owes)> Missing(IReadOnlyCollection<string> needed, IReadOnlyCollection<string> there) =>
        [.. needed.Where(n => !Group(n).Any(there.Contains)).Select(n => (n, Owes.GetValueOrDefault(n, "cataloguing")))];

    /// <summary>permanent, 60 or 30 years: mediation, withdrawal, transfer and usual contract and family suits are short (F-05).</summary>
    public static string Retention(string kind, string how, string cause)
    {
        if (how is "mediation" or "withdrawn" or "transferred" or "terminated")
            return "short";
        if (kind == "civil")
            return
                cause.Contains("借贷", StringComparison.Ordinal)
                || cause.Contains("合同", StringComparison.Ordinal)
                || cause.Contains("离婚", StringComparison.Ordinal)
                || cause.Contains("赔偿", StringComparison.Ordinal)
                || cause.Contains("抚养", StringComparison.Ordinal)
                ? "short"
                : "long";
        return kind is "criminal" ? "long"
            : kind is "enforcement" ? "short"
            : "long";
    }

    public static readonly IReadOnlyDictionary<string, string> Retentions = new Dictionary<string, string>
    {
        ["permanent"] = "永久",
        ["long"] = "长期（60年）",
        ["short"] = "短期（30年）",
    };

    private static IEnumerable<string> Group(string type) => Alike.FirstOrDefault(g => g.Contains(type)) ?? [type];

    private static TableRow Row(string? kind, string[]? how, string papers)
    {
        var when = new Dictionary<string, Condition>();
        if (kind is not null)
            when[nameof(NeededFacts.Kind)] = new(Ops.Is, [kind]);
        if (how is not null)
            when[nameof(NeededFacts.How)] = new(Ops.In, how);
        return new TableRow
        {
            When = when,
            Then = new Dictionary<string, string> { [nameof(NeededPapers.Papers)] = papers },
        };
    }
}
