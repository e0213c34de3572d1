using System.Reflection;
using System.Text.RegularExpressions;
using CourtOps.Host;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.SystemTests.Architecture;
using CourtOps.Workzone;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.Imports;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.Web;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests;

/// <summary>Every word on a page has its English; what parties read has its Korean; a code has its Chinese.</summary>
public sealed partial class TextTests() : AppTests(Engine.Sqlite)
{
    private static readonly TextCatalogue Words = new(new ModuleList(CourtOpsApp.Modules), typeof(CourtOpsApp).Assembly);

    // a page for parties lies in a folder Party; its layout is theirs
    private static readonly string[] ForParties = ["/Pages/Party/", "_PartyLayout"];

    [Test]
    public void Every_word_in_the_source_has_its_english() => Missing("en", Repository.All.SelectMany(p => p.Files).SelectMany(Keys), 300);

    [Test]
    public void Every_word_a_party_reads_has_its_korean() =>
        Missing(
            "ko",
            Repository
                .All.SelectMany(p => p.Files)
                .Where(f => ForParties.Any(p => f.Path.Replace('\\', '/').Contains(p, StringComparison.Ordinal)))
                .SelectMany(Keys),
            25
        );

    [Test]
    public void Every_label_a_module_declares_has_its_english()
    {
        var declared = new ModuleList(CourtOpsApp.Modules).Declared;
        var labels = declared
            .SelectMany(d =>
                d.Declaration.MenuEntries.SelectMany(m => new[] { m.Label, m.Group })
                    .Concat(d.Declaration.Panels.Select(p => p.Title))
                    .Concat(d.Declaration.Actions.Select(a => a.Label))
                    .Concat(d.Declaration.Activities.Select(a => a.Label))
                    .Concat(d.Declaration.Jobs.Select(j => j.Label))
                    .Append(d.Module.Title)
            )
            .Concat(
                App.Services.GetRequiredService<OrderTypes>()
                    .All.SelectMany(t => t.Form.SelectMany(f => f.Choices.Append(f.Label).Append(f.Help)).Concat(t.Checklist).Append(t.Guide).Append(t.Label))
            )
            .Concat(Centres.Labels.Values)
            .Concat(Roles.Labels.Values)
            .Concat(DocumentKinds.Labels.Values)
            .Concat(AuditCategories.Labels.Values)
            .Concat(CourtOps.Workzone.Trails.AlarmRules.Labels.Values)
            .Concat(["证件号码", "电话", "电子邮箱"]);
        Missing("en", labels.Where(l => Chinese().IsMatch(l)).Select(l => (l, "declared")));
    }

    [TestCase("step.")]
    [TestCase("event.")]
    [TestCase("fact.")]
    [TestCase("inspection.")]
    [TestCase("import.")]
    [TestCase("outcome.")]
    [TestCase("field.")]
    [TestCase("level.")]
    [TestCase("severity.")]
    [TestCase("eservice.")]
    [TestCase("work.")]
    [TestCase("batch.")]
    [TestCase("batchitem.")]
    [TestCase("pace.")]
    [TestCase("change.")]
    [TestCase("changed.")]
    [TestCase("access.")]
    [TestCase("result.")]
    [TestCase("dispatch.")]
    [TestCase("object.")]
    [TestCase("setting.")]
    [TestCase("caseevent.")]
    [TestCase("extension.")]
    [TestCase("trigger.")]
    public void Every_code_that_can_come_has_its_chinese_and_english(string prefix)
    {
        var codes = Codes(prefix).Distinct().Select(c => (prefix + c, "as " + prefix)).ToList();
        Assert.That(codes, Has.Count.GreaterThan(1), "the codes were not found in the source");
        Missing("zh-CN", codes);
        Missing("en", codes);
    }

    [Test]
    public void Every_prefix_used_is_looked_at() =>
        Assert.That(
            Repository
                .All.SelectMany(p => p.Files)
                .SelectMany(f => Prefixed().Matches(f.Text).Select(m => m.Groups[1].Value))
                .Distinct()
                .Except(
                    GetType()
                        .GetMethod(nameof(Every_code_that_can_come_has_its_chinese_and_english))!
                        .GetCustomAttributes<TestCaseAttribute>()
                        .Select(a => (string)a.Arguments[0]!)
                ),
            Is.Empty
        );

