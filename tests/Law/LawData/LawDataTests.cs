using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CourtOps.Law.Tests;

public sealed partial class LawDataTests
{
    private static readonly string[] MarksZh = ["仅见摘录", "地方实务", "通行做法", "系统默认值"];
    private static readonly string[] MarksEn = ["only an excerpt", "local practice", "common practice", "default of the system"];

    [Test]
    public void Every_key_named_in_code_and_data_exists()
    {
        var named = typeof(Art)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (string)f.GetValue(null)!)
            .Concat(
                TrialLimitTable.Limits.SelectMany(l => l.Extensions.SelectMany(e => new[] { e.Article, e.UsualArticle }).Append(l.Article)).OfType<string>()
            )
            .Concat(TrialLimitTable.Deductions.Select(d => d.Article))
            .Concat(TrialLimitTable.Conversions.Select(c => c.Article))
            .Concat(NamedPeriods.All.Select(p => p.Article));
        foreach (var key in named)
            Assert.That(() => LawArticles.Get(key), Throws.Nothing, key);
    }

    [Test]
    public void Every_article_has_meaning_in_both_languages_and_versions_that_do_not_overlap()
    {
        foreach (var versions in LawArticles.All.GroupBy(a => a.Key))
        {
            LawArticle? earlier = null;
            foreach (var article in versions.OrderBy(a => a.From ?? DateOnly.MinValue))
            {
                Assert.That(article.Meaning.Zh, Is.Not.Empty, article.Key);
                Assert.That(article.Meaning.En, Is.Not.Empty, article.Key);
                Assert.That(article.From is null || article.To is null || article.From <= article.To, article.Key);
                if (earlier is not null)
                    Assert.That(earlier.To < article.From, article.Key + " overlaps");
                earlier = article;
            }
        }
    }

    [Test]
    public void What_is_not_T_is_never_shown_as_law()
    {
        foreach (var article in LawArticles.All)
        {
            Assert.That(
                MarksZh.Any(m => article.Source(LawLanguage.Chinese).StartsWith(m, StringComparison.Ordinal)),
                Is.EqualTo(article.Tag != LawTag.T),
                article.Key
            );
            Assert.That(
                MarksEn.Any(m => article.Source(LawLanguage.English).StartsWith(m, StringComparison.Ordinal)),
                Is.EqualTo(article.Tag != LawTag.T),
                article.Key
            );
        }
    }

    [Test]
    public void No_answer_of_a_calculator_shows_it_as_law()
    {
        string[][] calls =
        [
            ["period", "--trigger", "2026-11-20T10:20", "--n", "48", "--unit", "hour"],
            ["period", "--trigger", "2026-12-20", "--n", "7", "--unit", "workday"],
            ["trial-limit", "--procedure", "EX", "--filed", "2026-08-02", "--deduct", "2026-08-10..2026-08-20:D-ZX", "--extend", "3m@2027-02-01"],
            ["trial-limit", "--procedure", "MC-2R", "--filed", "2026-08-02", "--extend", "40d"],
            ["trial-limit", "--procedure", "AD-1", "--filed", "2026-08-02", "--extend", "3m@2029-01-01"],
            ["service", "--method", "postal", "--returned", "2026-11-18", "--reason", "absent", "--address", "confirmed"],
            ["service", "--method", "phone", "--on", "2026-11-18"],
            ["service", "--method", "announcement", "--published", "2026-09-05"],
            ["service", "--method", "electronic", "--address", "obtained", "--arrived", "2026-09-05"],
            ["measure", "--kind", "patent", "--start", "2026-06-01", "--basis", "enforcement"],
            ["fee", "--kind", "divorce", "--province", "吉"],
            ["penalty-interest", "--debt", "1", "--from", "2013-01-01", "--to", "2026-01-01"],
            [
                "procedure",
                "--kind",
                "civil",
                "--province",
                "吉",
                "--filed",
                "2026-11-02",
                "--claims",
                "money:1",
                "--factsClear",
                "--rightsClear",
                "--disputeSmall",
            ],
        ];
        foreach (var call in calls)
        {
            var answer = CalculatorTests.Run(call[0], call[1..]);
            var lines = new[] { answer["explanation"], answer["why"], answer["breaches"] }.OfType<JsonArray>().SelectMany(a => a);
            foreach (var line in lines)
                Assert.That(
                    MarksZh.Any(m => ((string)line!["source"]!).StartsWith(m, StringComparison.Ordinal)),
                    Is.EqualTo((string?)line!["tag"] != "T"),
                    (string?)line["text"]
                );
            if (answer["basis"] is { } basis)
                Assert.That((string?)basis, Is.Not.Empty);
        }
    }

    [Test]
    public void Every_text_is_complete_in_both_languages_with_the_same_places()
    {
        var texts = typeof(LawText)
            .Assembly.GetTypes()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(f => f.FieldType == typeof(LawText))
            .Select(f => (f.DeclaringType!.Name + "." + f.Name, (LawText)f.GetValue(null)!))
            .ToArray();
        Assert.That(texts, Has.Length.GreaterThan(150));
        foreach (var (name, text) in texts)
        {
            Assert.That(text.Zh.Any(c => c is >= '\u4e00' and <= '\u9fa5'), name);
            Assert.That(text.En.Any(char.IsAsciiLetter), name);
            Assert.That(
                text.En.Any(c => c is >= '\u4e00' and <= '\u9fa5')
                    && !text.En.Contains("最高法", StringComparison.Ordinal)
                    && !text.En.Contains('号', StringComparison.Ordinal)
                    && !text.En.Contains('之', StringComparison.Ordinal),
                Is.False,
                name
            );
            Assert.That(Places(text.Zh), Is.EqualTo(Places(text.En)), name);
        }
    }

    [Test]
    public void Every_public_function_has_documentation()
    {
        var file = Path.ChangeExtension(typeof(LawText).Assembly.Location, ".xml");
        var documented = File.ReadAllText(file);
        var missing = typeof(LawText)
            .Assembly.GetExportedTypes()
            .Where(t => !t.IsEnum)
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(m =>
                !m.IsSpecialName
                && m.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null
                && m.Name is not ("ToString" or "Equals" or "GetHashCode" or "Deconstruct" or "<Clone>$")
            )
            .Where(m => !documented.Contains("\"M:" + m.DeclaringType!.FullName + "." + m.Name, StringComparison.Ordinal))
            .Select(m => m.DeclaringType!.Name + "." + m.Name);
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void The_document_is_current()
    {
        var path = Path.Combine(Root(), "docs", "law.md");
        var written = LawDocument.Write();
        if (Environment.GetEnvironmentVariable("COURTOPS_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, written);
        }

        Assert.That(File.Exists(path), "docs/law.md is missing; write it with COURTOPS_WRITE_DOCS=1");
        Assert.That(File.ReadAllText(path).ReplaceLineEndings("\n"), Is.EqualTo(written), "docs/law.md is not current; write it with COURTOPS_WRITE_DOCS=1");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CourtOps.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("CourtOps.sln");
    }

    private static string[] Places(string text) => [.. Place().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
