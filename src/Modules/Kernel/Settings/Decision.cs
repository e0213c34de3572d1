using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;

namespace CourtOps.Kernel.Settings;

/// <summary>A figure over decisions that a module adds to the dry run: "orders opened".</summary>
/// <param name="Label">Chinese, the key of its translation.</param>
/// <param name="Unit">"件", "日", "元"; Chinese.</param>
/// <param name="Of">What one decision adds to the sum.</param>
/// <param name="Average">True where the mean of all decisions is shown instead of the sum.</param>
public sealed record Measure<TInput, TOutcome>(string Label, string Unit, Func<TInput, TOutcome, decimal> Of, bool Average = false);

/// <summary>A pure function over an input and one setting, by name. Past inputs are put to it again in a dry run.</summary>
public abstract class DecisionDefinition
{
    /// <summary>"service.channel". Stored: it never changes.</summary>
    public required string Name { get; init; }

    /// <summary>Chinese, the key of its translation.</summary>
    public required string Label { get; init; }

    /// <summary>The setting whose value it is decided by.</summary>
    public required string Setting { get; init; }

    /// <summary>Labels and units of the measures, in their order.</summary>
    public abstract IReadOnlyList<(string Label, string Unit, bool Average)> Measured { get; }

    /// <summary>Decides again over a stored input. Never writes.</summary>
    public abstract DecisionRun Run(string input, object rules);

    /// <summary>Why this came out, for people: facts, rule, outcome.</summary>
    public abstract string Explain(Texts t, string input, object rules);

    /// <summary>What came out of it when it was decided, for people, from what was stored: nothing is decided again.</summary>
    /// <param name="rule">The row or branch that fired.</param>
    public abstract string Tell(Texts t, string input, string outcome, string rule);

    internal abstract DecisionRun Run(object input, object rules);
}

/// <param name="Outcome">As it is stored.</param>
/// <param name="Group">Under which the outcome is counted.</param>
/// <param name="Rule">The row or branch that fired.</param>
/// <param name="Measures">One for each declared measure.</param>
public sealed record DecisionRun(object Value, string Outcome, string Group, string Rule, IReadOnlyList<decimal> Measures);

/// <summary>The typed form: what a module declares.</summary>
public sealed class Decision<TInput, TRules, TOutcome> : DecisionDefinition
    where TInput : class
    where TRules : class
    where TOutcome : class
{
    /// <summary>Pure: no clock, no database; the same input and rules give the same outcome.</summary>
    public required Func<TInput, TRules, Fired<TOutcome>> Decide { get; init; }

    /// <summary>Outcomes counted together in a dry run, a Chinese label or code; all of the outcome where it is not given.</summary>
    public Func<TOutcome, string>? Group { get; init; }

    /// <summary>Whether two outcomes are the same to people; by all they hold where it is not given.</summary>
    public Func<Texts, TInput, Fired<TOutcome>, string>? Words { get; init; }

    public IReadOnlyList<Measure<TInput, TOutcome>> Measures { get; init; } = [];

    public override IReadOnlyList<(string Label, string Unit, bool Average)> Measured => [.. Measures.Select(m => (m.Label, m.Unit, m.Average))];

    public override DecisionRun Run(string input, object rules) => Run(JsonSerializer.Deserialize<TInput>(input, Json.Stored)!, rules);

    public override string Explain(Texts t, string input, object rules)
    {
        var read = JsonSerializer.Deserialize<TInput>(input, Json.Stored)!;
        var fired = Decide(read, (TRules)rules);
        return Words?.Invoke(t, read, fired) ?? t["规则 {0}：{1}", fired.Rule, JsonSerializer.Serialize(fired.Outcome, Json.Stored)];
    }

    public override string Tell(Texts t, string input, string outcome, string rule) =>
        Words?.Invoke(
            t,
            JsonSerializer.Deserialize<TInput>(input, Json.Stored)!,
            new Fired<TOutcome>(JsonSerializer.Deserialize<TOutcome>(outcome, Json.Stored)!, rule)
        )
        ?? t["规则 {0}：{1}", rule, outcome];

    internal override DecisionRun Run(object input, object rules)
    {
        var read = (TInput)input;
        var fired = Decide(read, (TRules)rules);
        var stored = JsonSerializer.Serialize(fired.Outcome, Json.Stored);
        return new DecisionRun(fired.Outcome, stored, Group?.Invoke(fired.Outcome) ?? stored, fired.Rule, [.. Measures.Select(m => m.Of(read, fired.Outcome))]);
    }
}

/// <summary>A decision that is a table and nothing else.</summary>
public static class TableDecision
{
    /// <summary>The decision by the table's rows: <code>declare.Decision(table.As("triage.track", "繁简分流"));</code></summary>
    public static Decision<TFacts, TableBody, TOutcome> As<TFacts, TOutcome>(
        this DecisionTable<TFacts, TOutcome> table,
        string name,
        string label,
        params Measure<TFacts, TOutcome>[] measures
    )
        where TFacts : class
        where TOutcome : class, new() =>
        new()
        {
            Name = name,
            Label = label,
            Setting = table.Key,
            Decide = table.Decide,
            Measures = measures,
            Group = outcome => string.Join("，", table.OutcomeSet.All.Select(c => Shown(c, table.OutcomeSet.Text(outcome, c.Name)))),
            Words = (t, input, fired) => t["第 {0} 行：{1} → {2}", fired.Rule, Line(t, table.FactSet, input), Line(t, table.OutcomeSet, fired.Outcome)],
        };

    /// <summary>A value as people read it: the label of a choice, yuan, yes and no.</summary>
    public static string Shown(Field field, string text) =>
        field.Kind switch
        {
            FieldKind.Choice => field.Choices!.GetValueOrDefault(text, text),
            FieldKind.Choices => string.Join("、", text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => field.Choices!.GetValueOrDefault(c, c))),
            FieldKind.Bool => text == "yes" ? "是" : "否",
            FieldKind.Money when text.Length > 0 => FieldText.Yuan(long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
            _ => text,
        };

    private static string Line(Texts t, FieldSet set, object value) =>
        string.Join(t["，"], set.All.Select(f => t[f.Label] + " " + t[Shown(f, set.Text(value, f.Name))]));
}
