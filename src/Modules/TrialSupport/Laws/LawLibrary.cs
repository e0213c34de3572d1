using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Checks;

namespace CourtOps.TrialSupport.Laws;

/// <summary>One article of one version of a law.</summary>
/// <param name="From">First day in force; null: not said.</param>
/// <param name="To">Last day in force; null: still.</param>
internal sealed record LawArticle(string Law, string Article, int Number, string Text, DateOnly? From, DateOnly? To, string File);

/// <summary>One version of a law as it was read.</summary>
/// <param name="From">First day in force; null: not said.</param>
/// <param name="To">Last day in force where the text itself says one.</param>
internal sealed record LawVersion(string Law, DateOnly? From, DateOnly? To, string File, IReadOnlyList<(string Label, int Number, string Text)> Articles);

internal sealed record LawHit(string Law, string Article, string Text, DateOnly? From, DateOnly? To, double Score);

/// <summary>
/// A law library in a folder: laws.json with the articles of every version. A version reaches from its first day to the day before the next one's;
/// several versions of a law are several files. Built whole by <see cref="Import"/>, read by <see cref="Open"/>; never half written.
/// </summary>
internal sealed partial class LawLibrary : ILawSource
{
    private const string FileName = "laws.json";
    private const string State = "中华人民共和国";

    /// <summary>Longest query that may name a law and an article itself, in characters: a longer text is no question.</summary>
    private const int MostNamed = 60;

    /// <summary>Pairs of a long text that count: the most telling ones.</summary>
    private const int MostPairs = 240;

    private readonly IReadOnlyList<LawArticle> articles;
    private readonly ILookup<(string, int), LawArticle> byNumber;
    private readonly HashSet<string> names;
    private readonly Lazy<Bigrams> bigrams;

    private LawLibrary(IReadOnlyList<LawArticle> articles)
    {
        this.articles = articles;
        byNumber = articles.ToLookup(a => (a.Law, a.Number));
        names = [.. articles.Select(a => a.Law)];
        bigrams = new(() => new Bigrams(articles.Select(a => a.Text)));
    }

    /// <summary>Reads Markdown, text and DOCX files of a folder and writes the library. Files that hold no article are named in the answer.</summary>
    /// <exception cref="RuleBroken">Nothing in the folder is a law.</exception>
    public static object Import(string folder, string into)
    {
        var versions = new List<(string Law, DateOnly? From, DateOnly? To, string File, List<(string Label, int Number, string Text)> Articles)>();
        var skipped = new List<object>();
        foreach (
            var path in Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(p => Path.GetExtension(p).ToLowerInvariant() is ".md" or ".txt" or ".docx")
                .Order(StringComparer.Ordinal)
        )
        {
            try
            {
                var version = Parse(Lines(path), Path.GetFileNameWithoutExtension(path));
                if (version.Articles.Count == 0)
                    skipped.Add(new { file = Path.GetFileName(path), reason = "没有“第…条”" });
                else
                    versions.Add((version.Law, version.From, version.To, Path.GetFileName(path), version.Articles));
            }
            catch (RuleBroken e)
            {
                skipped.Add(new { file = Path.GetFileName(path), reason = e.Message });
            }
        }
        if (versions.Count == 0)
            throw new RuleBroken($"{folder} holds no law: no .md, .txt or .docx with articles.", "dir");
        var all = Dated([.. versions.Select(v => new LawVersion(v.Law, v.From, v.To, v.File, v.Articles))]);
        Directory.CreateDirectory(into);
        var temporary = Path.Combine(into, FileName + ".new");
        File.WriteAllText(temporary, JsonSerializer.Serialize(all, Json.Stored));
        File.Move(temporary, Path.Combine(into, FileName), overwrite: true);
        return new
        {
            laws = versions.Select(v => v.Law).Distinct().Count(),
            versions = versions.Count,
            articles = all.Count,
            skipped,
        };
    }

    /// <summary>The articles of all versions, each in force until the day before the next one's first, unless it says an earlier end itself.</summary>
    internal static List<LawArticle> Dated(IReadOnlyList<LawVersion> versions)
    {
        var all = new List<LawArticle>();
        foreach (var law in versions.GroupBy(v => v.Law))
        {
            var dated = law.OrderBy(v => v.From ?? DateOnly.MinValue).ToList();
            for (var i = 0; i < dated.Count; i++)
            {
                var to = i + 1 < dated.Count ? dated[i + 1].From?.AddDays(-1) : null;
                if (dated[i].To is { } said && (to is null || said < to))
                    to = said;
                all.AddRange(dated[i].Articles.Select(a => new LawArticle(law.Key, a.Label, a.Number, a.Text, dated[i].From, to, dated[i].File)));
            }
        }
        return all;
    }

