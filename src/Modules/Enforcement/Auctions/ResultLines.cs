using System.Globalization;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Auctions;

/// <summary>What a platform says of one lot.</summary>
/// <param name="Row">The line in the file, from 1.</param>
/// <param name="Outcome">sold, unsold or withdrawn as it was read; the words of the file where it is none of them.</param>
/// <param name="Fault">Why it cannot be read; empty for nothing.</param>
internal sealed record ResultLine(int Row, string Lot, string Outcome, decimal? Price, string Buyer, DateOnly? On, string Words, string Fault);

/// <summary>Reads results of sales: CSV with a heading (comma, tab or semicolon), or JSON lines; UTF-8, UTF-16 or GB 18030. Pure.</summary>
internal static class ResultLines
{
    public const int Most = 2000;

    private static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["lot"] = "lot",
        ["标的"] = "lot",
        ["标的编号"] = "lot",
        ["编号"] = "lot",
        ["outcome"] = "outcome",
        ["结果"] = "outcome",
        ["状态"] = "outcome",
        ["price"] = "price",
        ["成交价"] = "price",
        ["成交价（元）"] = "price",
        ["成交价(元)"] = "price",
        ["buyer"] = "buyer",
        ["买受人"] = "buyer",
        ["竞得人"] = "buyer",
        ["date"] = "date",
        ["日期"] = "date",
        ["结束日期"] = "date",
        ["words"] = "words",
        ["原因"] = "words",
        ["说明"] = "words",
    };

    private static readonly Dictionary<string, string> Outcomes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sold"] = "sold",
        ["成交"] = "sold",
        ["已成交"] = "sold",
        ["unsold"] = "unsold",
        ["流拍"] = "unsold",
        ["未成交"] = "unsold",
        ["withdrawn"] = "withdrawn",
        ["撤回"] = "withdrawn",
        ["已撤回"] = "withdrawn",
    };

    /// <summary>The text of a file: by its mark, else UTF-8, else GB 18030.</summary>
    public static string Decode(byte[] bytes)
    {
        if (bytes is [0xEF, 0xBB, 0xBF, ..])
            return Encoding.UTF8.GetString(bytes, 3, bytes.Length - 3);
        if (bytes is [0xFF, 0xFE, ..])
            return Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2);
        if (bytes is [0xFE, 0xFF, ..])
            return Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2);
        try
        {
            return new UTF8Encoding(false, true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
            return Encoding.GetEncoding("GB18030").GetString(bytes);
        }
    }

    /// <exception cref="RuleBroken">Field File: nothing in it, too long, or no heading with lot and outcome.</exception>
    public static IReadOnlyList<ResultLine> Read(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select((l, i) => (Text: l.Trim(), Row: i + 1)).Where(l => l.Text.Length > 0).ToList();
        if (lines.Count == 0)
            throw new RuleBroken("文件里没有内容。", "File", "empty");
        if (lines.Count > Most)
            throw new RuleBroken($"一次最多 {Most} 行，这里有 {lines.Count} 行，请分几次导入。", "File", "too-many");
        if (lines[0].Text[0] == '{')
            return [.. lines.Select(l => OfJson(l.Row, l.Text))];
        var separator =
            lines[0].Text.Contains('\t', StringComparison.Ordinal) ? '\t'
            : lines[0].Text.Contains(';', StringComparison.Ordinal) ? ';'
            : ',';
        var heading = Cells(lines[0].Text, separator).Select(c => Columns.GetValueOrDefault(c.Trim(), "")).ToList();
        if (!heading.Contains("lot") || !heading.Contains("outcome"))
            throw new RuleBroken("第一行应为表头，至少有标的编号（lot）和结果（outcome）两列。", "File", "heading");
        return
        [
            .. lines
                .Skip(1)
                .Select(l =>
                {
                    var cells = Cells(l.Text, separator);
                    string Of(string column) => heading.IndexOf(column) is >= 0 and var at && at < cells.Count ? cells[at] : "";
                    return Line(l.Row, Of("lot"), Of("outcome"), Of("price"), Of("buyer"), Of("date"), Of("words"));
                }),
        ];
    }

    private static ResultLine OfJson(int row, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return new ResultLine(row, "", "", null, "", null, "", "不是一个 JSON 对象。");
            var values = json
                .RootElement.EnumerateObject()
                .Where(p => Columns.ContainsKey(p.Name))
                .GroupBy(p => Columns[p.Name])
                .ToDictionary(g => g.Key, g => g.First().Value is { ValueKind: JsonValueKind.String } s ? s.GetString() ?? "" : g.First().Value.GetRawText());
            string Of(string column) => values.GetValueOrDefault(column, "") is var v && v == "null" ? "" : v;
            return Line(row, Of("lot"), Of("outcome"), Of("price"), Of("buyer"), Of("date"), Of("words"));
        }
        catch (JsonException)
        {
            return new ResultLine(row, "", "", null, "", null, "", "这一行不是完整的 JSON。");
        }
    }

    private static ResultLine Line(int row, string lot, string outcome, string price, string buyer, string date, string words)
    {
        lot = lot.Trim();
        var known = Outcomes.GetValueOrDefault(outcome.Trim());
        decimal? yuan = null;
        DateOnly? on = null;
        var fault = "";
        if (lot.Length == 0 || !long.TryParse(lot, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            fault = $"标的编号“{lot}”不是数字。";
        else if (known is null)
            fault = $"结果“{outcome.Trim()}”不认识，应为成交、流拍或者撤回。";
        else if (!DateOnly.TryParseExact(date.Trim(), Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            fault = $"日期“{date.Trim()}”不是有效的日期。";
        else
        {
            on = day;
            var digits = price.Trim().Replace(",", "", StringComparison.Ordinal);
            if (decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
                yuan = value;
            else if (digits.Length > 0)
                fault = $"成交价“{price.Trim()}”不是数。";
        }
        return new ResultLine(row, lot, known ?? outcome.Trim(), yuan, buyer.Trim(), on, words.Trim(), fault);
    }

    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd", "yyyy.M.d", "yyyy年M月d日"];

    // a cell in quotes may hold the separator; two quotes are one
    private static List<string> Cells(string line, char separator)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append('"');
                i++;
            }
            else if (c == '"')
                quoted = !quoted;
            else if (c == separator && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(c);
        }
        cells.Add(cell.ToString());
        return cells;
    }
}
