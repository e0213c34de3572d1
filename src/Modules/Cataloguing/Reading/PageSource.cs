using System.Globalization;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Files;
using NetVips;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;

namespace CourtOps.Cataloguing.Reading;

/// <summary>A page or file that cannot be taken; the code is one of <see cref="Intake.Refusals"/>.</summary>
internal sealed class BadPage(string code, string detail = "") : Exception($"{code}: {detail}")
{
    public string Code { get; } = code;
}

/// <param name="File">The picture of the page; null: the file itself is the picture.</param>
/// <param name="Layer">The lines of the text layer in pixels of the picture; null where there is none to trust.</param>
internal sealed record RenderedPage(string? File, string Kind, int Width, int Height, int Dpi, IReadOnlyList<ReadLine>? Layer);

/// <summary>Files as they come, page by page, each decoded in full before it is taken. Runs in the reading process.</summary>
internal static partial class PageSource
{
    private const long MostPixels = 220_000_000;
    private const int ScanDpi = 300;
    private const int BornDigitalDpi = 200;
    private static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(60);

    /// <summary>pdf, jpeg, png or tiff; what it is by its bytes.</summary>
    public static string KindOf(string path)
    {
        var kind = FileKinds.OfFile(path);
        return kind is "pdf" or "jpeg" or "png" or "tiff" ? kind : throw new BadPage("kind", kind);
    }