    /// <summary>The library with further versions of laws: one of the same law and day takes the place of the one it has.</summary>
    public LawLibrary With(IReadOnlyList<LawVersion> more) =>
        more.Count == 0
            ? this
            : new LawLibrary(
                Dated([
                    .. articles
                        .GroupBy(a => (a.Law, a.From))
                        .Where(g => !more.Any(m => m.Law == g.Key.Law && m.From == g.Key.From))
                        .Select(g => new LawVersion(g.Key.Law, g.Key.From, null, g.First().File, [.. g.Select(a => (a.Article, a.Number, a.Text))])),
                    .. more,
                ])
            );

    /// <summary>One text as a version of a law: its name, first day and articles.</summary>
    /// <exception cref="RuleBroken">No article in it: field File.</exception>
    public static LawVersion Read(IReadOnlyList<string> lines, string fileName)
    {
        var (law, from, to, found) = Parse(lines, Path.GetFileNameWithoutExtension(fileName));
        return found.Count == 0
            ? throw new RuleBroken("文件里没有“第…条”，不是法律文本。", "File", "no-article")
            : new LawVersion(law, from, to, fileName, found);
    }

    /// <summary>All names with the number of their versions, by name.</summary>
    public IReadOnlyList<(string Law, int Versions)> Names =>
        [.. articles.GroupBy(a => a.Law).Select(g => (g.Key, g.Select(a => a.From).Distinct().Count())).OrderBy(n => n.Key, StringComparer.Ordinal)];

    /// <exception cref="RuleBroken">No library there, or a damaged one.</exception>
    public static LawLibrary Open(string place)
    {
        var path = File.Exists(place) ? place : Path.Combine(place, FileName);
        if (!File.Exists(path))
            throw new RuleBroken($"There is no law library at {place}; make one with law import.", "laws");
        try
        {
            return new LawLibrary(JsonSerializer.Deserialize<List<LawArticle>>(File.ReadAllText(path), Json.Stored)!);
        }
        catch (JsonException)
        {
            throw new RuleBroken($"The law library at {place} is damaged; import it again.", "laws");
        }
    }

    /// <summary>For checks and tests without files.</summary>
    public static LawLibrary Of(IReadOnlyList<LawArticle> articles) => new(articles);

    public bool Knows(string law) => names.Contains(Canonical(law));

    public string? Article(string law, int article, DateOnly on) => byNumber[(Canonical(law), article)].FirstOrDefault(a => InForce(a, on))?.Text;

    /// <summary>Articles by words, by law and number, in force on a day (default: whenever); best first.</summary>
    public IReadOnlyList<LawHit> Find(string text, string? law, int? article, DateOnly? on, int top)
    {
        // "民法典第五百七十七条" among the words names law and article itself
        var query = text.Trim();
        if (query.Length <= MostNamed && Named().Match(query) is { Success: true } m && Number(m.Groups[2].Value) is { } number)
        {
            law ??= LawOf(m.Groups[1].Value.Trim('《', '》'));
            article ??= number;
            query = Named().Replace(query, "", 1).Trim();
        }
        var weights = bigrams.Value.Weights(query);
        var hits = new List<(LawArticle Article, double Score)>();
        for (var i = 0; i < articles.Count; i++)
        {
            var a = articles[i];
            if (
                (law is not null && !a.Law.Contains(law, StringComparison.Ordinal))
                || (article is not null && a.Number != article)
                || (on is { } day && !InForce(a, day))
            )
                continue;
            var score =
                query.Length == 0 ? 1 : bigrams.Value.Score(i, weights) + (query.Length > 1 && a.Text.Contains(query, StringComparison.Ordinal) ? 2 : 0);
            if (score > 0)
                hits.Add((a, score));
        }
        return
        [
            .. hits.OrderByDescending(h => h.Score)
                .ThenByDescending(h => h.Article.From ?? DateOnly.MinValue)
                .ThenBy(h => h.Article.Law, StringComparer.Ordinal)
                .ThenBy(h => h.Article.Number)
                .Take(top)
                .Select(h => new LawHit(h.Article.Law, h.Article.Article, h.Article.Text, h.Article.From, h.Article.To, h.Score)),
        ];
    }

