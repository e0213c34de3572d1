using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace CourtOps.Law;

/// <summary>The data files inside this assembly.</summary>
internal static class LawResources
{
    private static readonly Assembly Self = typeof(LawResources).Assembly;

    internal static IEnumerable<string> Names => Self.GetManifestResourceNames();

    internal static JsonDocument Json(string name)
    {
        using var stream = Open(name);
        return JsonDocument.Parse(stream);
    }

    internal static string Text(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }

    internal static string? Optional(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static DateOnly? OptionalDate(JsonElement row, string name) =>
        Optional(row, name) is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    private static Stream Open(string name) => Self.GetManifestResourceStream(name) ?? throw new InvalidOperationException("No resource " + name);
}
