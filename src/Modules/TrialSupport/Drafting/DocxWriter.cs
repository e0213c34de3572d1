using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace CourtOps.TrialSupport.Drafting;

/// <summary>How a paragraph of a court document stands.</summary>
internal enum ParaStyle
{
    /// <summary>三号仿宋, first line two characters in.</summary>
    Body,

    /// <summary>Court and kind of document: 二号宋体, in the middle.</summary>
    Title,

    /// <summary>Case number, date, signatures: to the right.</summary>
    Right,
}

/// <param name="Source">Where the words come from, in Chinese; blank for the template and the case.</param>
internal sealed record DocxPara(string Text, ParaStyle Style = ParaStyle.Body, string Source = "");

/// <summary>Writes a court document as DOCX: A4, text area 156 × 225 mm, body 三号 (16 points) on lines of 28.9 points (法〔2016〕221号, GB/T 9704).</summary>
internal static class DocxWriter
{
    public static byte[] Write(IEnumerable<DocxPara> paragraphs)
    {
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            var body = new Body();
            foreach (var paragraph in paragraphs)
                body.AppendChild(Of(paragraph));
            // 210 − 156 = 54 mm and 297 − 225 = 72 mm of margins, in twentieths of a point
            body.AppendChild(
                new SectionProperties(
                    new PageSize { Width = 11906, Height = 16838 },
                    new PageMargin
                    {
                        Left = 1588,
                        Right = 1474,
                        Top = 2098,
                        Bottom = 1984,
                        Header = 851,
                        Footer = 992,
                        Gutter = 0,
                    }
                )
            );
            document.AddMainDocumentPart().Document = new Document(body);
        }
        return stream.ToArray();
    }

    private static Paragraph Of(DocxPara p)
    {
        var title = p.Style == ParaStyle.Title;
        var properties = new ParagraphProperties(
            new SpacingBetweenLines { Line = "578", LineRule = LineSpacingRuleValues.Exact },
            new Indentation { FirstLineChars = p.Style == ParaStyle.Body ? 200 : 0 },
            new Justification
            {
                Val = p.Style switch
                {
                    ParaStyle.Title => JustificationValues.Center,
                    ParaStyle.Right => JustificationValues.Right,
                    _ => JustificationValues.Both,
                },
            }
        );
        var font = title ? "宋体" : "仿宋";
        var run = new Run(
            new RunProperties(
                new RunFonts
                {
                    Ascii = font,
                    HighAnsi = font,
                    EastAsia = font,
                },
                new FontSize { Val = title ? "44" : "32" }
            ),
            new Text(p.Text) { Space = SpaceProcessingModeValues.Preserve }
        );
        return new Paragraph(properties, run);
    }
}
