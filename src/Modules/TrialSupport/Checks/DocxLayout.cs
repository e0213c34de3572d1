using System.Text;
using CourtOps.Kernel.Messaging;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace CourtOps.TrialSupport.Checks;

/// <summary>A paragraph, or a table, of a DOCX as it stands on paper.</summary>
/// <param name="Table">Null for a paragraph.</param>
/// <param name="Place">body, or head, foot, note for what stands outside it.</param>
internal sealed record DocxBlock(string Text, DocxTable? Table, string Place = "body")
{
    /// <summary>Of a picture: its bytes in the file, as a data URL; the text is blank.</summary>
    public string? Picture { get; init; }

    /// <summary>Its width in millimetres.</summary>
    public double Width { get; init; }
}

/// <param name="Widths">Of its columns, in any unit; empty where the file says none.</param>
internal sealed record DocxTable(IReadOnlyList<int> Widths, IReadOnlyList<IReadOnlyList<DocxCell>> Rows);

/// <param name="Across">Columns it covers.</param>
/// <param name="Down">Rows it covers.</param>
internal sealed record DocxCell(IReadOnlyList<DocxBlock> Blocks, int Across, int Down);

/// <summary>
/// Reads a DOCX in the order of the paper, with its tables, text boxes, notes, headers and footers: nothing that is written in it is left out. Text that was
/// deleted with changes tracked is not read; what was inserted is.
/// </summary>
internal sealed class DocxLayout
{
    /// <summary>Tables within tables beyond this are read as their paragraphs.</summary>
    private const int Deepest = 8;

    /// <summary>Elements within elements beyond this are read as their paragraphs, as a file could go on for ever.</summary>
    private const int DeepestElement = 100;

    /// <summary>The text area of court paper.</summary>
    private const double WidestMm = 156;

    private static readonly string[] Shown = ["image/png", "image/jpeg", "image/gif", "image/bmp"];

    private readonly MainDocumentPart main;
    private readonly DocxNumbers numbers;

    private DocxLayout(MainDocumentPart main) => (this.main, numbers) = (main, new DocxNumbers(main));

    /// <exception cref="RuleBroken">As <see cref="Docx.Read"/>.</exception>
    public static IReadOnlyList<DocxBlock> Read(Stream stream) =>
        Docx.With(
            stream,
            document =>
            {
                var main = document.MainDocumentPart!;
                var layout = new DocxLayout(main);
                var blocks = new List<DocxBlock>();
                foreach (var text in Texts(main.HeaderParts.Select(p => p.Header as OpenXmlElement)))
                    blocks.Add(new DocxBlock(text, null, "head"));
                layout.Walk(main.Document!.Body!, blocks, 0, 0);
                foreach (
                    var text in Texts(
                        (main.FootnotesPart?.Footnotes?.Elements<Footnote>() ?? [])
                            .Where(n => n.Type is null || n.Type.Value == FootnoteEndnoteValues.Normal)
                            .Cast<OpenXmlElement?>()
                            .Concat(
                                (main.EndnotesPart?.Endnotes?.Elements<Endnote>() ?? []).Where(n =>
                                    n.Type is null || n.Type.Value == FootnoteEndnoteValues.Normal
                                )
                            )
                    )
                )
                    blocks.Add(new DocxBlock(text, null, "note"));
                foreach (var text in Texts(main.FooterParts.Select(p => p.Footer as OpenXmlElement)))
                    blocks.Add(new DocxBlock(text, null, "foot"));
                return blocks;
            }
        );

    private void Walk(OpenXmlElement parent, List<DocxBlock> into, int depth, int element)
    {
        if (element > DeepestElement)
        {
            into.AddRange(parent.Descendants<Paragraph>().Where(Is).Select(p => new DocxBlock(TextOf(p), null)));
            return;
        }
        foreach (var child in parent.ChildElements)
            switch (child)
            {
                case Paragraph p:
                    var words = TextOf(p);
                    into.Add(new DocxBlock(words.Trim().Length > 0 || p.Descendants<NumberingId>().Any() ? numbers.Before(p) + words : words, null));
                    into.AddRange(Pictures(p));
                    // what lies in boxes on the paragraph follows it
                    foreach (var box in p.Descendants<TextBoxContent>().Where(b => Is(b) && b.Ancestors<TextBoxContent>().All(a => !a.Ancestors().Contains(p))))
                        Walk(box, into, depth, element + 1);
                    break;
                case Table t when depth < Deepest:
                    into.Add(new DocxBlock("", Of(t, depth + 1, element + 1)));
                    break;
                case DeletedRun or AlternateContentFallback:
                    break;
                default:
                    if (child.HasChildren)
                        Walk(child, into, depth, element + 1);
                    break;
            }
    }

