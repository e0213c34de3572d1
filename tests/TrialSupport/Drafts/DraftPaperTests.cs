using System.Text.RegularExpressions;
using CourtOps.Kernel.Printing;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Drafts;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace CourtOps.TrialSupport.Tests.Drafts;

/// <summary>What is printed of an uploaded DOCX: every word of it, tables as tables.</summary>
public sealed partial class DraftPaperTests
{
    [Test]
    public void Every_word_of_the_file_is_on_the_paper()
    {
        var file = File();
        var html = DraftPaper.Html("判决书", DocxLayout.Read(new MemoryStream(file)));
        var shown = System.Net.WebUtility.HtmlDecode(Tag().Replace(html[html.IndexOf("<body>", StringComparison.Ordinal)..], " "));
        foreach (var word in WordsOf(file))
            Assert.That(shown, Does.Contain(word));
        Assert.That(shown, Does.Not.Contain("删去的话"), "tracked as deleted");
    }

    [Test]
    public void A_table_is_rows_and_cells_with_what_they_cover()
    {
        var html = DraftPaper.Html("判决书", DocxLayout.Read(new MemoryStream(File())));
        Assert.That(Regex.Matches(html, "<table>"), Has.Count.EqualTo(2), "one lies in the other");
        Assert.That(Regex.Matches(html, "<tr>"), Has.Count.EqualTo(4));
        Assert.That(html, Does.Contain("<td colspan=\"2\"><p>利息表</p></td>").And.Contain("<td rowspan=\"2\"><p>本金</p></td>"));
        Assert.That(html, Does.Contain("<col style=\"width:25%\">").And.Contain("border:.5pt solid"));
        Assert.That(html.IndexOf("表前", StringComparison.Ordinal), Is.LessThan(html.IndexOf("利息表", StringComparison.Ordinal)));
        Assert.That(html.IndexOf("利息表", StringComparison.Ordinal), Is.LessThan(html.IndexOf("表后", StringComparison.Ordinal)), "in the file's order");
        Assert.That(html, Does.Contain("<p class=\"t\">吉林省汪清县人民法院</p>"), "the layout of court paper stays");
    }

    [Test]
    public void Numbers_that_the_word_processor_writes_are_written_too()
    {
        var html = DraftPaper.Html("判决书", DocxLayout.Read(new MemoryStream(File())));
        Assert.That(html, Does.Contain("<p>一、返还本金</p><p>1.1 第一笔</p><p>1.2 第二笔</p><p>二、支付利息</p><p>2.1 期内利息</p>"));
        Assert.That(html, Does.Contain("• 项目"));
    }

    [TestCase(12, "chineseCounting", "十二")]
    [TestCase(3, "decimalEnclosedCircle", "③")]
    [TestCase(28, "lowerLetter", "bb")]
    [TestCase(1994, "upperRoman", "MCMXCIV")]
    [TestCase(4, "lowerRoman", "iv")]
    [TestCase(7, "decimalZero", "07")]
    [TestCase(15, "decimalFullWidth", "１５")]
    [TestCase(5, "klingon", "5")]
    [TestCase(0, "chineseCounting", "0")]
    [TestCase(9, "none", "")]
    public void A_count_is_written_as_its_level_says(int n, string format, string written) => Assert.That(DocxNumbers.Write(n, format), Is.EqualTo(written));

    [Test]
    public void A_picture_of_the_file_is_shown_and_one_that_is_only_named_is_not_fetched()
    {
        var html = DraftPaper.Html("判决书", DocxLayout.Read(new MemoryStream(File())));
        Assert.That(html, Does.Contain("<p class=\"i\"><img alt=\"\" style=\"width:20mm\" src=\"data:image/png;base64,"));
        Assert.That(Regex.Matches(html, "<img"), Has.Count.EqualTo(1));
        Assert.That(html, Does.Not.Contain("http://"));
    }

    [Test]
    public void A_paper_without_tables_is_what_it_was() =>
        Assert.That(
            DraftPaper.Html("通知书", [new("吉林省汪清县人民法院", null), new("民事判决书", null), new("正文", null)]),
            Does.Contain("<p class=\"t\">吉林省汪清县人民法院</p><p class=\"t\">民事判决书</p><p>正文</p></body>")
        );

