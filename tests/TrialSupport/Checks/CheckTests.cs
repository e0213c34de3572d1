using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Laws;

namespace CourtOps.TrialSupport.Tests.Checks;

/// <summary>Errors are put in by code that knows nothing of the detectors: it changes characters of paragraphs.</summary>
public sealed class CheckTests
{
    private const int Papers = 200;

    // what is put in, by the code that should find it
    private static readonly (string Name, string Check, Func<Judgment, Random, Judgment?> Inject)[] Injectors =
    [
        ("court without province", "court-name", (j, _) => j.With(0, t => t.Replace("吉林省", ""))),
        ("court of another place", "court-name", (j, _) => j.With(0, t => t.Replace("汪清县", "和龙市"))),
        ("criminal title", "document-type", (j, _) => j.With(1, _ => "刑事判决书")),
        ("serial of the number", "case-number", (j, _) => j.With(2, t => t.Replace("民初", "民初9"))),
        ("brackets of the number", "case-number", (j, _) => j.With(2, _ => "（26）吉民初字12")),
        ("party left out", "party-missing", (j, _) => j.Without(j.Find("被告："))),
        ("party added", "party-extra", (j, _) => j.With(4, t => "第三人：赵某丁，男，1970年2月3日出生，汉族，住吉林省汪清县。")),
        ("role turned", "party-role", (j, _) => j.With(3, t => "被告" + t[2..])),
        ("name in the head", "party-name", (j, _) => j.With(j.Find("被告："), t => Swap(t, j.Case.Parties[1].Name, 1))),
        ("name in the order", "party-name", (j, _) => j.With(j.Find("一、"), t => Swap(t, j.Case.Parties[1].Name, 1))),
        ("no birth", "party-details", (j, _) => j.With(3, t => Regex.Replace(t, @"1980年1月\d+日出生，", ""))),
        ("claim unanswered", "claims", (j, _) => j.Without(j.Find("二、")) is var w ? w.With(w.Find("三、"), t => "二、被告应当履行合同。") : null),
        ("no period", "performance", (j, _) => j.With(j.Find("一、"), t => t.Replace("于本判决生效之日起十日内", ""))),
        ("no penalty interest", "penalty-interest", (j, _) => j.Without(j.Find("如果未按"))),
        (
            "sum off",
            "arithmetic",
            (j, r) =>
                j.With(
                    j.Find("本院经审理认定"),
                    t => Regex.Replace(t, @"合计([\d.]+)元", m => $"合计{decimal.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) + 90 + r.Next(9)}元")
                )
        ),
        ("words and figures", "words-figures", (j, _) => j.With(j.Find("本院认为"), t => t + "双方约定定金壹万贰仟元整（12500元）。")),
        (
            "fee off",
            "fee",
            (j, _) =>
                j.With(
                    j.Find("案件受理费"),
                    t =>
                        Regex.Replace(
                            t,
                            @"(受理费|收取计)([\d.]+)元",
                            m => $"{m.Groups[1].Value}{decimal.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture) + 1}元"
                        )
                )
        ),
        (
            "fee split",
            "fee-split",
            (j, _) =>
                j.With(
                    j.Find("案件受理费"),
                    t => Regex.Replace(t, @"负担([\d.]+)元。", m => $"负担{decimal.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) + 5}元。")
                )
        ),
        ("no fee", "fee", (j, _) => j.Without(j.Find("案件受理费"))),
        ("article that is not", "citation", (j, _) => j.With(j.Find("综上"), t => t.Replace("第五百七十七条", "第一千五百七十七条"))),
        ("Arabic article", "citation-form", (j, _) => j.With(j.Find("综上"), t => t.Replace("第五百七十七条", "第577条"))),
        ("short name", "citation-name", (j, _) => j.With(j.Find("综上"), t => t.Replace("中华人民共和国民法典", "民法典"))),
        (
            "procedure first",
            "citation-order",
            (j, _) =>
                j.With(j.Find("综上"), t => "综上，依照《中华人民共和国民事诉讼法》第一百四十七条，《中华人民共和国民法典》第五百七十七条规定，判决如下：")
        ),
        (
            "repealed law",
            "repealed-law",
            (j, _) => j.With(j.Find("综上"), t => t.Replace("《中华人民共和国民法典》第五百零九条第一款、第五百七十七条", "《中华人民共和国合同法》第六十条"))
        ),
        ("old penalty article", "cpl-article", (j, _) => j.With(j.Find("如果未按"), t => t.Replace("第二百六十四条", "第二百六十条"))),
        ("ten days", "appeal", (j, _) => j.Find("如不服") < 0 ? null : j.With(j.Find("如不服"), t => t.Replace("十五日", "十日"))),
        ("no way of appeal", "appeal", (j, _) => j.Find("如不服") < 0 ? j.Without(j.Find("本判决为终审")) : j.Without(j.Find("如不服"))),
        ("Arabic date", "date", (j, _) => j.With(j.Paragraphs.Count - 2, _ => "2026年11月3日")),
        ("date to come", "date", (j, _) => j.With(j.Paragraphs.Count - 2, _ => "二〇二六年十二月三十日")),
        ("Arabic items", "numbering", (j, _) => j.With(j.Find("二、"), t => "2." + t[2..])),
        ("item left out", "numbering", (j, _) => j.With(j.Find("二、"), t => "三、" + t[2..])),
        ("another judge", "signers", (j, _) => j.With(j.Paragraphs.ToList().FindIndex(p => p.Text.Contains("金测试")), t => t.Replace("金测试", "全测试"))),
        ("another clerk", "signers", (j, _) => j.With(j.Paragraphs.Count - 1, t => t.Replace("李测试", "季测试"))),
        ("no reasons", "structure", (j, _) => j.Without(j.Find("本院认为"))),
        ("colloquial", "wording", (j, _) => j.With(j.Find("本院认为"), t => t.Replace("本院认为，", "本院认为，我院"))),
        ("letter in a number", "lookalike", (j, _) => j.With(j.Find("一、"), t => Regex.Replace(t, @"(\d)0(0*)元", "$1O$2元"))),
        (
            "interest without rate",
            "interest",
            (j, _) => j.With(j.Find("二、"), t => t[..t.IndexOf("利息", StringComparison.Ordinal)] + "利息（以50000元为基数计算）；")
        ),
        ("divorce without notice", "divorce", (j, _) => j.With(j.Find("二、"), _ => "二、准予原告与被告离婚；")),
        ("mediation without effect", "mediation", (j, _) => j.With(1, _ => "民事调解书")),
        ("blank left", "blank", (j, _) => j.With(j.Find("本院认为"), t => t + "＿＿＿＿")),
        ("field left", "blank", (j, _) => j.With(j.Find("本院认为"), t => t + "{{案由}}")),
        ("invisible", "lookalike", (j, _) => j.With(j.Find("本院认为"), t => t.Insert(6, "\u200b"))),
    ];