    /// <summary>
    /// Articles in force on a day that are near to a long text, best first: by its most telling pairs of characters alone. What the text cites names no law
    /// and no article here, it only adds its own articles in front of equals.
    /// </summary>
    public IReadOnlyList<LawHit> Near(string text, DateOnly on, int top)
    {
        var all = bigrams.Value.Weights(text);
        var weights = all.Count <= MostPairs ? all : all.OrderByDescending(w => w.Value).ThenBy(w => w.Key).Take(MostPairs).ToDictionary();
        var cited = Paper.Citations(new Para(1, text)).Where(c => c.Number is not null).Select(c => (Canonical(c.Law), c.Number!.Value)).ToHashSet();
        var hits = new List<(LawArticle Article, double Score)>();
        for (var i = 0; i < articles.Count; i++)
            if (InForce(articles[i], on) && bigrams.Value.Score(i, weights) is > 0 and var score)
                hits.Add((articles[i], cited.Contains((articles[i].Law, articles[i].Number)) ? score * 1.5 : score));
        return
        [
            .. hits.OrderByDescending(h => h.Score)
                .ThenBy(h => h.Article.Law, StringComparer.Ordinal)
                .ThenBy(h => h.Article.Number)
                .Take(top)
                .Select(h => new LawHit(h.Article.Law, h.Article.Article, h.Article.Text, h.Article.From, h.Article.To, h.Score)),
        ];
    }

    // "请问民法典" names the civil code: the longest law of the library that the words end with, short or full; else the words as they are
    private string? LawOf(string words) =>
        words.Length == 0 ? null
        : names.Any(n => n.Contains(words, StringComparison.Ordinal)) ? words
        : names
            .Where(n => words.EndsWith(n.Replace(State, "", StringComparison.Ordinal), StringComparison.Ordinal))
            .OrderByDescending(n => n.Length)
            .FirstOrDefault()
            ?? words;

    /// <summary>Head and articles of one text: "# 名称", a date of effect, then 第…条.</summary>
    internal static (string Law, DateOnly? From, DateOnly? To, List<(string Label, int Number, string Text)> Articles) Parse(
        IReadOnlyList<string> lines,
        string fileName
    )
    {
        var articles = new List<(string Label, int Number, string Text)>();
        string? name = null;
        DateOnly? from = null,
            to = null;
        foreach (var raw in lines)
        {
            var line = raw.Trim().TrimStart('#', '>', '-').Trim().Replace("**", "", StringComparison.Ordinal);
            if (line.Length == 0)
                continue;
            if (ArticleLine().Match(line) is { Success: true } m && Number(m.Groups[2].Value) is { } number)
            {
                articles.Add((m.Groups[1].Value, number, m.Groups[4].Value.Trim()));
                continue;
            }
            if (articles.Count > 0)
            {
                if (!Part().IsMatch(line))
                    articles[^1] = articles[^1] with { Text = (articles[^1].Text + "\n" + line).Trim() };
                continue;
            }
            if (Ends().Match(line) is { Success: true } end)
                to ??= DayOf(end.Groups[1].Value);
            else if (Starts().Match(line) is { Success: true } s)
                from = DayOf(s.Groups[1].Success ? s.Groups[1].Value : s.Groups[2].Value) ?? from;
            else if (name is null && !Part().IsMatch(line) && !line.StartsWith('（'))
                name = Key().Replace(line, "").Trim('《', '》', ' ');
        }
        // a file name may carry the date: 民事诉讼法-2024-01-01, 民事诉讼法_20240101
        if (from is null && FileDay().Match(fileName) is { Success: true } f)
            from = DayOf($"{f.Groups[1].Value}-{f.Groups[2].Value}-{f.Groups[3].Value}");
        // the last article often says from when the law is in force
        if (from is null && articles.Count > 0 && articles.Select(a => Effect().Match(a.Text)).FirstOrDefault(x => x.Success) is { } e)
            from = DayOf(e.Groups[1].Value);
        if (name is null || name.Length > 60)
            name = FileDay().Replace(fileName, "").Trim('-', '_', ' ');
        return (Canonical(name), from, to, articles);
    }

    /// <summary>The name a law goes by in the library: 民法典 is 中华人民共和国民法典.</summary>
    internal static string FullName(string law) => Canonical(law);

    private static string Canonical(string law) =>
        CitationChecks.Full(law.Replace(" ", "", StringComparison.Ordinal).Replace("\u3000", "", StringComparison.Ordinal));

    private static bool InForce(LawArticle a, DateOnly on) => (a.From is null || a.From <= on) && (a.To is null || on <= a.To);

