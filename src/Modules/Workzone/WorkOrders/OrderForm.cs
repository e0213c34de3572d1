using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation.Results;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>What a field of an order's form takes.</summary>
public enum FieldKind
{
    /// <summary>One line.</summary>
    Text,
    LongText,
    Date,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>One of the choices, or several where Most is above one.</summary>
    Choice,

    /// <summary>Parties of the case.</summary>
    Parties,

    /// <summary>Documents of the case's main volume.</summary>
    Documents,
}

/// <summary>A field of the form by which a generic order is asked for.</summary>
public sealed record OrderField
{
    /// <summary>Its name in the API.</summary>
    public required string Name { get; init; }

    /// <summary>Chinese; the key of its translation.</summary>
    public required string Label { get; init; }
    public FieldKind Kind { get; init; }
    public bool Required { get; init; }

    /// <summary>The least number, or the first day counted from today.</summary>
    public int? Least { get; init; }

    /// <summary>The most characters, the greatest number, the last day counted from today, or the most that may be chosen.</summary>
    public int? Most { get; init; }

    /// <summary>Chinese; the key of its translation.</summary>
    public string Help { get; init; } = "";

    /// <summary>Each Chinese, the key of its translation.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>How many values it takes.</summary>
    public int Values =>
        Kind switch
        {
            FieldKind.Choice => Most ?? 1,
            FieldKind.Parties or FieldKind.Documents => Most ?? 50,
            _ => 1,
        };

    /// <summary>How many characters a text holds.</summary>
    public int Length => Most ?? (Kind == FieldKind.LongText ? 2000 : 200);
}

/// <summary>Reads what was typed into a type's form. Pure.</summary>
internal static class OrderForm
{
    /// <summary>What can be chosen of the case: id and words.</summary>
    internal sealed record Offer(IReadOnlyDictionary<string, string> Parties, IReadOnlyDictionary<string, string> Documents)
    {
        public IReadOnlyDictionary<string, string> Of(OrderField field) =>
            field.Kind switch
            {
                FieldKind.Parties => Parties,
                FieldKind.Documents => Documents,
                _ => field.Choices.ToDictionary(c => c),
            };
    }

    /// <param name="Words">Label and words, as the order shows them.</param>
    /// <param name="Values">Name and values as stored: what makes two requests the same.</param>
    internal sealed record Filled(
        IReadOnlyDictionary<string, string> Words,
        SortedDictionary<string, IReadOnlyList<string>> Values,
        IReadOnlyList<ValidationFailure> Faults
    );

    public static Filled Read(IReadOnlyList<OrderField> fields, IReadOnlyDictionary<string, IReadOnlyList<string>> typed, Offer offer, DateOnly today, Texts t)
    {
        var words = new Dictionary<string, string>();
        var values = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var faults = typed
            .Keys.Except(fields.Select(f => f.Name))
            .Select(n => new ValidationFailure("Form." + n, t["这种工单没有“{0}”这一项。可填：{1}。", n, string.Join(t["、"], fields.Select(f => f.Name))]))
            .ToList();
        foreach (var field in fields)
        {
            var given = (typed.GetValueOrDefault(field.Name) ?? []).Select(v => v.Trim().ReplaceLineEndings("\n")).Where(v => v.Length > 0).Distinct().ToList();
            var fault =
                given.Count == 0
                    ? field.Required
                        ? t[field.Kind is FieldKind.Choice or FieldKind.Parties or FieldKind.Documents ? "请选择“{0}”。" : "请填写“{0}”。", t[field.Label]]
                        : null
                    : given.Count > field.Values
                        ? t["“{0}”最多 {1} 项。", t[field.Label], field.Values]
                        : given.Select(v => Fault(field, v, offer, today, t)).FirstOrDefault(f => f is not null);
            if (fault is not null)
                faults.Add(new ValidationFailure("Form." + field.Name, fault));
            else if (given.Count > 0)
            {
                values[field.Name] = given;
                words[field.Label] = field.Kind is FieldKind.Choice or FieldKind.Parties or FieldKind.Documents
                    ? string.Join('、', given.Select(v => offer.Of(field)[v]))
                    : given[0];
            }
        }
        return new Filled(words, values, faults);
    }

    /// <summary>What an order keeps of a field, for people: choices in their language.</summary>
    public static string Shown(OrderType? type, string label, string words, Texts t) =>
        type?.Form.FirstOrDefault(f => f.Label == label) is { Kind: FieldKind.Choice } ? string.Join(t["、"], words.Split('、').Select(w => t[w])) : words;

    /// <summary>The limits of a field, for people.</summary>
    public static string Limits(OrderField field, DateOnly today, Texts t) =>
        field.Kind switch
        {
            FieldKind.Date when field is { Least: not null, Most: not null } => t["{0} 至 {1}", Times.Iso(First(field, today)), Times.Iso(Last(field, today))],
            FieldKind.Number when field is { Least: { } least, Most: { } most } => t["{0} 到 {1}", least, most],
            FieldKind.LongText => t["最长 {0} 个字符", field.Length],
            _ => "",
        };

    public static DateOnly First(OrderField field, DateOnly today) => field.Least is { } n ? today.AddDays(n) : DateOnly.MinValue;

    public static DateOnly Last(OrderField field, DateOnly today) => field.Most is { } n ? today.AddDays(n) : DateOnly.MaxValue;

    /// <summary>Whether a form is still the one whose digest the opening node keeps; older nodes keep none.</summary>
    public static bool IsAsOpened(string form, string openingArgs)
    {
        using var args = JsonDocument.Parse(openingArgs);
        return !args.RootElement.TryGetProperty("form", out var digest) || digest.GetString() == Secrets.Digest(form);
    }

    private static string? Fault(OrderField field, string value, Offer offer, DateOnly today, Texts t)
    {
        if (PlainText.WhyNot(value) is { } why)
            return t[why];
        var label = t[field.Label];
        switch (field.Kind)
        {
            case FieldKind.Text when value.Contains('\n', StringComparison.Ordinal):
                return t["“{0}”只能写一行。", label];
            case FieldKind.Text or FieldKind.LongText:
                return value.Length > field.Length ? t["“{0}”最长 {1} 个字符，现在 {2} 个。", label, field.Length, value.Length] : null;
            case FieldKind.Date when !DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day):
                return t["“{0}”应是日期，如 {1}。", label, Times.Iso(today)];
            case FieldKind.Date:
                var (first, last) = (First(field, today), Last(field, today));
                return DateOnly.ParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture) is var on && on >= first && on <= last ? null
                    : last == DateOnly.MaxValue ? t["“{0}”不能早于 {1}。", label, Times.Iso(first)]
                    : first == DateOnly.MinValue ? t["“{0}”不能晚于 {1}。", label, Times.Iso(last)]
                    : t["“{0}”应在 {1} 至 {2} 之间。", label, Times.Iso(first), Times.Iso(last)];
            case FieldKind.Number:
                return
                    int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)
                    && n >= (field.Least ?? int.MinValue)
                    && n <= (field.Most ?? int.MaxValue)
                    ? null
                    : t["“{0}”应是 {1} 到 {2} 的整数。", label, field.Least ?? int.MinValue, field.Most ?? int.MaxValue];
            default:
                return offer.Of(field).ContainsKey(value) ? null : t["“{0}”里没有这一项，请从列出的选择。", label];
        }
    }
}
