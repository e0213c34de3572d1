using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourtOps.Law;

/// <summary>
/// The arguments of a calculator as they come from a command line, a query string or a form: names without dashes, texts as
/// entered, a name may come several times. The procedure calculator takes a JSON object instead.
/// </summary>
public sealed class CalculatorArguments
{
    private readonly Dictionary<string, List<string>> values = new(StringComparer.Ordinal);

    /// <summary>The JSON object of the procedure calculator, if given.</summary>
    public JsonObject? Input { get; private set; }

    /// <summary>Names given.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <summary>Takes pairs of name and value; a null value is a flag.</summary>
    public static CalculatorArguments Of(IEnumerable<KeyValuePair<string, string?>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var arguments = new CalculatorArguments();
        foreach (var (name, value) in pairs)
            arguments.Add(name, value);
        return arguments;
    }

    /// <summary>Takes a JSON object.</summary>
    /// <param name="json">Text of the object.</param>
    /// <exception cref="LawError">Field input: not a JSON object.</exception>
    public static CalculatorArguments OfJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (node is JsonObject input)
                return new CalculatorArguments { Input = input };
        }
        catch (Exception e) when (e is JsonException or ArgumentException) // the second: text that is no valid Unicode
        {
            throw new LawError("input", LawReasons.CalendarJson, LawDates.Shown(e.Message));
        }

        throw new LawError("input", CalculatorWords.NotAnObject);
    }

    /// <summary>Adds a value. Leading dashes of the name are dropped; a null value is a flag; values of white space count as not given.</summary>
    public CalculatorArguments Add(string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        var key = name.TrimStart('-');
        if (!values.TryGetValue(key, out var list))
            values[key] = list = [];
        list.Add(value is null ? "yes" : value.Trim());
        return this;
    }

    internal IReadOnlyList<string> All(string name) => values.TryGetValue(name, out var list) ? list : [];
}