    [Test]
    public void Clean_documents_have_no_error()
    {
        for (var seed = 0; seed < Papers; seed++)
        {
            var errors = Judgment
                .Clean(seed)
                .Check()
                .Where(f => f.Severity == Finding.Error)
                .Select(f => $"{f.Check} {f.Paragraph} {f.Text} {f.Reason}")
                .ToList();
            Assert.That(errors, Is.Empty, $"document {seed}");
        }
    }

    [Test]
    public void Characters_beyond_the_basic_plane_are_read_like_others()
    {
        var clean = Judgment.Clean(3);
        var rare = clean.With(clean.Find("本院认为"), t => t.Insert(6, "𠮷😀"));
        Assert.That(rare.Check().Select(f => f.Check), Does.Not.Contain("lookalike"));
    }

    [Test]
    public void Injected_errors_are_found_and_precision_and_recall_are_printed()
    {
        var random = new Random(7);
        var (found, missed, wrong) = (new Dictionary<string, int>(), new List<string>(), new Dictionary<string, int>());
        foreach (var (name, check, inject) in Injectors)
            for (var seed = 0; seed < 40; seed++)
            {
                if (inject(Judgment.Clean(seed), random) is not { } bad)
                    continue;
                var findings = bad.Check();
                if (findings.Any(f => f.Check == check))
                    found[check] = found.GetValueOrDefault(check) + 1;
                else
                    missed.Add($"{check}: {name} ({seed})");
                // an error of another kind than was put in, where no such thing follows from it
                foreach (var other in findings.Where(f => f.Severity == Finding.Error && f.Check != check && !Follows(name, f.Check)))
                    wrong[other.Check] = wrong.GetValueOrDefault(other.Check) + 1;
            }
        foreach (var check in Injectors.Select(i => i.Check).Distinct())
        {
            var (f, m, w) = (
                found.GetValueOrDefault(check),
                missed.Count(x => x.StartsWith(check + ":", StringComparison.Ordinal)),
                wrong.GetValueOrDefault(check)
            );
            TestContext.Out.WriteLine($"{check, -18} recall {f}/{f + m}  precision {f}/{f + w}");
        }
        Assert.That(missed, Is.Empty);
        Assert.That(wrong, Is.Empty);
    }

