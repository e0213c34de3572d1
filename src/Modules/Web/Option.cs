namespace CourtOps.Web;

/// <summary>One choice of a field.</summary>
/// <param name="Value">What is posted.</param>
/// <param name="Label">A text key, or a name as it stands.</param>
/// <param name="Group">The heading above it in a list, a text key; empty for none.</param>
public sealed record Option(string Value, string Label, string Group = "")
{
    /// <summary>Choices of values and labels as a centre keeps them.</summary>
    public static IReadOnlyList<Option> From(IEnumerable<KeyValuePair<string, string>> labels) => [.. labels.Select(l => new Option(l.Key, l.Value))];
}