    public static int Count(string path, string kind)
    {
        if (kind != "pdf")
        {
            using var image = Open(path, 0, false);
            return kind == "tiff" && image.Contains("n-pages") ? (int)image.Get("n-pages") : 1;
        }
        if (Tools.Find("qpdf") is { } qpdf)
        {
            var (exit, said) = Tools.Run(qpdf, ["--show-npages", path], PageLimit);
            return exit is 0 or 3 && int.TryParse(said.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0
                ? n
                : throw new BadPage("broken");
        }
        using var pdf = PdfDocument.Open(path);
        return pdf.NumberOfPages > 0 ? pdf.NumberOfPages : throw new BadPage("empty");
    }

    /// <param name="page">From 1.</param>
    public static RenderedPage Render(string path, string kind, int page, string folder)
    {
        if (kind == "pdf")
            return Pdf(path, page, folder);
        using var image = Open(path, kind == "tiff" ? page - 1 : 0, true);
        var dpi = Dpi(image);
        if (kind is "jpeg" or "png")
            return new RenderedPage(null, kind, image.Width, image.Height, dpi, null);
        // G4 and other bilevel pages stay as sharp as they are; grey and colour ones become JPEG of high quality
        var bilevel = image.Bands == 1 && image.Contains("bits-per-sample") && (int)image.Get("bits-per-sample") == 1;
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"p{page:00000}.{(bilevel ? "png" : "jpg")}"));
        using var plain = Plain(image);
        if (bilevel)
            plain.Pngsave(file, bitdepth: 1, compression: 6);
        else
            plain.Jpegsave(file, q: 92);
        return new RenderedPage(file, bilevel ? "png" : "jpeg", image.Width, image.Height, dpi, null);
    }

    /// <summary>An image decoded to its last row, or refused.</summary>
    public static Image Open(string path, int page, bool whole)
    {
        try
        {
            var options = new VOption { { "access", whole ? Enums.Access.Random : Enums.Access.Sequential }, { "fail_on", Enums.FailOn.Truncated } };
            if (page > 0)
                options.Add("page", page);
            var image = Image.NewFromFile(path, kwargs: options);
            if ((long)image.Width * image.Height > MostPixels)
                throw new BadPage("oversized", $"{image.Width} × {image.Height}");
            if (!whole)
                return image;
            var held = image.CopyMemory();
            image.Dispose();
            return held;
        }
        catch (VipsException e)
        {
            throw new BadPage("broken", e.Message);
        }
    }

    /// <summary>Eight bits, grey or RGB, on white.</summary>
    public static Image Plain(Image image)
    {
        var at = image;
        if (at.HasAlpha())
            at = at.Flatten(background: [255]);
        if (at.Interpretation is not (Enums.Interpretation.Srgb or Enums.Interpretation.Bw) || at.Bands is 2 or > 3)
            at = at.Colourspace(at.Bands == 1 || at.Interpretation == Enums.Interpretation.Grey16 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        return at.Format == Enums.BandFormat.Uchar ? at : at.Cast(Enums.BandFormat.Uchar);
    }

    /// <summary>From the file where it says so, else as if it were A4.</summary>
    public static int Dpi(Image image)
    {
        var said = image.Xres * 25.4;
        return said > 90 ? (int)Math.Round(said) : (int)Math.Round(Math.Max(image.Width, image.Height) / 11.69);
    }

    /// <summary>The text layers of a PDF, page by page; empty where there is none.</summary>
    public static IReadOnlyList<string> Words(string path)
    {
        var pages = Count(path, "pdf");
        return
        [
            .. Enumerable
                .Range(1, Math.Min(pages, 3000))
                .Select(n => Layer(path, n) is { Trusted: true } layer ? ReadingOrder.Text(ReadingOrder.Arrange(layer.Lines, null)) : ""),
        ];
    }

    private static RenderedPage Pdf(string path, int page, string folder)
    {
        var n = page.ToString(CultureInfo.InvariantCulture);
        var (layer, trusted, width, height, rotated) = Layer(path, page);
        if (!trusted && !rotated && Embedded(path, n, page, folder, width, height) is { } embedded)
            return embedded;
        var dpi = trusted ? BornDigitalDpi : ScanDpi;
        dpi = (int)Math.Max(72, Math.Min(dpi, Math.Sqrt(MostPixels / Math.Max(1, width * height / 5184.0)) - 1));
        var root = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"r{page:00000}"));
        var program = Tools.Find("pdftoppm") ?? throw new BadPage("tool", "poppler-utils");
        var (exit, said) = Tools.Run(
            program,
            ["-r", dpi.ToString(CultureInfo.InvariantCulture), "-f", n, "-l", n, "-singlefile", "-jpeg", "-jpegopt", "quality=88", path, root],
            PageLimit,
            errors: true
        );
        var file = root + ".jpg";
        if (exit != 0 || !File.Exists(file) || CorruptPattern().IsMatch(said))
            throw new BadPage("page", $"{page}");
        using var image = Open(file, 0, false);
        var k = dpi / 72.0;
        var lines = trusted
            ? layer
                .Select(l =>
                    l with
                    {
                        Box = new Box((int)(l.Box.X * k / 100), (int)(l.Box.Y * k / 100), (int)(l.Box.Width * k / 100), (int)(l.Box.Height * k / 100)),
                    }
                )
                .ToList()
            : null;
        return new RenderedPage(file, "jpeg", image.Width, image.Height, dpi, lines);
    }

    // a scanned page is one picture as large as the page: its JPEG is taken out as it is
    private static RenderedPage? Embedded(string path, string n, int page, string folder, double width, double height)
    {
        if (Tools.Find("pdfimages") is not { } program || width < 1)
            return null;
        var (exit, list) = Tools.Run(program, ["-list", "-f", n, "-l", n, path], PageLimit);
        var rows = list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(r => r.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (exit != 0 || rows.Count != 1 || rows[0].Length < 14 || rows[0][2] != "image" || rows[0][8] != "jpeg" || rows[0][5] is not ("gray" or "rgb"))
            return null;
        double w = int.Parse(rows[0][3], CultureInfo.InvariantCulture),
            h = int.Parse(rows[0][4], CultureInfo.InvariantCulture);
        if (Math.Abs((w / h) - (width / height)) > 0.02 || w * 72 / width < 120)
            return null;
        var root = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"e{page:00000}"));
        if (Tools.Run(program, ["-j", "-f", n, "-l", n, path, root], PageLimit).Exit != 0 || !File.Exists(root + "-000.jpg"))
            return null;
        using var image = Open(root + "-000.jpg", 0, true);
        return new RenderedPage(root + "-000.jpg", "jpeg", image.Width, image.Height, (int)Math.Round(w * 72 / width), null);
    }

    // boxes in hundredths of a point from the upper left corner
    private static (List<ReadLine> Lines, bool Trusted, double Width, double Height, bool Rotated) Layer(string path, int page)
    {
        try
        {
            using var pdf = PdfDocument.Open(path, new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true });
            var p = pdf.GetPage(page);
            var letters = p.Letters;
            // invisible letters are what another program read: this one reads for itself
            var seen = letters.Where(l => l.RenderingMode != TextRenderingMode.Neither).ToList();
            var good = seen.Count(l =>
                l.Value.Length > 0
                && (char.IsLetterOrDigit(l.Value[0]) || char.IsPunctuation(l.Value[0]) || char.IsWhiteSpace(l.Value[0]) || char.IsSymbol(l.Value[0]))
                && l.Value[0] is not ('\uFFFD' or (>= '\uE000' and <= '\uF8FF'))
            );
            var trusted = good >= 20 && good >= seen.Count * 0.95;
            var words = seen.Where(l => !string.IsNullOrWhiteSpace(l.Value)).Select(l => new ReadLine(Radicals.Plain(l.Value), BoxOf(l, p.Height), 1)).ToList();
            var lines = ReadingOrder.Rows(words, w => w.Box).SelectMany(Parts).ToList();
            return (lines, trusted && lines.Count > 0, p.Width, p.Height, p.Rotation.Value != 0);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or StackOverflowException))
        {
            return ([], false, 595, 842, true); // the renderer decides whether the page can be shown
        }
    }

    private static Box BoxOf(Letter l, double height)
    {
        var r = l.BoundingBox;
        var size = Math.Max(l.PointSize, r.Height);
        var bottom = l.StartBaseLine.Y - (size * 0.2);
        return new Box(
            (int)(l.StartBaseLine.X * 100),
            (int)((height - bottom - size) * 100),
            (int)(Math.Max(r.Width, Math.Abs(l.EndBaseLine.X - l.StartBaseLine.X)) * 100),
            (int)(size * 100)
        );
    }

    // letters of one row, parted where a gap is wider than two letters, blanks where it is wider than a third
    private static IEnumerable<ReadLine> Parts(IReadOnlyList<ReadLine> row)
    {
        var text = new System.Text.StringBuilder();
        var boxes = new List<Box>();
        foreach (var letter in row)
        {
            if (boxes.Count > 0)
            {
                var gap = letter.Box.X - (boxes[^1].X + boxes[^1].Width);
                if (gap > letter.Box.Height * 2)
                {
                    yield return new ReadLine(text.ToString(), TesseractReader.Around(boxes), 1);
                    text.Clear();
                    boxes.Clear();
                }
                else if (gap > letter.Box.Height / 4 && letter.Text[0] < 0x3000)
                {
                    text.Append(' ');
                }
            }
            text.Append(letter.Text);
            boxes.Add(letter.Box);
        }
        if (boxes.Count > 0)
            yield return new ReadLine(text.ToString(), TesseractReader.Around(boxes), 1);
    }

    [GeneratedRegex("(Corrupt|DCT|JPX|JBIG2|CCITT|premature|Insufficient|Bogus)", RegexOptions.IgnoreCase)]
    private static partial Regex CorruptPattern();
}