    // leaving out the paragraph of a party changes what else is asked of the paper
    private static bool Follows(string name, string check) =>
        (name, check) switch
        {
            ("criminal title", "appeal" or "fee") => true,
            ("role turned", "party-missing" or "party-extra") => true,
            ("brackets of the number", _) => true,
            ("party left out", "party-details") => true,
            ("name in the head", "party-details") => true,
            ("procedure first", "citation") => true,
            ("letter in a number", "performance" or "claims" or "penalty-interest") => true,
            ("date to come" or "Arabic date", "signers") => true,
            ("claim unanswered", "penalty-interest" or "performance") => true,
            ("no reasons", "structure") => true,
            ("fee off", "fee-split") => true,
            _ => false,
        };

    private static string Swap(string text, string name, int at) => text.Replace(name, name[..at] + (name.Length > 4 ? "青" : "其") + name[(at + 1)..]);

    [TestCase("layout", "layout")]
    [TestCase("tracked", "tracked-changes")]
    [TestCase("comment", "comments")]
    public void What_lies_in_the_file_itself_is_found(string what, string check)
    {
        using var stream = new MemoryStream();
        stream.Write(DocxWriter.Write(Judgment.Clean(3).Paragraphs));
        using (var document = DocumentFormat.OpenXml.Packaging.WordprocessingDocument.Open(stream, true))
        {
            var main = document.MainDocumentPart!;
            var body = main.Document!.Body!;
            switch (what)
            {
                case "layout":
                    body.Descendants<DocumentFormat.OpenXml.Wordprocessing.PageSize>().First().Width = 12240;
                    break;
                case "tracked":
                    body.Elements<DocumentFormat.OpenXml.Wordprocessing.Paragraph>()
                        .First()
                        .AppendChild(
                            new DocumentFormat.OpenXml.Wordprocessing.InsertedRun(
                                new DocumentFormat.OpenXml.Wordprocessing.Run(new DocumentFormat.OpenXml.Wordprocessing.Text("加"))
                            )
                            {
                                Author = "x",
                                Id = "1",
                            }
                        );
                    break;
                default:
                    main.AddNewPart<DocumentFormat.OpenXml.Packaging.WordprocessingCommentsPart>().Comments =
                        new DocumentFormat.OpenXml.Wordprocessing.Comments(new DocumentFormat.OpenXml.Wordprocessing.Comment { Id = "1", Author = "x" });
                    break;
            }
        }
        stream.Position = 0;
        var findings = Checker.Run(new CheckAsk(new Paper(Docx.Read(stream)), null, new DateOnly(2026, 11, 29)));
        Assert.That(findings.Select(f => f.Check), Does.Contain(check));
        Assert.That(Judgment.Clean(3).Check().Select(f => f.Check), Does.Not.Contain(check));
    }

    [Test]
    public void A_library_knows_what_was_in_force_on_the_day()
    {
        var laws = LawLibrary.Of([
            new("中华人民共和国民法典", "第五百七十七条", 577, "当事人一方不履行合同义务…", new(2021, 1, 1), null, "a"),
            new("中华人民共和国民法典", "第五百零九条", 509, "…", new(2021, 1, 1), null, "a"),
            new("中华人民共和国民事诉讼法", "第一百四十七条", 147, "…", new(2024, 1, 1), null, "b"),
            new("中华人民共和国民事诉讼法", "第二百六十四条", 264, "…", new(2024, 1, 1), null, "b"),
        ]);
        var clean = Judgment.Clean(1);
        Assert.That(clean.Check(laws).Where(f => f.Check == "citation"), Is.Empty);
        var bad = clean.With(clean.Find("综上"), t => t.Replace("第五百七十七条", "第五百七十八条"));
        Assert.That(bad.Check(laws).Single(f => f.Check == "citation").Text, Does.Contain("第五百七十八条"));
    }

    [Test]
    public void Divorce_mediation_and_rulings_have_their_words()
    {
        Assert.That(Of("民事判决书", "判决如下：", "一、准予原告张某甲与被告王某乙离婚。"), Does.Contain("divorce"));
        Assert.That(Of("民事调解书", "达成协议如下：", "一、各自承担。"), Does.Contain("mediation"));
        Assert.That(Of("民事裁定书", "裁定如下：", "驳回原告张某甲的起诉。"), Does.Contain("appeal"));
        Assert.That(Of("民事裁定书", "裁定如下：", "准许原告张某甲撤回起诉。"), Does.Not.Contain("appeal"));
    }

    private static List<string> Of(string type, string order, string operative)
    {
        using var stream = new MemoryStream(
            DocxWriter.Write([
                new("吉林省汪清县人民法院", ParaStyle.Title),
                new(type, ParaStyle.Title),
                new("（2026）吉2424民初12号", ParaStyle.Right),
                new("本院认为，申请符合法律规定。"),
                new(order),
                new(operative),
                new("二〇二六年十一月三日", ParaStyle.Right),
            ])
        );
        return [.. Checker.Run(new CheckAsk(new Paper(Docx.Read(stream)), null, new DateOnly(2026, 11, 29))).Select(f => f.Check)];
    }