    // those that lie in the file; one that is only named is not fetched
    private IEnumerable<DocxBlock> Pictures(Paragraph p)
    {
        foreach (var drawing in p.Descendants<Drawing>().Where(d => Is(d) && d.Ancestors<Paragraph>().First() == p))
        foreach (var blip in drawing.Descendants<DocumentFormat.OpenXml.Drawing.Blip>())
        {
            if (blip.Embed?.Value is not { } id || !main.TryGetPartById(id, out var part) || part is not ImagePart image || !Shown.Contains(image.ContentType))
                continue;
            using var bytes = new MemoryStream();
            using (var stream = image.GetStream())
                stream.CopyTo(bytes);
            var wide = drawing.Descendants<DocumentFormat.OpenXml.Drawing.Wordprocessing.Extent>().FirstOrDefault()?.Cx?.Value ?? 0;
            yield return new DocxBlock("", null)
            {
                Picture = $"data:{image.ContentType};base64,{Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length)}",
                // 36,000 units are a millimetre
                Width = wide > 0 ? Math.Clamp(wide / 36_000.0, 5, WidestMm) : 60,
            };
        }
    }

    private DocxTable Of(Table table, int depth, int element)
    {
        // by column: the cell that goes on below
        var open = new Dictionary<int, (int Row, int Cell)>();
        var rows = new List<List<DocxCell>>();
        foreach (var row in Rows(table))
        {
            var cells = new List<DocxCell>();
            var column = (int)(row.TableRowProperties?.GetFirstChild<GridBefore>()?.Val?.Value ?? 0);
            if (column > 0)
                cells.Add(new DocxCell([], column, 1));
            foreach (var cell in Cells(row))
            {
                var across = Math.Clamp(cell.TableCellProperties?.GridSpan?.Val?.Value ?? 1, 1, 100);
                var blocks = new List<DocxBlock>();
                Walk(cell, blocks, depth, element + 1);
                var merge = cell.TableCellProperties?.VerticalMerge;
                if (merge is not null && merge.Val?.Value != MergedCellValues.Restart && open.TryGetValue(column, out var above))
                {
                    var first = rows[above.Row][above.Cell];
                    rows[above.Row][above.Cell] = first with
                    {
                        Down = first.Down + 1,
                        Blocks = [.. first.Blocks, .. blocks.Where(b => b.Table is not null || b.Picture is not null || b.Text.Length > 0)],
                    };
                }
                else
                {
                    if (merge is not null)
                        open[column] = (rows.Count, cells.Count);
                    else
                        open.Remove(column);
                    cells.Add(new DocxCell(blocks, across, 1));
                }
                column += across;
            }
            rows.Add(cells);
        }
        return new DocxTable(
            [.. table.GetFirstChild<TableGrid>()?.Elements<GridColumn>().Select(c => int.TryParse(c.Width?.Value, out var w) && w > 0 ? w : 0) ?? []],
            rows
        );
    }

    // rows and cells may lie in content controls
    private static IEnumerable<TableRow> Rows(OpenXmlElement parent) =>
        parent.ChildElements.SelectMany(c =>
            c is TableRow r ? [r]
            : c is SdtRow or SdtContentRow or CustomXmlRow ? Rows(c)
            : []
        );

    private static IEnumerable<TableCell> Cells(OpenXmlElement parent) =>
        parent.ChildElements.SelectMany(c =>
            c is TableCell x ? [x]
            : c is SdtCell or SdtContentCell or CustomXmlCell ? Cells(c)
            : []
        );

    private static IEnumerable<string> Texts(IEnumerable<OpenXmlElement?> parts) =>
        parts
            .OfType<OpenXmlElement>()
            .SelectMany(p => p.Descendants<Paragraph>().Where(Is).Select(TextOf))
            .Select(t => t.Trim())
            // numbers of pages are made anew
            .Where(t => t.Any(char.IsLetter))
            .Distinct();

    // an older program's copy of what stands beside it
    private static bool Is(OpenXmlElement e) => !e.Ancestors<AlternateContentFallback>().Any();

    private static string TextOf(Paragraph paragraph)
    {
        var text = new StringBuilder();
        foreach (var e in paragraph.Descendants())
        {
            if (e is not (Text or TabChar or Break or CarriageReturn or NoBreakHyphen or DocumentFormat.OpenXml.Math.Text))
                continue;
            if (e.Ancestors<Paragraph>().First() != paragraph || !Is(e))
                continue;
            text.Append(
                e switch
                {
                    Text t => t.Text,
                    DocumentFormat.OpenXml.Math.Text m => m.Text,
                    NoBreakHyphen => "-",
                    _ => " ",
                }
            );
        }
        return text.ToString();
    }
}
