using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Settings;

/// <summary>How a condition compares a fact.</summary>
public static class Ops
{
    public const string Any = "any";
    public const string Is = "is";
    public const string In = "in";
    public const string Not = "not";

    /// <summary>Both ends included.</summary>
    public const string Between = "between";
    public const string AtLeast = "ge";
    public const string AtMost = "le";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Any] = "任意",
        [Is] = "＝",
        [In] = "属于",
        [Not] = "不属于",
        [Between] = "介于",
        [AtLeast] = "≥",
        [AtMost] = "≤",
    };

    /// <summary>Whether it can be said of a fact of this kind.</summary>
    public static bool Fit(string op, FieldKind kind) =>
        op switch
        {
            Any or Is => true,
            In or Not => kind is FieldKind.Choice or FieldKind.Text or FieldKind.Number,
            Between or AtLeast or AtMost => kind is FieldKind.Number or FieldKind.Money or FieldKind.Date,
            _ => false,
        };
}

/// <param name="Op">One of <see cref="Ops"/>.</param>
/// <param name="Values">One, two for between, any number for in and not; as <see cref="FieldText"/> writes them.</param>
public sealed record Condition(string Op, IReadOnlyList<string> Values)
{
    public static readonly Condition Any = new(Ops.Any, []);
}

/// <summary>A row: all of its conditions hold. A fact without one may be anything.</summary>
public sealed record TableRow
{
    public IReadOnlyDictionary<string, Condition> When { get; init; } = new Dictionary<string, Condition>();

    /// <summary>Outcome by column, as text.</summary>
    public IReadOnlyDictionary<string, string> Then { get; init; } = new Dictionary<string, string>();

    /// <summary>Why the row is there, in the administrator's words.</summary>
    public string Note { get; init; } = "";
}

/// <summary>The rows of a table, tried from the first.</summary>
public sealed record TableBody
{
    /// <summary>More than this is no table that a person can check.</summary>
    public const int MostRows = 500;

    public IReadOnlyList<TableRow> Rows { get; init; } = [];
}

/// <summary>What a form, a file or a check needs of any table.</summary>
public abstract class TableDefinition : SettingDefinition
{
    public abstract FieldSet FactSet { get; }

    public abstract FieldSet OutcomeSet { get; }

    /// <summary>What is declared of source and tag of the default rows.</summary>
    public string Source { get; init; } = "";

    /// <summary>One of <see cref="SettingTags"/>.</summary>
    public string Tag { get; init; } = SettingTags.Practice;

    public override Type ValueType => typeof(TableBody);

    public override object Read(string body) => JsonSerializer.Deserialize<TableBody>(body, Json.Stored)!;

    public override IReadOnlyList<FieldFault> Check(object value) => TableCheck.Run(this, (TableBody)value).Faults;

    public override IReadOnlyList<Said> Warnings(object value) => TableCheck.Run(this, (TableBody)value).Warnings;

    public override IReadOnlyList<string> Unknown(JsonObject body)
    {
        var rows = body["rows"] as JsonArray ?? [];
        return
        [
            .. rows.OfType<JsonObject>()
                .SelectMany(r => Names(r, "when").Where(n => FactSet.Find(n) is null).Concat(Names(r, "then").Where(n => OutcomeSet.Find(n) is null)))
                .Concat(body.Select(p => p.Key).Where(k => k != "rows"))
                .Distinct(),
        ];
    }

    private static IEnumerable<string> Names(JsonObject row, string part) => (row[part] as JsonObject)?.Select(p => p.Key) ?? [];
}

/// <summary>
/// A decision table over the properties of <typeparamref name="TFacts"/>; the first row that fits gives a <typeparamref name="TOutcome"/>.
/// Saved only when no case falls through and no row is in vain (see <see cref="TableCheck"/>).
/// </summary>
public sealed class DecisionTable<TFacts, TOutcome> : TableDefinition
    where TFacts : class
    where TOutcome : class, new()
{
    private FieldSet? facts;
    private FieldSet? outcomes;

    public required IReadOnlyList<Field> Facts { get; init; }

    public required IReadOnlyList<Field> Outcome { get; init; }

    public required TableBody Default { get; init; }

    public override FieldSet FactSet => facts ??= new FieldSet(typeof(TFacts), Facts);

    public override FieldSet OutcomeSet => outcomes ??= new FieldSet(typeof(TOutcome), Outcome);

    public override object DefaultValue => Default;

    /// <summary>The outcome of the first row that fits, and its number from 1.</summary>
    /// <exception cref="RuleBroken">No row fits: the facts are none the table was checked for.</exception>
    public Fired<TOutcome> Decide(TFacts input, TableBody table)
    {
        var values = FactSet.Texts(input);
        for (var i = 0; i < table.Rows.Count; i++)
            if (Fits(table.Rows[i], values))
                return new Fired<TOutcome>(
                    (TOutcome)OutcomeSet.Bind(new TOutcome(), table.Rows[i].Then).Value!,
                    (i + 1).ToString(CultureInfo.InvariantCulture)
                );
        throw new RuleBroken($"决策表“{Label}”没有一行适用。", code: "no-row", wayOut: $"/settings/{Key}");
    }

    private bool Fits(TableRow row, Dictionary<string, string> values)
    {
        foreach (var (name, condition) in row.When)
            if (FactSet.Find(name) is not { } fact || !Compare.Holds(fact, condition, values[fact.Name]))
                return false;
        return true;
    }
}

/// <summary>What a rule gave.</summary>
/// <param name="Rule">The number of the row, or the name of the branch.</param>
public sealed record Fired<TOutcome>(TOutcome Outcome, string Rule);

/// <summary>Conditions over texts of facts. Pure.</summary>
internal static class Compare
{
    public static bool Holds(Field fact, Condition condition, string value) =>
        condition.Op switch
        {
            Ops.Any => true,
            Ops.Is => Equal(fact, value, condition.Values[0]),
            Ops.In => condition.Values.Any(v => Equal(fact, value, v)),
            Ops.Not => !condition.Values.Any(v => Equal(fact, value, v)),
            Ops.AtLeast => Place(fact, value) is { } at && at >= Place(fact, condition.Values[0]),
            Ops.AtMost => Place(fact, value) is { } at && at <= Place(fact, condition.Values[0]),
            Ops.Between => Place(fact, value) is { } at && at >= Place(fact, condition.Values[0]) && at <= Place(fact, condition.Values[1]),
            _ => false,
        };

    /// <summary>Numbers, cents and days on one line; null where the text is none of them.</summary>
    public static decimal? Place(Field fact, string value) =>
        fact.Kind == FieldKind.Date
            ? DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day.DayNumber
                : null
            : decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n)
                ? n
                : null;

    private static bool Equal(Field fact, string a, string b) =>
        a == b || (fact.Kind is FieldKind.Number or FieldKind.Money && Place(fact, a) is { } x && x == Place(fact, b));
}