    [Test]
    public void Layout_and_changes_are_seen()
    {
        var clean = Judgment.Clean(3);
        Assert.That(clean.Check().Where(f => f.Check == "layout"), Is.Empty, "what the writer writes keeps the layout");
        var bytes = DocxWriter.Write(clean.Paragraphs);
        var changed = Edit(
            bytes,
            "word/document.xml",
            x =>
                x.Replace("w:sz w:val=\"32\"", "w:sz w:val=\"24\"")
                    .Replace("<w:r>", "<w:ins w:id=\"1\" w:author=\"x\"><w:r>", 1)
                    .Replace("</w:r>", "</w:r></w:ins>", 1)
        );
        using var stream = new MemoryStream(changed);
        var findings = Checker.Run(new CheckAsk(new Paper(Docx.Read(stream)), clean.Case, clean.Today));
        Assert.That(findings.Select(f => f.Check), Does.Contain("layout").And.Contain("tracked-changes"));
    }

    [Test]
    public void What_could_harm_is_refused_before_it_is_opened()
    {
        var good = DocxWriter.Write(Judgment.Clean(1).Paragraphs);
        Refuse(Encoding.UTF8.GetBytes("not a zip at all"), "压缩包打不开");
        Refuse(good[..(good.Length / 2)], "压缩包打不开");
        Refuse(Add(good, "word/vbaProject.bin", [1, 2, 3]), "宏");
        Refuse(Edit(good, "[Content_Types].xml", x => x.Replace("wordprocessingml.document.main", "ms-word.document.macroEnabled.main")), "宏");
        Refuse(Add(good, "word/media/big.bin", new byte[30 << 20]), "异常地大");
        Refuse(Edit(good, "word/document.xml", _ => "<broken"), "损坏");
        Refuse(
            Edit(
                good,
                "word/document.xml",
                x => "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>" + x[(x.IndexOf("?>", StringComparison.Ordinal) + 2)..]
            ),
            "损坏"
        );
    }

    [Test]
    public void A_judgment_of_thirty_pages_is_checked_within_a_second()
    {
        var clean = Judgment.Clean(5);
        var long1 = clean with
        {
            Paragraphs =
            [
                .. clean.Paragraphs.Take(10),
                .. Enumerable
                    .Range(0, 260)
                    .Select(i => new DocxPara($"经查，第{i}项证据载明付款{i * 100 + 7}元，双方对真实性没有异议，本院予以采信，并与其他证据相互印证。")),
                .. clean.Paragraphs.Skip(10),
            ],
        };
        long1.Check();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var findings = long1.Check();
        TestContext.Out.WriteLine($"{watch.Elapsed.TotalMilliseconds:0} ms");
        Assert.That(findings.Where(f => f.Severity == Finding.Error), Is.Empty);
        Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(1));
    }

    [TestCase("五百七十七", 577)]
    [TestCase("十", 10)]
    [TestCase("一百零一", 101)]
    [TestCase("一千二百六十", 1260)]
    public void Numerals_are_read_and_written(string words, int number) =>
        Assert.That((Numerals.Read(words), Numerals.Write(number)), Is.EqualTo(((int?)number, words)));

    [TestCase("壹万贰仟元整", 12000)]
    [TestCase("叁拾捌万陆仟伍佰元伍角", 386500.5)]
    [TestCase("壹亿零伍佰万元", 105000000)]
    [TestCase("拾元", 10)]
    public void Sums_in_words_are_read(string words, decimal sum) => Assert.That(Numerals.ReadSum(words), Is.EqualTo(sum));

    private static void Refuse(byte[] bytes, string words)
    {
        using var stream = new MemoryStream(bytes);
        Assert.That(() => Docx.Read(stream), Throws.TypeOf<RuleBroken>().With.Message.Contain(words));
    }

    private static byte[] Add(byte[] docx, string name, byte[] content)
    {
        using var stream = new MemoryStream();
        stream.Write(docx);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        using (var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open())
            entry.Write(content);
        return stream.ToArray();
    }

    private static byte[] Edit(byte[] docx, string name, Func<string, string> change)
    {
        using var stream = new MemoryStream();
        stream.Write(docx);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = zip.GetEntry(name)!;
            string text;
            using (var reader = new StreamReader(entry.Open()))
                text = reader.ReadToEnd();
            entry.Delete();
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(change(text));
        }
        return stream.ToArray();
    }
}

internal static class Texts
{
    /// <summary>Replaces the first few.</summary>
    public static string Replace(this string text, string what, string with, int times)
    {
        for (var (i, at) = (0, 0); i < times && (at = text.IndexOf(what, at, StringComparison.Ordinal)) >= 0; i++, at += with.Length)
            text = text[..at] + with + text[(at + what.Length)..];
        return text;
    }
}
