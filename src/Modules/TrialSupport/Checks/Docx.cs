using System.IO.Compression;
using System.Xml;
using CourtOps.Kernel.Messaging;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace CourtOps.TrialSupport.Checks;

/// <summary>What of a DOCX is looked at: its paragraphs in order, those of tables too, and the measures of its page.</summary>
/// <param name="Tracked">Paragraphs with changes that were neither accepted nor rejected, counted from 1.</param>
/// <param name="Comments">How many comments lie in it.</param>
internal sealed record DocxText(IReadOnlyList<string> Paragraphs, IReadOnlyList<int> Tracked, int Comments, PageMeasures? Page, IReadOnlyList<double?> Points);

/// <summary>In millimetres.</summary>
internal readonly record struct PageMeasures(double Width, double Height, double TextWidth, double TextHeight);

/// <summary>Reads a DOCX that came from outside. Nothing of it is carried out; what could harm is refused before it is opened.</summary>
internal static class Docx
{
    /// <summary>Bytes of the file.</summary>
    public const long MostBytes = 20L << 20;

    /// <summary>Bytes of all parts unpacked.</summary>
    public const long MostUnpacked = 80L << 20;

    /// <summary>Parts of the package.</summary>
    public const int MostParts = 2000;

    /// <summary>Unpacked to packed of a part above one megabyte.</summary>
    public const int MostRatio = 150;

    private const string Field = "File";

    /// <exception cref="RuleBroken">No DOCX, damaged, too large when unpacked, with macros or embedded programs; the message says which.</exception>
    public static DocxText Read(Stream stream) =>
        With(
            stream,
            document =>
            {
                var main = document.MainDocumentPart!;
                var body = main.Document!.Body!;
                var defaults = main.StyleDefinitionsPart?.Styles?.DocDefaults?.RunPropertiesDefault?.RunPropertiesBaseStyle?.FontSize?.Val?.Value;
                var paragraphs = body.Descendants<Paragraph>().ToList();
                return new DocxText(
                    [.. paragraphs.Select(TextOf)],
                    [
                        .. paragraphs
                            .Select((p, i) => (p, i))
                            .Where(x => x.p.Descendants().Any(e => e is InsertedRun or DeletedRun or MoveFromRun or MoveToRun or Inserted or Deleted))
                            .Select(x => x.i + 1),
                    ],
                    main.WordprocessingCommentsPart?.Comments?.Elements<Comment>().Count() ?? 0,
                    PageOf(body),
                    [.. paragraphs.Select(p => PointsOf(p, defaults))]
                );
            }
        );

    /// <summary>Opens a DOCX that has a body, and closes it after the reading.</summary>
    /// <exception cref="RuleBroken">As <see cref="Read"/>.</exception>
    internal static T With<T>(Stream stream, Func<WordprocessingDocument, T> read)
    {
        if (stream.Length > MostBytes)
            throw new RuleBroken($"文件 {stream.Length >> 20} MB，超过上限 {MostBytes >> 20} MB。", Field);
        Guard(stream);
        stream.Position = 0;
        try
        {
            // characters of a part are counted too: the sizes in the directory of a zip may lie
            using var document = WordprocessingDocument.Open(stream, false, new OpenSettings { AutoSave = false, MaxCharactersInPart = MostUnpacked });
            if (document.MainDocumentPart?.Document?.Body is null)
                throw new RuleBroken("这个 DOCX 没有正文。", Field);
            return read(document);
        }
        catch (Exception e)
            when (e
                    is OpenXmlPackageException
                        or InvalidDataException
                        or XmlException
                        or FileFormatException
                        or InvalidOperationException
                        or ArgumentException
                        or FormatException
            )
        {
            throw new RuleBroken("这个 DOCX 已损坏，打不开。请用文字处理软件另存后再上传。", Field);
        }
    }

    private static void Guard(Stream stream)
    {
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > MostParts)
                throw new RuleBroken($"文件含 {zip.Entries.Count} 个部件，超过上限 {MostParts}，不像正常文书。", Field);
            long total = 0;
            foreach (var entry in zip.Entries)
            {
                total += entry.Length;
                if (total > MostUnpacked || (entry.Length > 1 << 20 && entry.Length / Math.Max(1, entry.CompressedLength) > MostRatio))
                    throw new RuleBroken("文件解压后异常地大，未打开。", Field);
                var name = entry.FullName.ToLowerInvariant();
                if (
                    name.EndsWith("vbaproject.bin", StringComparison.Ordinal)
                    || name.Contains("activex", StringComparison.Ordinal)
                    || name.EndsWith(".exe", StringComparison.Ordinal)
                    || name.EndsWith(".dll", StringComparison.Ordinal)
                )
                    throw new RuleBroken("文件含有宏或者程序，未打开。请另存为不含宏的 DOCX。", Field);
            }
            if (zip.GetEntry("[Content_Types].xml") is not { } types)
                throw new RuleBroken("这不是 DOCX 文件。请上传 .docx 格式的文书。", Field);
            using var reader = new StreamReader(types.Open());
            var content = new char[1 << 16];
            if (new string(content, 0, reader.ReadBlock(content)).Contains("macroEnabled", StringComparison.OrdinalIgnoreCase))
                throw new RuleBroken("文件含有宏或者程序，未打开。请另存为不含宏的 DOCX。", Field);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new RuleBroken("这不是完整的 DOCX 文件：压缩包打不开。", Field);
        }
    }

    // deleted text is not read; what was inserted is
    private static string TextOf(Paragraph paragraph)
    {
        var text = new System.Text.StringBuilder();
        foreach (var e in paragraph.Descendants())
            switch (e)
            {
                case Text t when t.Ancestors<Paragraph>().First() == paragraph:
                    text.Append(t.Text);
                    break;
                case TabChar or Break:
                    text.Append(' ');
                    break;
            }
        return text.ToString();
    }

    private static PageMeasures? PageOf(Body body)
    {
        var section = body.Descendants<SectionProperties>().LastOrDefault();
        if (section?.GetFirstChild<PageSize>() is not { Width.Value: var w, Height.Value: var h } || section.GetFirstChild<PageMargin>() is not { } m)
            return null;
        static double Mm(double twips) => twips / 1440 * 25.4;
        return new PageMeasures(Mm(w), Mm(h), Mm(w - (m.Left?.Value ?? 0) - (m.Right?.Value ?? 0)), Mm(h - (m.Top?.Value ?? 0) - (m.Bottom?.Value ?? 0)));
    }

    // of the first run with text, in points; null where only a style says it
    private static double? PointsOf(Paragraph paragraph, string? defaults)
    {
        var size = paragraph.Descendants<Run>().FirstOrDefault(r => r.InnerText.Trim().Length > 0)?.RunProperties?.FontSize?.Val?.Value ?? defaults;
        return double.TryParse(size, System.Globalization.CultureInfo.InvariantCulture, out var half) ? half / 2 : null;
    }
}
