using System.Runtime.CompilerServices;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone.Triggers;

namespace CourtOps.Workzone.Inspections;

/// <summary>What the table of a court looks at: which rule, in which kind of case.</summary>
internal sealed record InspectionFacts
{
    public string Rule { get; init; } = "";
    public string Kind { get; init; } = "";
}

/// <summary>How a rule counts.</summary>
internal sealed record InspectionOutcome
{
    /// <summary>error, warning, info or off.</summary>
    public string Severity { get; init; } = "off";

    /// <summary>From which stage of a case on; one of <see cref="Stages"/>.</summary>
    public string Stage { get; init; } = Stages.Filed;

    /// <summary>Whether a finding opens an order to correct it.</summary>
    public bool Orders { get; init; }

    /// <summary>Natural days in which it is to be corrected.</summary>
    public int Days { get; init; } = 10;
}

/// <summary>How much is inspected without a cause, and when what is ignored is urged.</summary>
internal sealed record InspectionSampling
{
    public int PerNight { get; init; } = 200;

    /// <summary>Natural days after the due day until the person responsible gets a slip.</summary>
    public int UrgeAfter { get; init; }
}

/// <summary>案件信息质检 as a table that administrators edit: severity, stage, on or off, order, due days, by court and kind of case.</summary>
internal static class InspectionTable
{
    public const string Key = "workzone.inspection";

    public static readonly IReadOnlyDictionary<string, string> Severities = new Dictionary<string, string>
    {
        ["error"] = "错误",
        ["warning"] = "提醒",
        ["info"] = "提示",
        ["off"] = "停用",
    };

    public static readonly DecisionTable<InspectionFacts, InspectionOutcome> Table = new()
    {
        Key = Key,
        Label = "案件信息质检表",
        Help = "每条质检规则轻重如何、从哪个阶段起检查、是否发起补正工单、几日内补正；从上往下，第一行适用的生效。",
        Affects = "此后的质检；已有的问题在下次质检时按新的表重新判断",
        Source = "案件信息质检的惯例",
        Tag = SettingTags.Practice,
        Facts =
        [
            new(nameof(InspectionFacts.Rule), "规则") { Choices = InspectionRules.Labels },
            new(nameof(InspectionFacts.Kind), "案件类型") { Choices = TriggerTable.Kinds },
        ],
        Outcome =
        [
            new(nameof(InspectionOutcome.Severity), "轻重") { Choices = Severities },
            new(nameof(InspectionOutcome.Stage), "从哪个阶段起") { Choices = Stages.Labels },
            new(nameof(InspectionOutcome.Orders), "发起补正工单"),
            new(nameof(InspectionOutcome.Days), "补正期限")
            {
                Unit = "日",
                Min = 0,
                Max = 90,
            },
        ],
        Default = new TableBody { Rows = [.. InspectionRules.All.Select(Row)] },
    };

    // what a table says of each rule and kind, worked out once for each version of it
    private static readonly ConditionalWeakTable<TableBody, Dictionary<(string Rule, string Kind), InspectionOutcome>> Known = [];

    public static void Declare(ModuleDeclaration declare)
    {
        declare.Setting(Table);
        declare.Decision(
            Table.As(
                "workzone.inspection",
                "质检发现的问题",
                new Measure<InspectionFacts, InspectionOutcome>("补正工单", "件", (_, o) => o is { Orders: true, Severity: not "off" } ? 1 : 0)
            )
        );
        declare.Setting(
            new Setting<InspectionSampling>
            {
                Key = "workzone.inspection-sampling",
                Label = "质检抽查和催办",
                Help = "没有变动的案件每夜抽查多少件，逾期未补正的何时催办。",
                Affects = "此后的抽查和催办",
                Values =
                [
                    new(nameof(InspectionSampling.PerNight), "每夜抽查", "最久没有质检的在办案件先查；有变动的案件当时就查，不占这个数。")
                    {
                        Unit = "件",
                        Min = 0,
                        Max = 5000,
                        Source = "惯例",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(InspectionSampling.UrgeAfter), "逾期几日后催办", "补正期限过后几个自然日，向责任人发催办单。")
                    {
                        Unit = "日",
                        Min = 0,
                        Max = 90,
                        Source = "惯例",
                        Tag = SettingTags.Practice,
                    },
                ],
            }
        );
    }

    /// <summary>How a rule counts by a table. A rule that is newer than the table counts by its default. Pure.</summary>
    public static InspectionOutcome Of(TableBody body, InspectionRule rule, string kind)
    {
        var known = Known.GetValue(body, _ => []);
        lock (known)
        {
            if (known.TryGetValue((rule.Code, kind), out var there))
                return there;
            var facts = new InspectionFacts { Rule = rule.Code, Kind = TriggerTable.Kinds.ContainsKey(kind) ? kind : "other" };
            InspectionOutcome outcome;
            try
            {
                outcome = Table.Decide(facts, body).Outcome;
            }
            catch (Kernel.Messaging.RuleBroken)
            {
                outcome = new InspectionOutcome
                {
                    Severity = rule.Severity,
                    Stage = rule.Stage,
                    Orders = rule.Orders,
                    Days = rule.Days,
                };
            }
            return known[(rule.Code, kind)] = outcome;
        }
    }

    /// <summary>What is found in a case, and how many rules looked at it. Pure.</summary>
    /// <param name="today">The day of the court.</param>
    public static (IReadOnlyList<Found> Findings, int Rules) Inspect(CaseRecord record, TableBody body, DateOnly today)
    {
        var found = new List<Found>();
        var stage = record.Stage;
        var rules = 0;
        foreach (var rule in InspectionRules.All)
        {
            var outcome = Of(body, rule, record.Kind);
            if (outcome.Severity == "off" || !Stages.Reached(stage, outcome.Stage))
                continue;
            rules++;
            found.AddRange(rule.Find(record, today).Distinct().Select(about => new Found(rule, about.Length > 200 ? about[..200] : about, outcome)));
        }
        return (found, rules);
    }

    private static TableRow Row(InspectionRule rule) =>
        new()
        {
            When = new Dictionary<string, Condition> { [nameof(InspectionFacts.Rule)] = new(Ops.Is, [rule.Code]) },
            Then = new Dictionary<string, string>
            {
                [nameof(InspectionOutcome.Severity)] = rule.Severity,
                [nameof(InspectionOutcome.Stage)] = rule.Stage,
                [nameof(InspectionOutcome.Orders)] = rule.Orders ? "yes" : "no",
                [nameof(InspectionOutcome.Days)] = rule.Days.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
        };
}

/// <summary>One thing found: by which rule, about what, and how it counts.</summary>
internal sealed record Found(InspectionRule Rule, string About, InspectionOutcome Outcome);
