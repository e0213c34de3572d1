using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

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

    public override string ToString() => string.Format(CultureInfo.InvariantCulture, Key, [.. values]);
}
