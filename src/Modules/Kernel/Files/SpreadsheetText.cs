namespace CourtOps.Kernel.Files;

/// <summary>Text of people in files that a spreadsheet opens. Pure.</summary>
public static class SpreadsheetText
{
    /// <summary>The text, with a mark before it where a spreadsheet would take it for a formula.</summary>
    public static string Plain(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠' ? "'" + text : text;

    /// <summary>A cell of a CSV file: no formula, quoted where it must be.</summary>
    public static string Cell(string text)
    {
        var plain = Plain(text);
        return plain.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : plain;
    }
}
