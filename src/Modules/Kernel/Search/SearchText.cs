using System.Globalization;
using System.Text;

namespace CourtOps.Kernel.Search;

/// <summary>
/// Folds text to tokens: compatibility forms and case are one, Chinese and Korean become overlapping pairs ("民间借贷": 民间 间借 借贷 贷),
/// Latin words and digits stay whole. The last character of a run stands by itself too, so that a run's end can be found. Pure.
/// </summary>
public static class SearchText
{
    private const int MostTyped = 60;

    private enum Kind
    {
        None,
        Latin,
        Digit,
        Ideograph,
    }

    /// <summary>The tokens of a text, in order.</summary>
    public static string Words(string text)
    {
        var tokens = new List<string>();
        foreach (var (kind, run) in Runs(text))
            Add(tokens, kind, run, whole: true);
        return string.Join(' ', tokens);
    }

    /// <summary>One expression of the index; where it leads to a number, the fragment that the number must hold.</summary>
    public sealed record Question(string Match, string? Fragment = null);

    /// <summary>A number as it is compared: folded, without its marks.</summary>
    public static string Folded(string number) => string.Concat(Runs(number).SelectMany(r => r.Run));

    /// <summary>What was typed as a fragment of a number, folded; null when it is none: three characters at least, a digit among them, no blank.</summary>
    private static string? Fragment(string typed)
    {
        var runs = Runs(typed).ToList();
        return runs.Sum(r => r.Run.Count) is >= 3 and <= MostTyped && runs.Exists(r => r.Kind == Kind.Digit) && !typed.Trim().Any(char.IsWhiteSpace)
            ? string.Concat(runs.SelectMany(r => r.Run))
            : null;
    }

    /// <summary>Overlapping threes over a number written without its marks, so that any three characters of it in a row are found.</summary>
    public static string Threes(string number)
    {
        var all = Runs(number).SelectMany(r => r.Run).ToList();
        return string.Join(' ', Enumerable.Range(0, Math.Max(0, all.Count - 2)).Select(i => string.Concat(all.GetRange(i, 3))));
    }

    /// <summary>
    /// What a person typed as expressions of the index, to be asked one after the other until one finds something: a fragment of a number first among
    /// the numbers, then among the words. None when it is too little to look for.
    /// </summary>
    public static IReadOnlyList<Question> Questions(string typed)
    {
        var wanted = new List<string>();
        var whole = Runs(typed).ToList();
        if (whole.Sum(r => r.Run.Count) > MostTyped)
            return [];
        var fragment = Fragment(typed);
        foreach (var part in typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var runs = Runs(part).ToList();
            if (runs.Count == 0)
                continue;
            var tokens = new List<string>();
            for (var i = 0; i < runs.Count; i++)
                Add(tokens, runs[i].Kind, runs[i].Run, whole: i < runs.Count - 1);
            var (lastKind, last) = runs[^1];
            // one character alone is asked for as a name or the end of one; beside other words it says too little: it stands at the beginning of too many pairs
            if (lastKind == Kind.Ideograph && last.Count == 1)
            {
                if (runs.Count == 1 && fragment is null && whole.Sum(r => r.Run.Count) == 1)
                    return [new Question($"words : \"{last[0]}\"")];
                if (runs.Count == 1 && fragment is null)
                    return [];
                continue;
            }
            if (lastKind != Kind.Ideograph && last.Count == 1 && runs.Count == 1)
                continue;
            // a beginning of digits stands in very many terms; where the threes find it anyway it is not asked for
            wanted.Add($"words : \"{string.Join(' ', tokens)}\"{(lastKind == Kind.Ideograph || fragment is not null ? "" : " *")}");
        }
        var questions = new List<Question>();
        // the end of a fragment is what tells numbers of a court apart
        if (fragment is not null)
            questions.Add(
                new Question(
                    string.Join(" AND ", Threes(fragment).Split(' ')[^Math.Min(2, fragment.EnumerateRunes().Count() - 2)..].Select(t => $"threes : \"{t}\"")),
                    fragment
                )
            );
        if (wanted.Count > 0)
            questions.Add(new Question(string.Join(" AND ", wanted)));
        return questions;
    }

    private static void Add(List<string> tokens, Kind kind, List<string> run, bool whole)
    {
        if (kind != Kind.Ideograph)
        {
            tokens.Add(string.Concat(run));
            return;
        }
        for (var i = 0; i + 1 < run.Count; i++)
            tokens.Add(run[i] + run[i + 1]);
        if (whole || run.Count == 1)
            tokens.Add(run[^1]);
    }

    private static IEnumerable<(Kind Kind, List<string> Run)> Runs(string text)
    {
        var run = new List<string>();
        var kind = Kind.None;
        foreach (var written in text.Folded().ToLowerInvariant().EnumerateRunes())
        {
            // what is not seen and the dot within a name (买买提·艾力) part nothing; traditional characters are found by simplified ones
            if (Rune.GetUnicodeCategory(written) == UnicodeCategory.Format || Dots.Contains(written.Value))
                continue;
            var rune = Simplified.Value.TryGetValue(written.Value, out var simple) ? new Rune(simple) : written;
            var now = KindOf(rune);
            if (now != kind && run.Count > 0)
            {
                yield return (kind, run);
                run = [];
            }
            kind = now;
            if (now != Kind.None)
                run.Add(rune.ToString());
        }
        if (run.Count > 0)
            yield return (kind, run);
    }

    private static readonly HashSet<int> Dots = ['·', '•', '・', '‧', '∙', '⋅'];

    // pairs of a traditional character and the simplified one, as the Unicode rules Hant-Hans of ICU 72 turn single characters
    private static readonly Lazy<Dictionary<int, char>> Simplified = new(() =>
    {
        using var reader = new StreamReader(typeof(SearchText).Assembly.GetManifestResourceStream("CourtOps.Kernel.Search.traditional.txt")!);
        var text = reader.ReadToEnd().ReplaceLineEndings("");
        return Enumerable.Range(0, text.Length / 2).ToDictionary(i => (int)text[2 * i], i => text[(2 * i) + 1]);
    });

    // characters newer than the framework's tables are counted as ideographs when they lie where those are
    private static Kind KindOf(Rune rune) =>
        rune.Value switch
        {
            >= '0' and <= '9' => Kind.Digit,
            >= 0x20000 and <= 0x3FFFF => Kind.Ideograph,
            >= 0x2E80 when Rune.IsLetter(rune) => Kind.Ideograph,
            _ => Rune.IsLetter(rune) ? Kind.Latin
            : Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber ? Kind.Digit
            : Kind.None,
        };
}