    private static int? Number(string text) => Numerals.ReadArticle(text);

    private static DateOnly? DayOf(string text) =>
        DayParts().Match(text) is { Success: true } m
        && int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) is >= 1 and var y
        && int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture) is >= 1 and <= 12 and var mo
        && int.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture) is >= 1 and var d
        && d <= DateTime.DaysInMonth(y, mo)
            ? new DateOnly(y, mo, d)
            : null;

    private static IReadOnlyList<string> Lines(string path)
    {
        if (Path.GetExtension(path).Equals(".docx", StringComparison.OrdinalIgnoreCase))
        {
            using var stream = File.OpenRead(path);
            return Docx.Read(stream).Paragraphs;
        }
        return File.ReadAllLines(path);
    }

    [GeneratedRegex(@"^(第([零〇一二三四五六七八九十百千\d]+)条(之[一二三四五六七八九十])?)[\s\u3000:：]*(.*)$")]
    private static partial Regex ArticleLine();

    [GeneratedRegex(@"^第[零〇一二三四五六七八九十百\d]+(编|分编|章|节)")]
    private static partial Regex Part();

    [GeneratedRegex(
        @"(?:施行|生效|实施|有效期自|from|effective)[^\d]{0,12}(\d{4}[-年./]\d{1,2}[-月./]\d{1,2})|(\d{4}[-年./]\d{1,2}[-月./]\d{1,2})日?起?(?:施行|生效|实施)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Starts();

    [GeneratedRegex(@"(?:废止|失效|终止|to|until)[^\d]{0,12}(\d{4}[-年./]\d{1,2}[-月./]\d{1,2})", RegexOptions.IgnoreCase)]
    private static partial Regex Ends();

    [GeneratedRegex(@"自(\d{4}年\d{1,2}月\d{1,2})日起(?:施行|生效)")]
    private static partial Regex Effect();

    [GeneratedRegex("([0-9]{4})[-年./]([0-9]{1,2})[-月./]([0-9]{1,2})")]
    private static partial Regex DayParts();

    [GeneratedRegex(@"(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})")]
    private static partial Regex FileDay();

    [GeneratedRegex(@"^(名称|法律|标题|title|law|name)\s*[:：]\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Key();

    [GeneratedRegex(@"(《?[\u4e00-\u9fff（）〔〕]{0,40}?》?)第([零一二三四五六七八九十百千\d]+)条")]
    private static partial Regex Named();
}

/// <summary>Texts as pairs of neighbouring characters, weighted by how rare they are.</summary>
internal sealed class Bigrams
{
    private readonly List<Dictionary<int, int>> documents = [];
    private readonly List<int> lengths = [];
    private readonly Dictionary<int, int> frequency = [];
    private readonly double average;

    public Bigrams(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            var counts = Count(text);
            documents.Add(counts);
            lengths.Add(text.Length);
            foreach (var pair in counts.Keys)
                frequency[pair] = frequency.GetValueOrDefault(pair) + 1;
        }
        average = lengths.Count == 0 ? 1 : Math.Max(1, lengths.Average());
    }

    /// <summary>BM25 weights of a query's pairs.</summary>
    public Dictionary<int, double> Weights(string query) =>
        Count(query).Keys.Where(frequency.ContainsKey).ToDictionary(p => p, p => Math.Log(1 + ((documents.Count - frequency[p] + 0.5) / (frequency[p] + 0.5))));

    public double Score(int document, Dictionary<int, double> weights)
    {
        var counts = documents[document];
        var norm = 1.2 * (0.25 + (0.75 * lengths[document] / average));
        double score = 0;
        // the shorter of the two is gone through
        if (counts.Count < weights.Count)
        {
            foreach (var (pair, n) in counts)
                if (weights.TryGetValue(pair, out var weight))
                    score += weight * n * 2.2 / (n + norm);
            return score;
        }
        foreach (var (pair, weight) in weights)
            if (counts.TryGetValue(pair, out var n))
                score += weight * n * 2.2 / (n + norm);
        return score;
    }

    public static Dictionary<int, int> Count(string text)
    {
        var counts = new Dictionary<int, int>();
        for (var i = 0; i + 1 < text.Length; i++)
            if (char.IsLetterOrDigit(text[i]) && char.IsLetterOrDigit(text[i + 1]))
            {
                var pair = (text[i] << 16) | text[i + 1];
                counts[pair] = counts.GetValueOrDefault(pair) + 1;
            }
        return counts;
    }
}
