using CourtOps.TrialSupport.Checks;

namespace CourtOps.TrialSupport.Papers;

/// <summary>The paragraphs of a PDF from its lines. Pure.</summary>
internal static class PaperText
{
    /// <summary>A line that fills the page and does not end a sentence goes on in the next one; in characters of full width.</summary>
    private const int Full = 24;

    /// <summary>Lines that belong together become one paragraph; numbers of pages are left out.</summary>
    public static IReadOnlyList<string> Paragraphs(IReadOnlyList<string> lines)
    {
        var all = new List<string>();
        var goesOn = false;
        foreach (var line in lines.Select(l => l.Trim()).Where(l => l.Length > 0 && !IsPageNumber(l)))
        {
            if (goesOn)
                all[^1] += line;
            else
                all.Add(line);
            goesOn = Paper.Bare(line).Length >= Full && !(line[^1] is '。' or '：' or ':' or '；' or '；');
        }
        return all;
    }

    /// <summary>As the check takes it: there is no page and no size of letters to look at.</summary>
    public static DocxText AsText(IReadOnlyList<string> paragraphs) => new(paragraphs, [], 0, null, [.. paragraphs.Select(_ => (double?)null)]);

    private static bool IsPageNumber(string line) => line.Trim('-', '—', '–', ' ', '第', '页').All(char.IsAsciiDigit) && line.Length <= 10;
}
