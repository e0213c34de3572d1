using CourtOps.TrialSupport.Checks;

namespace CourtOps.TrialSupport.Drafting;

/// <summary>How the paragraphs of a court document that was typed as plain text stand. Pure.</summary>
internal static class DraftText
{
    /// <summary>Longest text that is taken from the writing page, in characters: about two hundred pages.</summary>
    public const int Most = 200_000;

    /// <summary>One paragraph a line, blank lines left out: court and kind of document as titles, number, date and signatures to the right, the rest as
    /// text.</summary>
    public static IReadOnlyList<DocxPara> Paragraphs(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).ToList();
        return [.. lines.Select((l, i) => new DocxPara(l, StyleOf(lines, i)))];
    }

    /// <summary>The style of one paragraph by its words and its place.</summary>
    public static ParaStyle StyleOf(IReadOnlyList<string> all, int i)
    {
        var bare = Paper.Bare(all[i]);
        if (i < 3 && (bare.EndsWith("法院", StringComparison.Ordinal) || Paper.TypeLine().IsMatch(bare)))
            return ParaStyle.Title;
        var edge = bare.Length < 30 && (i < 4 || i > all.Count - 8);
        return
            edge
            && (
                bare.EndsWith('号')
                || bare.EndsWith('日')
                || (i > 3 && bare.EndsWith("法院", StringComparison.Ordinal))
                || Signs.Any(s => bare.StartsWith(s, StringComparison.Ordinal))
            )
            ? ParaStyle.Right
            : ParaStyle.Body;
    }

    private static readonly string[] Signs = ["审判", "书记员", "法官助理", "人民陪审员"];
}
