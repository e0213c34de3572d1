using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace CourtOps.Kernel.Messaging;

/// <summary>
/// The words of a refusal, with what is put into them kept apart: $"还有 {n} 张子单没有办结。" is the key "还有 {0} 张子单没有办结。" of the
/// texts and the value n, so that it can be said in the reader's language. Where there is no translation it is said as it stands.
/// </summary>
[InterpolatedStringHandler]
public sealed class Said(int literalLength, int formattedCount)
{
    private readonly StringBuilder key = new(literalLength + (4 * formattedCount));
    private readonly List<object?> values = new(formattedCount);

    public string Key => key.ToString();

    public IReadOnlyList<object?> Values => values;

    public void AppendLiteral(string text) => key.Append(text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    public void AppendFormatted<T>(T value)
    {
        key.Append('{').Append(values.Count.ToString(CultureInfo.InvariantCulture)).Append('}');
        values.Add(value);
    }

    /// <summary>A key of the texts that is known by itself, with its values.</summary>
    public static Said Of(string key, params IReadOnlyList<object?> values)
    {
        var said = new Said(key.Length, values.Count);
        said.key.Append(key);
        said.values.AddRange(values);
        return said;
    }

    /// <summary>As it is kept with a row, until somebody reads it in their language.</summary>
    public string Stored() =>
        JsonSerializer.Serialize(new Kept(Key, [.. values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture) ?? "")]), Json.Stored);

    /// <summary>What <see cref="Stored"/> has kept; null where nothing was.</summary>
    public static Said? Read(string? stored)
    {
        if (stored is null || JsonSerializer.Deserialize<Kept>(stored, Json.Stored) is not { } kept)
            return null;
        var said = new Said(kept.Key.Length, kept.Values.Length);
        said.key.Append(kept.Key);
        said.values.AddRange(kept.Values);
        return said;
    }

    private sealed record Kept(string Key, string[] Values);

    public override string ToString() => string.Format(CultureInfo.InvariantCulture, Key, [.. values]);
}