    [Test]
    [Platform(Exclude = "Win")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Every_word_of_the_file_is_in_the_PDF()
    {
        using var printer = new ChromiumPrinter();
        if (printer.Missing is not null)
            Assert.Ignore("chromium is not installed");
        var file = File();
        var outcome = await printer.PrintAsync(
            [DraftPaper.Html("判决书", DocxLayout.Read(new MemoryStream(file)))],
            TimeSpan.FromMinutes(1),
            CancellationToken.None
        );
        var path = Path.GetTempFileName();
        try
        {
            await System.IO.File.WriteAllBytesAsync(path, ((Printed)outcome).Documents[0]);
            if ((await PdfText.ReadAsync(path, CancellationToken.None)).Lines is not { } lines)
            {
                Assert.Ignore("pdftotext is not installed");
                return;
            }
            var text = Blank().Replace(string.Concat(lines), "");
            foreach (var word in WordsOf(file))
                Assert.That(text, Does.Contain(Blank().Replace(word, "")));
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    /// <summary>Whatever stands in a text element of any part, but of an older program's copy.</summary>
    private static List<string> WordsOf(byte[] file)
    {
        using var document = WordprocessingDocument.Open(new MemoryStream(file), false);
        var main = document.MainDocumentPart!;
        return
        [
            .. new OpenXmlElement?[] { main.Document!.Body, main.FootnotesPart?.Footnotes, main.HeaderParts.FirstOrDefault()?.Header }
                .OfType<OpenXmlElement>()
                .SelectMany(e => e.Descendants<Text>())
                .Where(t => !t.Ancestors<AlternateContentFallback>().Any())
                .Select(t => t.Text.Trim())
                .Where(t => t.Length > 0),
        ];
    }

    private static byte[] File()
    {
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            var main = document.AddMainDocumentPart();
            var inner = new Table(new TableRow(Cell("内层")));
            var table = new Table(
                new TableGrid(new GridColumn { Width = "1000" }, new GridColumn { Width = "3000" }),
                new TableRow(Cell("利息表", across: 2)),
                new TableRow(Cell("本金", merge: MergedCellValues.Restart), Cell("10,000.00 元")),
                new TableRow(
                    Cell("", merge: MergedCellValues.Continue),
                    new TableCell(new Paragraph(new Run(new Text("期内 <利率> & 3.45%"))), inner, new Paragraph())
                )
            );
            main.Document = new Document(
                new Body(
                    Para("吉林省汪清县人民法院"),
                    Para("民事判决书"),
                    Para("表前"),
                    table,
                    new SdtBlock(new SdtContentBlock(Para("内容控件里的话"))),
                    new Paragraph(
                        new InsertedRun(new Run(new Text("补上的话"))) { Author = "甲", Id = "1" },
                        new DeletedRun(new Run(new DeletedText("删去的话"))) { Author = "甲", Id = "2" },
                        new Run(new FootnoteReference { Id = 1 })
                    ),
                    Numbered("返还本金", 1, 0),
                    Numbered("第一笔", 1, 1),
                    Numbered("第二笔", 1, 1),
                    Numbered("支付利息", 1, 0),
                    Numbered("期内利息", 1, 1),
                    Numbered("项目", 2, 0),
                    new Paragraph(new Run(Picture(main))),
                    Para("表后")
                )
            );
            main.AddNewPart<NumberingDefinitionsPart>().Numbering = new Numbering(
                new AbstractNum(LevelOf(0, NumberFormatValues.ChineseCounting, "%1、"), LevelOf(1, NumberFormatValues.Decimal, "%1.%2", legal: true))
                {
                    AbstractNumberId = 1,
                },
                new AbstractNum(LevelOf(0, NumberFormatValues.Bullet, "\uF0B7")) { AbstractNumberId = 2 },
                new NumberingInstance(new AbstractNumId { Val = 1 }) { NumberID = 1 },
                new NumberingInstance(new AbstractNumId { Val = 2 }) { NumberID = 2 }
            );
            main.AddNewPart<FootnotesPart>().Footnotes = new Footnotes(new Footnote(Para("脚注里的话")) { Id = 1 });
            main.AddNewPart<HeaderPart>().Header = new Header(Para("页眉里的话"));
        }
        return stream.ToArray();
    }

    private static Paragraph Para(string text) => new(new Run(new Text(text)));

    private static Paragraph Numbered(string text, int list, int level) =>
        new(
            new ParagraphProperties(new NumberingProperties(new NumberingLevelReference { Val = level }, new NumberingId { Val = list })),
            new Run(new Text(text))
        );

    private static Level LevelOf(int index, NumberFormatValues format, string text, bool legal = false)
    {
        var level = new Level(new StartNumberingValue { Val = 1 }, new NumberingFormat { Val = format }) { LevelIndex = index };
        if (legal)
            level.Append(new IsLegalNumberingStyle());
        level.Append(new LevelText { Val = text });
        return level;
    }

    // one that lies in the file, and one that only names where it is
    private static Drawing Picture(MainDocumentPart main)
    {
        var part = main.AddImagePart(ImagePartType.Png);
        using (var stream = new MemoryStream(Convert.FromBase64String(OnePixel)))
            part.FeedData(stream);
        main.AddExternalRelationship("http://schemas.openxmlformats.org/officeDocument/2006/relationships/image", new Uri("http://court.test/x.png"), "rIdX");
        return new Drawing(
            new DocumentFormat.OpenXml.Drawing.Wordprocessing.Inline(
                new DocumentFormat.OpenXml.Drawing.Wordprocessing.Extent { Cx = 720_000, Cy = 720_000 },
                new DocumentFormat.OpenXml.Drawing.Graphic(
                    new DocumentFormat.OpenXml.Drawing.GraphicData(
                        Filled(new DocumentFormat.OpenXml.Drawing.Blip { Embed = main.GetIdOfPart(part) }),
                        Filled(new DocumentFormat.OpenXml.Drawing.Blip { Link = "rIdX" })
                    )
                    {
                        Uri = "http://schemas.openxmlformats.org/drawingml/2006/picture",
                    }
                )
            )
        );
    }

    private static DocumentFormat.OpenXml.Drawing.Pictures.Picture Filled(DocumentFormat.OpenXml.Drawing.Blip blip) =>
        new(new DocumentFormat.OpenXml.Drawing.Pictures.BlipFill(blip));

    private const string OnePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private static TableCell Cell(string text, int across = 1, MergedCellValues? merge = null)
    {
        var properties = new TableCellProperties();
        if (across > 1)
            properties.Append(new GridSpan { Val = across });
        if (merge is { } m)
            properties.Append(new VerticalMerge { Val = m });
        return new TableCell(properties, Para(text));
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
