using System.Globalization;
using System.Text.Json;

namespace CourtOps.Enforcement.Network;

/// <summary>One thing that a registry or bank answers with.</summary>
internal sealed record FoundThing(string Name, string Holder, long? Value);

/// <summary>One line of an answer (JSON): what was asked, of whom, and what is there. Pure.</summary>
internal sealed record Feedback(string Reference, string Name, string IdTail, bool Failed, string Note, IReadOnlyList<FoundThing> Things)
{
    /// <summary>Longest line that is read.</summary>
    public const int MostCharacters = 100_000;

    /// <summary>The line, or why it cannot be read.</summary>
    public static (Feedback? Line, string Reason) Read(string text)
    {
        if (text.Length > MostCharacters)
            return (null, "这一行太长。");
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return (null, "应为一个 JSON 对象。");
            var reference = Text(root, "ref");
            var name = Text(root, "name");
            if (reference.Length is 0 or > 40 || name.Length is 0 or > 200)
                return (null, "缺少 ref 或者 name，或者过长。");
            var result = Text(root, "result");
            if (result is not ("found" or "none" or "failed"))
                return (null, "result 应为 found、none 或者 failed。");
            var things = new List<FoundThing>();
            if (result == "found")
            {
                if (!root.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array || items.GetArrayLength() is 0 or > 500)
                    return (null, "found 应有 1 到 500 项 items。");
                foreach (var item in items.EnumerateArray())
                {
                    if (item.ValueKind != JsonValueKind.Object || Text(item, "description") is not { Length: > 0 and <= 200 } description)
                        return (null, "每项财产都要有 description，最长 200 个字符。");
                    if (!TryCents(item, out var cents))
                        return (null, $"“{description}”的金额或者单位不能读；单位为元、万元或者分。");
                    things.Add(new FoundThing(description, Cut(Text(item, "holder"), 120), cents));
                }
            }
            return (new Feedback(reference, name, Text(root, "idTail"), result == "failed", Cut(Text(root, "note"), 200), things), "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the second: half a sign, "\ud800"
        {
            return (null, "不是有效的 JSON。");
        }
    }

    /// <summary>Cents of a value in the unit named: 元, 万元 or 分. True with null where no value is given.</summary>
    private static bool TryCents(JsonElement item, out long? cents)
    {
        cents = null;
        if (!item.TryGetProperty("value", out var value) || value.ValueKind == JsonValueKind.Null)
            return true;
        var written =
            value.ValueKind == JsonValueKind.Number ? value.GetRawText()
            : value.ValueKind == JsonValueKind.String ? value.GetString()!.Replace(",", "", StringComparison.Ordinal)
            : "";
        if (!decimal.TryParse(written, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var amount))
            return false;
        var times = Text(item, "unit") switch
        {
            "" or "元" or "CNY" => 100m,
            "万元" => 1_000_000m,
            "分" => 1m,
            _ => 0m,
        };
        if (times == 0 || amount < 0 || amount > 99_999_999_999m)
            return false;
        cents = (long)decimal.Round(amount * times, 0, MidpointRounding.AwayFromZero);
        return cents <= 999_999_999_999;
    }

    private static string Text(JsonElement e, string name) =>
        e.TryGetProperty(name, out var v)
            ? v.ValueKind switch
            {
                JsonValueKind.String => v.GetString()!.Trim(),
                JsonValueKind.Number => v.GetRawText(),
                _ => "",
            }
            : "";

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
