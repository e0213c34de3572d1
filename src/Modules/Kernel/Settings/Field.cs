using System.Collections;
using System.Reflection;
using System.Text.Json;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Settings;

/// <summary>What a value is, for forms, tables and files.</summary>
public enum FieldKind
{
    Text,
    Choice,
    Number,
    Bool,
    Date,

    /// <summary>A whole number of cents.</summary>
    Money,

    /// <summary>Whole numbers in the order they are written: "30 22 16".</summary>
    Numbers,

    /// <summary>Codes out of <see cref="Field.Choices"/> in an order that counts.</summary>
    Choices,
}

/// <summary>How well the source of a default is known; only <see cref="Law"/> may be shown as law.</summary>
public static class SettingTags
{
    /// <summary>The text of the article was read.</summary>
    public const string Law = "T";

    /// <summary>Only an excerpt was read.</summary>
    public const string Excerpt = "X";

    /// <summary>Practice of a local court.</summary>
    public const string Local = "C";

    /// <summary>Common knowledge.</summary>
    public const string Known = "K";

    /// <summary>A default of the product.</summary>
    public const string Practice = "P";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Law] = "法律",
        [Excerpt] = "摘录",
        [Local] = "地方做法",
        [Known] = "通行做法",
        [Practice] = "惯例",
    };
}

/// <summary>A limit of law: a court may be stricter, never laxer.</summary>
/// <param name="Article">What is shown with a refusal: "《民事诉讼法》第85条".</param>
/// <param name="AtLeast">The smallest value allowed, in the field's unit; null where law sets none.</param>
/// <param name="AtMost">The greatest value allowed.</param>
public sealed record LawLimit(string Article, decimal? AtLeast = null, decimal? AtMost = null);

/// <summary>
/// One value of a setting, one fact of a table or one column of its outcome. The kind follows from the property: int, long, decimal are numbers
/// (cents where <see cref="Money"/>), bool, DateOnly, string, lists of int or string; a string with choices is a choice.
/// </summary>
/// <param name="Name">nameof the property.</param>
/// <param name="Label">Chinese, the key of its translation.</param>
/// <param name="Help">One or two sentences: what it does. Chinese, the key of its translation.</param>
public sealed record Field(string Name, string Label, string Help = "")
{
    /// <summary>"日", "个月", "%"; Chinese, the key of its translation.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The smallest and greatest value that makes sense; each of a list.</summary>
    public decimal? Min { get; init; }
    public decimal? Max { get; init; }

    /// <summary>A limit of law inside the range.</summary>
    public LawLimit? Law { get; init; }

    /// <summary>Codes with their Chinese labels.</summary>
    public IReadOnlyDictionary<string, string>? Choices { get; init; }

    /// <summary>Where the default comes from: an article, a row of the rule book, or practice in words.</summary>
    public string Source { get; init; } = "";

    /// <summary>One of <see cref="SettingTags"/>.</summary>
    public string Tag { get; init; } = SettingTags.Practice;

    /// <summary>A long of cents.</summary>
    public bool Money { get; init; }

    /// <summary>Longest text; texts only.</summary>
    public int Longest { get; init; } = 200;

    /// <summary>Whether an empty text, an empty date or an empty list is a value.</summary>
    public bool MayBeEmpty { get; init; }

    public FieldKind Kind { get; private init; }

    /// <summary>The type of the property without its question mark.</summary>
    internal Type Type { get; private init; } = typeof(string);

    internal bool Whole => Type != typeof(decimal);

    internal bool Nullable { get; private init; }

    /// <summary>The field with kind and type of its property.</summary>
    /// <exception cref="InvalidOperationException">The record has no such property, or one of a type that no form knows.</exception>
    internal Field On(Type record)
    {
        var property = record.GetProperty(Name) ?? throw new InvalidOperationException($"{record.Name} has no property {Name}.");
        var type = System.Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var kind = type switch
        {
            _ when type == typeof(bool) => FieldKind.Bool,
            _ when type == typeof(DateOnly) => FieldKind.Date,
            _ when type == typeof(long) && Money => FieldKind.Money,
            _ when type == typeof(int) || type == typeof(long) || type == typeof(decimal) => FieldKind.Number,
            _ when type == typeof(string) => Choices is null ? FieldKind.Text : FieldKind.Choice,
            _ when type.IsAssignableTo(typeof(IEnumerable<int>)) => FieldKind.Numbers,
            _ when type.IsAssignableTo(typeof(IEnumerable<string>)) && Choices is not null => FieldKind.Choices,
            _ => throw new InvalidOperationException($"{record.Name}.{Name}: no form knows a {type.Name}."),
        };
        return this with { Kind = kind, Type = type, Nullable = MayBeEmpty || type != property.PropertyType };
    }
}

/// <summary>The fields of a record, and its values as text: what forms, tables and files hold.</summary>
public sealed class FieldSet
{
    private readonly Type record;
    private readonly Dictionary<string, (Field Field, PropertyInfo Property)> byName;

    public FieldSet(Type record, IEnumerable<Field> fields)
    {
        this.record = record;
        All = [.. fields.Select(f => f.On(record))];
        byName = All.ToDictionary(f => f.Name, f => (f, record.GetProperty(f.Name)!), StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<Field> All { get; }

    public Field? Find(string name) => byName.TryGetValue(name, out var f) ? f.Field : null;

    /// <summary>The value of a field as text: invariant numbers, ISO dates, yes or no, lists with blanks; empty for nothing.</summary>
    public string Text(object value, string field) => FieldText.Of(byName[field].Property.GetValue(value));

    /// <summary>All values as text.</summary>
    public Dictionary<string, string> Texts(object value) => All.ToDictionary(f => f.Name, f => Text(value, f.Name));

    /// <summary>Puts texts over a record: what is not among them stays. Errors name the field; the value is null where there are any.</summary>
    public (object? Value, IReadOnlyList<FieldFault> Faults) Bind(object over, IReadOnlyDictionary<string, string> texts)
    {
        var faults = new List<FieldFault>();
        var node = JsonSerializer.SerializeToNode(over, record, Json.Stored)!.AsObject();
        foreach (var (name, text) in texts)
        {
            if (!byName.TryGetValue(name, out var known))
            {
                faults.Add(new FieldFault(name, "没有这一项。"));
                continue;
            }
            var (value, why) = FieldText.Parse(known.Field, text);
            if (why is null)
                node[JsonNamingPolicy.CamelCase.ConvertName(known.Field.Name)] = JsonSerializer.SerializeToNode(value, Json.Stored);
            else
                faults.Add(new FieldFault(known.Field.Name, why));
        }
        return faults.Count > 0 ? (null, faults) : (node.Deserialize(record, Json.Stored), faults);
    }

    /// <summary>What is wrong with a record by ranges, choices and limits of law.</summary>
    public IEnumerable<FieldFault> Check(object value)
    {
        foreach (var (field, property) in byName.Values)
            if (FieldText.WhyNot(field, property.GetValue(value)) is { } why)
                yield return new FieldFault(field.Name, why);
    }
}

/// <summary>A value that cannot be taken, with the reason for people.</summary>
/// <param name="Why">Its values apart, see <see cref="Said"/>.</param>
public sealed record FieldFault(string Field, Said Why)
{
    public FieldFault(string field, string why)
        : this(field, Plain(why)) { }

    private static Said Plain(string why)
    {
        var said = new Said(why.Length, 0);
        said.AppendLiteral(why);
        return said;
    }
}
