using System.Text.RegularExpressions;
using CourtOps.Kernel.Search;

namespace CourtOps.TrialSupport.Checks;

/// <summary>Page, words and characters.</summary>
internal static partial class FormChecks
{
    private static readonly (string Word, string Fix)[] Words =
    [
        ("我院", "本院"),
        ("我们认为", "本院认为"),
        ("贵院", "本院"),
        ("老赖", "被执行人"),
        ("打官司", "诉讼"),
        ("不靠谱", ""),
        ("压根", ""),
        ("搞定", ""),
        ("扯皮", ""),
        ("忽悠", ""),
        ("黑心", ""),
        ("赖账", "拒不偿还"),
        ("此页无正文", ""),
    ];

    // letters that look like others, and characters that only look like Chinese ones
    private const string Strange = "АВЕКМНОРСТХаеорсхіΑΒΕΖΗΙΚΜΝΟΡΤΥΧο";

    public static IEnumerable<Finding> Layout(CheckAsk ask)
    {
        var docx = ask.Paper.Docx;
        if (docx.Page is { } page)
        {
            if (Math.Abs(page.Width - 210) > 2 || Math.Abs(page.Height - 297) > 2)
                yield return Checker.Warning("layout", new Para(0, ""), $"{page.Width:0}×{page.Height:0} mm", "纸张应为 A4（210×297 mm）", "GB/T 9704");
            else if (Math.Abs(page.TextWidth - 156) > 4 || Math.Abs(page.TextHeight - 225) > 6)
                yield return Checker.Warning("layout", new Para(0, ""), $"{page.TextWidth:0}×{page.TextHeight:0} mm", "版心应为 156×225 mm", "GB/T 9704");
        }
        var body = ask.Paper.All.Where(p => p.N > ask.Paper.Number.N && p.Text.Length > 40).ToList();
        var odd = body.Where(p => docx.Points[p.N - 1] is { } size && Math.Abs(size - 16) > 0.6).ToList();
        if (odd.Count > 0)
            yield return Checker.Warning(
                "layout",
                odd[0],
                $"{docx.Points[odd[0].N - 1]:0.#} 磅",
                $"正文应为三号（16 磅），共 {odd.Count} 段不是",
                "法〔2016〕221号 版式"
            );
    }

    public static IEnumerable<Finding> Wording(CheckAsk ask)
    {
        foreach (var p in ask.Paper.All)
        foreach (var (word, fix) in Words)
            if (p.Text.Contains(word, StringComparison.Ordinal))
                yield return Checker.Warning(
                    "wording",
                    p,
                    word,
                    fix.Length > 0 ? $"“{word}”应为“{fix}”" : $"“{word}”不宜用于裁判文书",
                    "法〔2016〕221号 用语",
                    fix
                );
    }

    public static IEnumerable<Finding> Lookalikes(CheckAsk ask)
    {
        foreach (var p in ask.Paper.All)
            for (var i = 0; i < p.Text.Length; i++)
            {
                var c = p.Text[i];
                var plain = c.ToString().Folded();
                var why =
                    c is >= '\u2E80' and <= '\u2FDF' ? "部首字符，不是汉字"
                    : c is >= '\uF900' and <= '\uFAFF' ? "兼容汉字，检索和比对不到"
                    : c is '\u200B' or '\u200C' or '\u200D' or '\uFEFF' or '\u00AD' ? "看不见的字符"
                    : Strange.Contains(c, StringComparison.Ordinal) ? "形似拉丁字母的外文字母"
                    : c is 'O' or 'o' or 'l' or 'I'
                    && i > 0
                    && i + 1 < p.Text.Length
                    && char.IsAsciiDigit(p.Text[i - 1])
                    && (char.IsAsciiDigit(p.Text[i + 1]) || p.Text[i + 1] is ',' or '.' or '元')
                        ? "数字里混入了字母"
                    : null;
                if (why is not null)
                    yield return Checker.Error(
                        "lookalike",
                        p,
                        p.Text[Math.Max(0, i - 4)..Math.Min(p.Text.Length, i + 5)],
                        $"第 {i + 1} 字 U+{(int)c:X4}：{why}",
                        "GB 18030",
                        plain == c.ToString() ? "" : plain
                    );
            }
    }

    public static IEnumerable<Finding> Changes(CheckAsk ask)
    {
        foreach (var n in ask.Paper.Docx.Tracked)
            yield return Checker.Error(
                "tracked-changes",
                new Para(n, ""),
                MoneyChecks.Cut(ask.Paper.Docx.Paragraphs[n - 1]),
                "有未接受也未拒绝的修订",
                "文书定稿"
            );
        if (ask.Paper.Docx.Comments > 0)
            yield return Checker.Warning("comments", new Para(0, ""), "", $"文件里还有 {ask.Paper.Docx.Comments} 条批注", "文书定稿");
    }

    /// <summary>What a template left open (two or more low lines) and fields nobody filled: a document with one of them is not finished.</summary>
    public static IEnumerable<Finding> Blanks(CheckAsk ask)
    {
        foreach (var p in ask.Paper.All)
        foreach (Match m in Open().Matches(p.Text))
            yield return Checker.Error(
                "blank",
                p,
                p.Text[Math.Max(0, m.Index - 10)..Math.Min(p.Text.Length, m.Index + m.Length + 10)],
                "这里还没有填写",
                "文书定稿"
            );
    }

    /// <summary>Whether a text still has something to be filled in.</summary>
    public static bool HasBlank(string text) => Open().IsMatch(text);

    [GeneratedRegex(@"[＿_]{2,}|\{\{[^{}]{0,60}\}\}")]
    private static partial Regex Open();
}
