using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CourtOps.Cataloguing.Reading;

/// <summary>Tesseract as a program: the whole page where no better engine is there, Korean lines where there is one.</summary>
internal sealed class TesseractReader(string program, string language) : ILineReader
{
    public string Name => "tesseract-" + language;

    /// <summary>Null where the program or the language is not installed.</summary>
    public static TesseractReader? Open(string language)
    {
        if (Tools.Find("tesseract") is not { } program)
            return null;
        var (exit, listed) = Tools.Run(program, ["--list-langs"], TimeSpan.FromSeconds(10));
        var known = listed.Split('\n', StringSplitOptions.TrimEntries);
        return exit == 0 && language.Split('+').All(known.Contains) ? new TesseractReader(program, language) : null;
    }

    public Reading Read(Picture page) => new(Lines(page, 3), false);

    /// <summary>The lines, words of one line joined: blanks stay where the gap is wide or the words are Latin or Korean.</summary>
    /// <param name="layout">Tesseract's way to take a page apart: 3 by itself, 6 one block.</param>
    public IReadOnlyList<ReadLine> Lines(Picture page, int layout)
    {
        var file = Path.Combine(Path.GetTempPath(), $"read-{Guid.NewGuid():n}.pgm");
        try
        {
            using (var to = File.Create(file))
            {
                to.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P5 {page.Width} {page.Height} 255\n")));
                to.Write(page.Levels);
            }
            var (exit, table) = Tools.Run(
                program,
                [file, "-", "-l", language, "--psm", layout.ToString(CultureInfo.InvariantCulture), "--dpi", "300", "tsv"],
                TimeSpan.FromSeconds(90)
            );
            return exit == 0 ? Parse(table) : throw new InvalidOperationException($"tesseract ended with {exit}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose() { }

    internal static IReadOnlyList<ReadLine> Parse(string table)
    {
        var lines = new List<(string Key, List<(string Text, Box Box, double Confidence)> Words)>();
        foreach (var row in table.Split('\n').Skip(1))
        {
            var f = row.TrimEnd('\r').Split('\t');
            if (f.Length < 12 || f[0] != "5" || string.IsNullOrWhiteSpace(f[11]))
                continue;
            int N(int i) => int.Parse(f[i], CultureInfo.InvariantCulture);
            var key = $"{f[2]}.{f[3]}.{f[4]}";
            if (lines.Count == 0 || lines[^1].Key != key)
                lines.Add((key, []));
            lines[^1].Words.Add((f[11].Trim(), new Box(N(6), N(7), N(8), N(9)), double.Parse(f[10], CultureInfo.InvariantCulture) / 100));
        }
        return
        [
            .. lines.Select(l => new ReadLine(
                Join([.. l.Words.Select(w => (w.Text, w.Box))]),
                Around(l.Words.Select(w => w.Box)),
                l.Words.Average(w => w.Confidence)
            )),
        ];
    }

    // Tesseract parts Korean syllables as if they were words: those that stand close are one
    private static string Join(IReadOnlyList<(string Text, Box Box)> words)
    {
        var text = new StringBuilder();
        for (var i = 0; i < words.Count; i++)
        {
            var (word, box) = words[i];
            if (i > 0 && !(IsHan(text[^1]) || IsHan(word[0])))
            {
                var before = words[i - 1].Box;
                var close = box.X - (before.X + before.Width) < Math.Max(box.Height, before.Height) * 0.3;
                if (!close || !Script.IsHangul(text[^1]) || !Script.IsHangul(word[0]))
                    text.Append(' ');
            }
            text.Append(word);
        }
        return text.ToString();
    }

    // Chinese characters and full-width signs are written without blanks
    private static bool IsHan(char c) => c is (>= '\u3000' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uFF00' and <= '\uFFEF');

    internal static Box Around(IEnumerable<Box> boxes)
    {
        var all = boxes.ToList();
        int left = all.Min(b => b.X),
            top = all.Min(b => b.Y);
        return new Box(left, top, all.Max(b => b.X + b.Width) - left, all.Max(b => b.Y + b.Height) - top);
    }
}

/// <summary>Korean lines of a page that the Chinese engine could not read.</summary>
internal static class KoreanLines
{
    private const int Gap = 24;

    /// <summary>Lines read with little confidence are stacked into one picture, read by the Korean reader, and taken where Hangul came out.</summary>
    public static IReadOnlyList<ReadLine> Mend(Picture page, IReadOnlyList<ReadLine> lines, TesseractReader korean)
    {
        var poor = lines.Where(l => l.Confidence < 0.86 && l.Box.Width > l.Box.Height * 2).ToList();
        if (poor.Count < 3 || poor.Count < lines.Count * 0.12)
            return lines;
        var sheet = Stack(page, poor);
        var read = korean.Lines(sheet.Picture, 6);
        var result = lines.ToList();
        for (var i = 0; i < poor.Count; i++)
        {
            var (top, height) = sheet.Places[i];
            var here = read.Where(r => Math.Min(top + height, r.Box.Y + r.Box.Height) - Math.Max(top, r.Box.Y) > Math.Min(height, r.Box.Height) * 0.5)
                .OrderBy(r => r.Box.X)
                .ToList();
            if (here.Count == 0)
                continue;
            var text = string.Join(' ', here.Select(r => r.Text));
            var confidence = here.Average(r => r.Confidence);
            if (Script.HangulShare(text) >= 0.3 && confidence > 0.5)
                result[result.IndexOf(poor[i])] = poor[i] with { Text = text, Confidence = confidence };
        }
        return result;
    }

    private static (Picture Picture, List<(int Top, int Height)> Places) Stack(Picture page, List<ReadLine> lines)
    {
        var width = lines.Max(l => l.Box.Width) + (2 * Gap);
        var height = lines.Sum(l => l.Box.Height + Gap) + Gap;
        var levels = new byte[width * height];
        Array.Fill(levels, (byte)235);
        var places = new List<(int, int)>();
        var at = Gap;
        foreach (var b in lines.Select(l => l.Box))
        {
            for (var y = 0; y < b.Height; y++)
                if (b.Y + y < page.Height)
                    Array.Copy(page.Levels, ((b.Y + y) * page.Width) + b.X, levels, ((at + y) * width) + Gap, Math.Min(b.Width, page.Width - b.X));
            places.Add((at, b.Height));
            at += b.Height + Gap;
        }
        return (new Picture(width, height, levels), places);
    }
}

/// <summary>What a text is written in. Pure.</summary>
internal static class Script
{
    public static bool IsHangul(char c) => c is (>= '\uAC00' and <= '\uD7AF') or (>= '\u1100' and <= '\u11FF') or (>= '\u3130' and <= '\u318F');

    public static double HangulShare(string text)
    {
        var letters = text.Count(char.IsLetter);
        return letters == 0 ? 0 : (double)text.Count(IsHangul) / letters;
    }

    /// <summary>zh, ko, zh+ko, or empty for a page without letters.</summary>
    public static string LanguageOf(string text)
    {
        int hangul = text.Count(IsHangul),
            han = text.Count(c => c is >= '\u4E00' and <= '\u9FFF');
        return (han, hangul) switch
        {
            (0, 0) => "",
            (0, _) => "ko",
            (_, 0) => "zh",
            var (z, k) => k > z * 9 ? "ko"
            : z > k * 19 ? "zh"
            : "zh+ko",
        };
    }
}
