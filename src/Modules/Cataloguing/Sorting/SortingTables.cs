using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;

namespace CourtOps.Cataloguing.Sorting;

/// <param name="Words">The words of the table that stand as title on the page; empty where none do.</param>
internal sealed record TypeFacts(string Words)
{
    public string Words { get; init; } = Words;
}

internal sealed record TypeOutcome
{
    public string Type { get; init; } = PaperTypes.Other;
}

internal sealed record PlaceFacts(string Kind, string Type)
{
    public string Kind { get; init; } = Kind;
    public string Type { get; init; } = Type;
}

internal sealed record PlaceOutcome
{
    public int Place { get; init; }
}

internal sealed record SealFacts(string Type)
{
    public string Type { get; init; } = Type;
}

internal sealed record SealOutcome
{
    public string Need { get; init; } = Reading.SealNeeds.None;
}

/// <summary>Above which confidence a decision is taken without a person.</summary>
internal sealed record SortingRules
{
    public int SureType { get; init; } = 85;
    public int SureBorder { get; init; } = 80;
    public int SureReading { get; init; } = 75;
    public bool Learn { get; init; } = true;
}

/// <summary>The two tables of the catalogue and its limits: administrators read and change them.</summary>
internal static class SortingTables
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["civil"] = "民事",
        ["criminal"] = "刑事",
        ["admin"] = "行政",
        ["enforcement"] = "执行",
        ["compensation"] = "国家赔偿",
        ["other"] = "其他",
    };

    public static readonly DecisionTable<TypeFacts, TypeOutcome> Types = new()
    {
        Key = "cataloguing.types",
        Label = "材料类型的题名",
        Help = "页首写着哪些字，就是哪一类材料；同一类的几种写法写在一行。识别时只认这里写着的字，较长的先认。",
        Affects = "此后识别的页面",
        Centre = "cataloguing",
        Source = "F-02",
        Facts = [new(nameof(TypeFacts.Words), "题名用字") { MayBeEmpty = true }],
        Outcome = [new(nameof(TypeOutcome.Type), "材料类型") { Choices = PaperTypes.Labels }],
        Default = new TableBody
        {
            Rows =
            [
                .. PaperTypes.Titles.Select(t => new TableRow
                {
                    When = new Dictionary<string, Condition> { [nameof(TypeFacts.Words)] = new(Ops.In, t.Words) },
                    Then = new Dictionary<string, string> { [nameof(TypeOutcome.Type)] = t.Type },
                }),
                new TableRow { Then = new Dictionary<string, string> { [nameof(TypeOutcome.Type)] = PaperTypes.Other } },
            ],
        },
    };

    public static readonly DecisionTable<PlaceFacts, PlaceOutcome> Places = new()
    {
        Key = "cataloguing.places",
        Label = "卷内排列顺序",
        Help = "按案件类型和材料类型排出卷内的先后；数字小的在前，同数字的按日期先后。副卷材料另排。",
        Affects = "此后编目的材料",
        Centre = "cataloguing",
        Source = "F-02",
        Tag = SettingTags.Known,
        Facts = [new(nameof(PlaceFacts.Kind), "案件类型") { Choices = Kinds }, new(nameof(PlaceFacts.Type), "材料类型") { Choices = PaperTypes.Labels }],
        Outcome = [new(nameof(PlaceOutcome.Place), "顺序") { Min = 1, Max = 99 }],
        Default = new TableBody { Rows = [.. Rows()] },
    };

    /// <summary>Papers that a party signs at the end.</summary>
    private static readonly string[] Signed =
    [
        "complaint",
        "counterclaim",
        "enforcement-application",
        "defence",
        "power-of-attorney",
        "preservation-application",
        "address",
        "withdrawal",
        "appeal",
        "iou",
    ];

    public static readonly DecisionTable<SealFacts, SealOutcome> Seals = new()
    {
        Key = "cataloguing.seals",
        Label = "应有印章或签名的材料",
        Help = "哪些材料应有印章、哪些应有签名。没有见到的提请人看，系统不作定论。",
        Affects = "此后编目的材料",
        Centre = "cataloguing",
        Source = "F-04",
        Facts = [new(nameof(SealFacts.Type), "材料类型") { Choices = PaperTypes.Labels }],
        Outcome = [new(nameof(SealOutcome.Need), "要求") { Choices = Reading.SealNeeds.Labels }],
        Default = new TableBody
        {
            Rows =
            [
                Need([.. PaperTypes.All.Where(t => t.Sealed).Select(t => t.Code)], Reading.SealNeeds.Seal),
                Need(Signed, Reading.SealNeeds.Sign),
                new TableRow { Then = new Dictionary<string, string> { [nameof(SealOutcome.Need)] = Reading.SealNeeds.None } },
            ],
        },
    };

    private static TableRow Need(string[] types, string need) =>
        new()
        {
            When = new Dictionary<string, Condition> { [nameof(SealFacts.Type)] = new(Ops.In, types) },
            Then = new Dictionary<string, string> { [nameof(SealOutcome.Need)] = need },
        };

    public static void Declare(ModuleDeclaration declare)
    {
        declare.Setting(Types);
        declare.Decision(Types.As("cataloguing.types", "材料类型"));
        declare.Setting(Places);
        declare.Decision(Places.As("cataloguing.places", "卷内排列顺序"));
        declare.Setting(Seals);
        declare.Decision(Seals.As("cataloguing.seals", "应有印章或签名的材料"));
        declare.Setting(
            new Setting<SortingRules>
            {
                Key = "cataloguing.sorting",
                Label = "编目把握界限",
                Help = "把握达到界限的由系统编目，低于界限的请人看。",
                Affects = "此后编目的材料",
                Centre = "cataloguing",
                Values =
                [
                    new(nameof(SortingRules.SureType), "材料类型", "低于此数的类型请人选定。")
                    {
                        Unit = "%",
                        Min = 50,
                        Max = 100,
                        Source = "issue 18",
                    },
                    new(nameof(SortingRules.SureBorder), "起止页", "低于此数的分件请人核对。")
                    {
                        Unit = "%",
                        Min = 50,
                        Max = 100,
                        Source = "issue 18",
                    },
                    new(nameof(SortingRules.SureReading), "文字识别", "低于此数的页面标出。")
                    {
                        Unit = "%",
                        Min = 30,
                        Max = 100,
                        Source = "F-04",
                    },
                    new(nameof(SortingRules.Learn), "从已确认的页面学习", "题名认不出时，参考本院已确认页面学到的类型。") { Source = "issue 18" },
                ],
            }
        );
    }

    /// <summary>The words of a table, longest first.</summary>
    public static IReadOnlyList<string> Vocabulary(TableBody table) =>
        [
            .. table
                .Rows.SelectMany(r => r.When.TryGetValue(nameof(TypeFacts.Words), out var c) && c.Op is Ops.In or Ops.Is ? c.Values : [])
                .Where(w => w.Length > 0)
                .Distinct()
                .OrderByDescending(w => w.Length),
        ];

    private static IEnumerable<TableRow> Rows()
    {
        static TableRow Row(string? kind, string[]? types, int place)
        {
            var when = new Dictionary<string, Condition>();
            if (kind is not null)
                when[nameof(PlaceFacts.Kind)] = new(Ops.Is, [kind]);
            if (types is not null)
                when[nameof(PlaceFacts.Type)] = new(Ops.In, types);
            return new TableRow
            {
                When = when,
                Then = new Dictionary<string, string> { [nameof(PlaceOutcome.Place)] = place.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            };
        }

        for (var i = 0; i < PaperTypes.SecondaryOrder.Length; i++)
            yield return Row(null, [PaperTypes.SecondaryOrder[i]], i + 1);
        foreach (var (kind, slots) in PaperTypes.Orders)
            for (var i = 0; i < slots.Length; i++)
                yield return Row(kind, slots[i].Split(' '), slots[i] == "remark" ? 98 : i + 1);
        yield return Row(null, null, 90);
    }
}
