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
                    Para("表后")
                )
            );
            main.AddNewPart<FootnotesPart>().Footnotes = new Footnotes(new Footnote(Para("脚注里的话")) { Id = 1 });
            main.AddNewPart<HeaderPart>().Header = new Header(Para("页眉里的话"));
        }
        return stream.ToArray();
    }

    private static Paragraph Para(string text) => new(new Run(new Text(text)));

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