    [TestCase("en")]
    [TestCase("ko")]
    public void A_translation_has_the_places_of_its_original(string language)
    {
        var wrong =
            from key in Repository.All.SelectMany(p => p.Files).SelectMany(Keys).Select(k => k.Key).Distinct()
            where Words.Has(language, key)
            let original = Words.Find("zh-CN", key)
            let translated = Words.Find(language, key)
            where !Places(original).SequenceEqual(Places(translated))
            select $"{key} → {translated}";
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_reason_of_work_and_of_an_import_has_its_english_with_the_same_places()
    {
        var work = Repository.All.SelectMany(p => p.Files).SelectMany(f => Refusals(f.Text, Reasoned()).Select(k => (Key: k, f.Path))).ToList();
        var imports = Repository
            .All.SelectMany(p => p.Files)
            .Where(f => f.Path.Replace('\\', '/').Contains("/Imports/", StringComparison.Ordinal))
            .SelectMany(f => Refusals(f.Text, Listed()).Select(k => (Key: k, f.Path)))
            .ToList();
        Missing("en", work.Where(k => Chinese().IsMatch(k.Key)), 10);
        Missing("en", imports.Where(k => Chinese().IsMatch(k.Key)), 25);
        Assert.That(work.Concat(imports).Where(k => Chinese().IsMatch(k.Key) && !Places(k.Key).SequenceEqual(Places(Words.Find("en", k.Key)))), Is.Empty);
    }

    [Test]
    public void No_words_with_values_are_put_together_where_they_are_handed_over()
    {
        var hidden = Repository.All.SelectMany(p => p.Files).SelectMany(f => Hidden().Matches(f.Text).Select(m => $"{f.Path}: {m.Value}")).ToList();
        Assert.That(hidden, Is.Empty, "a condition or a sum is text, and text has lost its values");
        Assert.That(
            Hidden().IsMatch("throw new RuleBroken(x\n ? $\"《{a}》已送达\"\n : \"b\");") && Hidden().IsMatch("WorkOutcome.Retry(\"打印没有成功：\" + reason)"),
            "the test would see it"
        );
    }

    [Test]
    public void A_reason_that_was_kept_is_said_in_the_readers_language()
    {
        var (english, chinese) = (new Texts(Words) { Language = "en" }, new Texts(Words));
        var outcome = Kernel.Work.WorkOutcome.Wait($"连不上邮件服务器 {"mail"}:{25}", TimeSpan.Zero);
        var kept = outcome.Said!.Stored();
        Assert.That(
            (chinese.Kept(kept, outcome.Reason), english.Kept(kept, outcome.Reason)),
            Is.EqualTo(("连不上邮件服务器 mail:25", "The mail server mail:25 cannot be reached"))
        );
        Assert.That(english.Kept(null, "收件人已搬走"), Is.EqualTo("收件人已搬走"), "a person's words stay");
        var label = "立案日期";
        Assert.That(new FieldError("filedOn", "", $"{label}为空").In(english).Reason, Is.EqualTo("Filing date is empty"));
        Assert.That(
            System
                .Text.Json.JsonSerializer.Deserialize<FieldError>("{\"field\":\"court\",\"value\":\"x\",\"reason\":\"法院为空\"}", Json.Stored)!
                .In(english)
                .Reason,
            Is.EqualTo(Words.Find("en", "法院为空")),
            "rows of before"
        );
    }

    [Test]
    public void Every_refusal_with_values_has_its_english_with_the_same_places()
    {
        var keys = Repository.All.SelectMany(p => p.Files).SelectMany(f => Refusals(f.Text, Refused()).Select(k => (Key: k, f.Path))).ToList();
        Missing("en", keys, 60);
        Assert.That(keys.Where(k => !Places(k.Key).SequenceEqual(Places(Words.Find("en", k.Key)))), Is.Empty);
    }

    [Test]
    public void A_refusal_with_values_is_said_in_the_readers_language()
    {
        var (english, chinese) = (new Texts(Words) { Language = "en" }, new Texts(Words));
        var state = OrderUi.StateLabel("queued");
        var refusal = new RuleBroken($"工单现在是“{state}”，这一步不能办。请刷新后再看可办的步骤。");
        Assert.That((refusal.Message, chinese.Of(refusal)), Is.EqualTo(($"工单现在是“{state}”，这一步不能办。请刷新后再看可办的步骤。", refusal.Message)));
        var children = new RuleBroken($"还有 {3} 张子单没有办结，全部办结后才能反馈或确认。");
        Assert.That(english.Of(children), Does.StartWith("3 parts have not ended"));
        Assert.That(english.Of(new Conflict($"没有译过：{"{x}"} 和 {2}。")), Is.EqualTo("没有译过：{x} 和 2。"), "what is not translated is said as it stands");
        Assert.That(
            Refusals("throw new RuleBroken($\"还有 {string.Join(\"、\", a)} 和 {b(1)}。\", \"x\")", Refused()),
            Is.EqualTo(new[] { "还有 {0} 和 {1}。" })
        );
    }

    [Test]
    public void A_missing_word_would_be_found()
    {
        var planted = Keys(new SourceFile("Planted.cshtml", "<p>@T[\"没有人译过这句\"] @T[on ? \"是\" : \"没有译二\", \"参数\"] @T[$\"field.{x}\"]</p>"))
            .Select(k => k.Key)
            .ToList();
        Assert.That(planted, Is.EqualTo(new[] { "没有人译过这句", "是", "没有译二" }));
        var tags = Keys(new SourceFile("Planted.cshtml", "<co-field for=\"X\" label=\"标签\" hint=\"提示\" />@(Table.Of(T, r).Text(\"列\", x => x.A))"))
            .Select(k => k.Key);
        Assert.That(tags, Is.EqualTo(new[] { "标签", "提示", "列" }));
        Assert.That(Words.Has("en", planted[0]), Is.False);
    }

    private static void Missing(string language, IEnumerable<(string Key, string Where)> words, int atLeast = 2)
    {
        var keys = words.ToList();
        Assert.That(keys.Select(k => k.Key).Distinct().Count(), Is.GreaterThanOrEqualTo(atLeast), "the words were not found in the source");
        var missing = keys.Where(k => !Words.Has(language, k.Key))
            .GroupBy(k => k.Key)
            .Select(g => $"{g.Key}    [{string.Join(", ", g.Select(k => k.Where).Distinct().Take(3))}]")
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.That(missing, Is.Empty, $"{missing.Count} without {language}:\n{string.Join('\n', missing)}\n");
    }

    // the literals of the first argument of T["…"], t["…"], texts["…"]; a code put together at run time is looked at by its prefix
    private static IEnumerable<(string Key, string Where)> Keys(SourceFile file)
    {
        foreach (
            var key in Marked()
                .Matches(file.Text)
                .Select(m => m.Groups[1].Value)
                .Where(k => Chinese().IsMatch(k) && k != "吉2424" && !k.Contains('@', StringComparison.Ordinal))
        )
            yield return (key, file.Path);
        foreach (Match start in Indexer().Matches(file.Text))
        {
            var (depth, end, quoted) = (0, start.Index + start.Length, false);
            for (; end < file.Text.Length; end++)
            {
                var c = file.Text[end];
                if (c == '"' && file.Text[end - 1] != '\\')
                    quoted = !quoted;
                if (quoted)
                    continue;
                if (c is '(' or '[' or '{')
                    depth++;
                else if ((c is ']' or ',' && depth == 0) || c is ')' or '}')
                {
                    if (depth == 0)
                        break;
                    depth--;
                }
            }
            foreach (
                var literal in CSharpText
                    .Literals(file.Text[(start.Index + start.Length)..end])
                    .Where(l => Chinese().IsMatch(l.Text) && !l.Text.Contains("{x}", StringComparison.Ordinal))
            )
                yield return (literal.Text, $"{file.Path}");
        }
    }

    // the words of $"…" that a refusal is made with, its places numbered as Said numbers them
    private static IEnumerable<string> Refusals(string text, Regex start)
    {
        foreach (Match found in start.Matches(text))
        {
            var (key, places) = (new System.Text.StringBuilder(), 0);
            for (var i = found.Index + found.Length; text[i] != '"'; i++)
            {
                key.Append(text[i]);
                if (text[i] != '{')
                    continue;
                for (var depth = 1; depth > 0; )
                    depth += text[++i] switch
                    {
                        '{' or '(' or '[' => 1,
                        '}' or ')' or ']' => -1,
                        '"' => (i = text.IndexOf('"', i + 1)) * 0,
                        _ => 0,
                    };
                key.Append(places++).Append('}');
            }
            yield return key.ToString();
        }
    }

    private static IEnumerable<string> Codes(string prefix) =>
        prefix switch
        {
            "step." => typeof(OrderStep).GetFields().Select(f => (string)f.GetValue(null)!),
            "event." or "fact." => Found("ServiceOfDocuments", Noted()).Append("summary"),
            "inspection." => Found("Workzone", Inspected()),
            "import." => Found("Workzone", ImportState()),
            "outcome." => ["created", "updated", "unchanged", "refused"],
            "field." => typeof(CaseRow).GetProperties().Where(p => p.Name != nameof(CaseRow.Row)).Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]),
            "level." => ["supreme", "high", "intermediate", "basic"],
            "severity." => ["info", "warning", "error"],
            "eservice." => ["confirmed", "provided", "obtained", "none"],
            "work." => ["doubt", "failed"],
            "batch." => ["running", "done", "cancelled", "failed"],
            "batchitem." => ["waiting", "done", "refused", "cancelled"],
            "pace." => ["off", "hourly", "daily"],
            "change." => typeof(ChangeKind).GetFields().Select(f => (string)f.GetValue(null)!),
            "setting." => ["set", "pending", "refused", "withdrawn"],
            "changed." => ["confirmed", "refused", "withdrawn", "expired", "collected"],
            "access." => ["judge", "team", "order"],
            "dispatch." => ["former", "least-loaded", "round-robin", "robot", "sealed", "nobody"],
            "object." => Repository
                .All.SelectMany(p => p.Files)
                .SelectMany(f => Recorded().Matches(f.Text))
                .SelectMany(m => m.Groups.Values.Skip(1))
                .Where(g => g.Success)
                .Select(g => g.Value),
            "extension." => ["asked", "granted", "refused"],
            "trigger." => ["old", "none", "waits"],
            "caseevent." => Found("Workzone", Lived()),
            "result." => ["done", "refused", "forbidden", "not-found", "conflict", "failed"],
            _ => throw new ArgumentException(prefix, nameof(prefix)),
        };

    private static IEnumerable<string> Found(string module, Regex pattern) =>
        Repository
            .Modules.Single(m => m.Name == module)
            .Files.SelectMany(f => pattern.Matches(f.Text))
            .SelectMany(m => m.Groups.Values.Skip(1))
            .Where(g => g.Success)
            .Select(g => g.Value);

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex("new (?:RuleBroken|Conflict)\\(\\$\"")]
    private static partial Regex Refused();

    [GeneratedRegex("(?:WorkOutcome\\.(?:Retry|Wait|Failed|Doubt)\\(|Said \\w+ = )\\$?\"")]
    private static partial Regex Reasoned();

    [GeneratedRegex("(?:new\\(\"[A-Za-z]+\", [^\\n]*?, |new\\((?:field|name), [^\\n]*?, |Need\\([^\"\\n]*\"[A-Za-z]+\", )\\$?\"")]
    private static partial Regex Listed();

    // RuleBroken(x ? $"…", Failed("…" + y, a "…" that is no argument by itself
    [GeneratedRegex(
        "(?:new (?:RuleBroken|Conflict)|WorkOutcome\\.(?:Retry|Wait|Failed|Doubt))\\((?:(?!\\$?\")[^;]*?\\$\"[^\";]*[\\u3400-\\u9fff]|\"[^\"]*[\\u3400-\\u9fff][^\"]*\" \\+)"
    )]
    private static partial Regex Hidden();

    [GeneratedRegex(@"[\u3400-\u9fff]")]
    private static partial Regex Chinese();

    // the words that tags and tables of the Web library translate, and the labels of choices
    [GeneratedRegex(
        @"(?: (?:label|title|sub|submit|hint|note|none|more|placeholder)=|\.(?:Text|Label|Number|Count|Money|Day|Time|Link|Html|Empty|Caption)\(|new Option\(""[^""]*"", )""([^""]+)"""
    )]
    private static partial Regex Marked();

    [GeneratedRegex(@"(?<![\w.])(?:T|t|texts|Texts)\[")]
    private static partial Regex Indexer();

    [GeneratedRegex(@"(?<![\w.])(?:T|t|texts)\[""([a-z]+\.)"" \+")]
    private static partial Regex Prefixed();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"NoteAsync\(notice, (?:[\w.]+ \? )?""([a-z-]+)""(?: : ""([a-z-]+)"")?")]
    private static partial Regex Noted();

    [GeneratedRegex(@"audit\.(?:Note\(|WriteAsync\(""[^""]+"", )""([a-z-]+)""|(?:reads|access)\.(?:Passed\(""[^""]+"", |Refused\()""([a-z-]+)""")]
    private static partial Regex Recorded();

    [GeneratedRegex(@"yield return new\(""([a-z-]+)"", ")]
    private static partial Regex Inspected();

    [GeneratedRegex(@"RecordAsync\(\s*(?:notification\.CaseId|caseId|id), ""([a-z-]+)"",")]
    private static partial Regex Lived();

    [GeneratedRegex(@"workzone_import SET state = '([a-z]+)'|@Format, '(staging)'")]
    private static partial Regex ImportState();
}
