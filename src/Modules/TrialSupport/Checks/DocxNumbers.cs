using System.Globalization;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace CourtOps.TrialSupport.Checks;

/// <summary>
/// The numbers that a word processor writes before paragraphs by itself: they stand in no text of the file, and are counted here in the order of the paper.
/// </summary>
internal sealed partial class DocxNumbers
{
    private const int Levels = 9;
    private readonly Dictionary<int, (int List, IReadOnlyList<Level?> Levels)> lists = [];
    private readonly Dictionary<string, Style> styles;
    private readonly Dictionary<int, int[]> counts = [];

    public DocxNumbers(MainDocumentPart main)
    {
        styles = (main.StyleDefinitionsPart?.Styles?.Elements<Style>() ?? [])
            .Where(s => s.StyleId?.Value is not null)
            .DistinctBy(s => s.StyleId!.Value)
            .ToDictionary(s => s.StyleId!.Value!);
        if (main.NumberingDefinitionsPart?.Numbering is not { } numbering)
            return;
        var kinds = numbering
            .Elements<AbstractNum>()
            .Where(a => a.AbstractNumberId?.HasValue == true)
            .DistinctBy(a => a.AbstractNumberId!.Value)
            .ToDictionary(a => a.AbstractNumberId!.Value);
        foreach (var one in numbering.Elements<NumberingInstance>().Where(n => n.NumberID?.HasValue == true))
        {
            if (one.AbstractNumId?.Val?.Value is not { } kind || !kinds.TryGetValue(kind, out var found))
                continue;
            var levels = new Level?[Levels];
            foreach (var level in found.Elements<Level>().Concat(one.Elements<LevelOverride>().Select(o => o.Level).OfType<Level>()))
                if (level.LevelIndex?.Value is { } i and >= 0 and < Levels)
                    levels[i] = level;
            // an instance that overrides begins to count anew
            lists[one.NumberID!.Value] = (one.Elements<LevelOverride>().Any() ? -1 - one.NumberID.Value : kind, levels);
        }
    }

    /// <summary>What stands before the paragraph; blank where it has no number. To be asked once for each paragraph, in order.</summary>
    public string Before(Paragraph paragraph)
    {
        var own = paragraph.ParagraphProperties?.NumberingProperties;
        var (id, at) = own?.NumberingId?.Val?.Value is { } direct
            ? (direct, own.NumberingLevelReference?.Val?.Value ?? 0)
            : OfStyle(paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value);
        if (id == 0 || at is < 0 or >= Levels || !lists.TryGetValue(id, out var list) || list.Levels[at] is not { } level)
            return "";
        if (!counts.TryGetValue(list.List, out var count))
            counts[list.List] = count = [.. Enumerable.Repeat(-1, Levels)];
        for (var i = 0; i <= at; i++)
            if (count[i] < 0)
                count[i] = Start(list.Levels[i]) - (i == at ? 1 : 0);
        count[at]++;
        for (var i = at + 1; i < Levels; i++)
            count[i] = -1;
        var written = Place()
            .Replace(
                level.LevelText?.Val?.Value ?? "",
                m =>
                    m.Value[1] - '1' is var i && i <= at
                        ? Write(count[i], level.IsLegalNumberingStyle is null || i == at ? FormatOf(list.Levels[i]) : "decimal")
                        : ""
            );
        if (level.NumberingFormat?.Val?.InnerText == "bullet")
            written = written.Any(c => c is >= '\uE000' and <= '\uF8FF') || written.Length == 0 ? "•" : written;
        return written.Length == 0 ? ""
            : char.IsLetterOrDigit(written[^1]) || written[^1] == '.' || written == "•" ? written + " "
            : written;
    }

    private (int Id, int At) OfStyle(string? style)
    {
        for (var guard = 0; style is not null && guard < 20 && styles.TryGetValue(style, out var found); guard++, style = found.BasedOn?.Val?.Value)
            if (found.StyleParagraphProperties?.NumberingProperties is { } n && n.NumberingId?.Val?.Value is { } id)
                return (id, n.NumberingLevelReference?.Val?.Value ?? 0);
        return (0, 0);
    }

    private static string FormatOf(Level? level) => level?.NumberingFormat?.Val?.InnerText ?? "decimal";

    private static int Start(Level? level) => Math.Clamp(level?.StartNumberingValue?.Val?.Value ?? 1, 0, 9999);

    /// <summary>A count as the format of a level has it; what is not known is written in digits.</summary>
    /// <param name="format">As the file names it: chineseCounting, upperRoman …</param>
    internal static string Write(int n, string format) =>
        format switch
        {
            "none" => "",
            "chineseCounting"
            or "chineseCountingThousand"
            or "japaneseCounting"
            or "taiwaneseCounting"
            or "taiwaneseCountingThousand"
            or "ideographDigital" when n is >= 1 and <= 9999 => Numerals.Write(n),
            "decimalEnclosedCircle" or "decimalEnclosedCircleChinese" when n is >= 1 and <= 20 => $"{(char)('①' + n - 1)}",
            "decimalFullWidth" => string.Concat(n.ToString(CultureInfo.InvariantCulture).Select(c => (char)(c - '0' + '０'))),
            "decimalZero" => n.ToString("00", CultureInfo.InvariantCulture),
            "upperLetter" or "lowerLetter" when n is >= 1 and <= 780 => Letters(n, format[0] == 'u' ? 'A' : 'a'),
            "upperRoman" when n is >= 1 and <= 3999 => Roman(n),
            "lowerRoman" when n is >= 1 and <= 3999 => Roman(n).ToLowerInvariant(),
            _ => n.ToString(CultureInfo.InvariantCulture),
        };

    // the letter, once more for each round of the alphabet
    private static string Letters(int n, char first) => new((char)(first + ((n - 1) % 26)), ((n - 1) / 26) + 1);

    private static string Roman(int n)
    {
        (int Value, string Sign)[] signs =
        [
            (1000, "M"),
            (900, "CM"),
            (500, "D"),
            (400, "CD"),
            (100, "C"),
            (90, "XC"),
            (50, "L"),
            (40, "XL"),
            (10, "X"),
            (9, "IX"),
            (5, "V"),
            (4, "IV"),
            (1, "I"),
        ];
        var text = "";
        foreach (var (value, sign) in signs)
            for (; n >= value; n -= value)
                text += sign;
        return text;
    }

    [GeneratedRegex("%[1-9]")]
    private static partial Regex Place();
}
