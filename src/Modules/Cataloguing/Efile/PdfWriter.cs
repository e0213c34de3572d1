using System.Globalization;
using System.IO.Compression;
using System.Text;
using CourtOps.Cataloguing.Reading;
using NetVips;

namespace CourtOps.Cataloguing.Efile;

/// <summary>A page to be bound: the picture as it came, how it is turned, and the words on it in pixels of the normalised page.</summary>
internal sealed record BindPage(string Path, string Kind, int Orientation, double Skew, int Width, int Height, int Dpi, IReadOnlyList<ReadLine> Lines);

/// <summary>
/// Writes a PDF of page pictures with invisible text. A JPEG goes in byte for byte; other pictures by their pixels. What is crooked or on its head is turned by
/// the page's matrix, the picture itself stays as it came. The same pages give the same bytes.
/// </summary>
internal sealed class PdfWriter
{
    private const int FirstPage = 8;
    private readonly Stream to;
    private readonly List<long> offsets = [0];
    private long at;

    private PdfWriter(Stream to) => this.to = to;

    public static void Write(Stream to, string title, IReadOnlyList<BindPage> pages) => new PdfWriter(to).Run(title, pages);

    private void Run(string title, IReadOnlyList<BindPage> pages)
    {
        Raw("%PDF-1.7\n%\u00E2\u00E3\u00CF\u00D3\n");
        Object(1, "<</Type/Catalog/Pages 2 0 R/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>>>");
        Object(2, $"<</Type/Pages/Count {pages.Count}/Kids[{string.Join(' ', Enumerable.Range(0, pages.Count).Select(i => $"{FirstPage + (3 * i)} 0 R"))}]>>");
        Object(3, "<</Type/Font/Subtype/Type0/BaseFont/Unseen/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>");
        Object(
            4,
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/Unseen/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 5 0 "
                + "R/DW 1000/CIDToGIDMap/Identity>>"
        );
        Object(5, "<</Type/FontDescriptor/FontName/Unseen/Flags 4/FontBBox[0 -200 1000 1000]/Ascent 880/Descent -120/CapHeight 700/ItalicAngle 0/StemV 80>>");
        Stream(6, "<<>>", Zip(Encoding.ASCII.GetBytes(ToUnicode())), "/FlateDecode");
        Object(7, $"<</Title {Text(title)}/Producer(CourtOps)>>");
        for (var i = 0; i < pages.Count; i++)
            Page(FirstPage + (3 * i), pages[i]);
        var start = at;
        Raw($"xref\n0 {offsets.Count}\n0000000000 65535 f \n");
        for (var i = 1; i < offsets.Count; i++)
            Raw(offsets[i].ToString("D10", CultureInfo.InvariantCulture) + " 00000 n \n");
        Raw($"trailer\n<</Size {offsets.Count}/Root 1 0 R/Info 7 0 R>>\nstartxref\n{start}\n%%EOF\n");
    }

    private void Page(int id, BindPage page)
    {
        using var image = PageSource.Open(page.Path, 0, page.Kind != "jpeg");
        var k = 72.0 / Math.Clamp(page.Dpi, 30, 2400);
        double width = page.Width * k,
            height = page.Height * k;
        var angle = -(page.Orientation + page.Skew) * Math.PI / 180;
        double w = image.Width * k,
            h = image.Height * k,
            cos = Math.Cos(angle),
            sin = Math.Sin(angle);
        double a = cos * w,
            b = sin * w,
            c = -sin * h,
            d = cos * h;
        var content = new StringBuilder();
        content.Append(
            CultureInfo.InvariantCulture,
            $"q {a:0.####} {b:0.####} {c:0.####} {d:0.####} {(width / 2) - ((a + c) / 2):0.####} {(height / 2) - ((b + d) / 2):0.####} cm /I Do Q\nBT 3 Tr\n"
        );
        foreach (var line in page.Lines.Where(l => l.Text.Length > 0 && l.Box is { Width: > 0, Height: > 0 }))
        {
            var size = Math.Max(1, line.Box.Height * k * 0.8);
            content.Append(
                CultureInfo.InvariantCulture,
                $"/F {size:0.##} Tf {100 * line.Box.Width * k / (line.Text.Length * size):0.##} Tz 1 0 0 1 {line.Box.X * k:0.##} "
                    + $"{height - ((line.Box.Y + (line.Box.Height * 0.85)) * k):0.##} Tm <"
            );
            foreach (var unit in line.Text)
                content.Append(((int)unit).ToString("X4", CultureInfo.InvariantCulture));
            content.Append("> Tj\n");
        }
        content.Append("ET\n");
        Object(
            id,
            string.Create(
                CultureInfo.InvariantCulture,
                $"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:0.##} {height:0.##}]/Contents {id + 1} 0 R/Resources<</XObject<</I {id + 2} 0 "
                    + $"R>>/Font<</F 3 0 R>>>>>>"
            )
        );
        Stream(id + 1, "<<>>", Zip(Encoding.ASCII.GetBytes(content.ToString())), "/FlateDecode");
        if (page.Kind == "jpeg")
        {
            var space = image.Bands switch
            {
                1 => "/DeviceGray",
                4 => "/DeviceCMYK/Decode[1 0 1 0 1 0 1 0]",
                _ => "/DeviceRGB",
            };
            Stream(
                id + 2,
                $"<</Type/XObject/Subtype/Image/Width {image.Width}/Height {image.Height}/ColorSpace{space}/BitsPerComponent 8>>",
                File.ReadAllBytes(page.Path),
                "/DCTDecode"
            );
            return;
        }
        using var plain = PageSource.Plain(image);
        Stream(
            id + 2,
            $"<</Type/XObject/Subtype/Image/Width {plain.Width}/Height "
                + $"{plain.Height}/ColorSpace/{(plain.Bands == 1 ? "DeviceGray" : "DeviceRGB")}/BitsPerComponent 8>>",
            Zip(plain.WriteToMemory<byte>()),
            "/FlateDecode"
        );
    }

    private void Object(int id, string body)
    {
        Begin(id);
        Raw(body + "\nendobj\n");
    }

    private void Stream(int id, string dictionary, byte[] data, string filter)
    {
        Begin(id);
        Raw($"{dictionary[..^2]}/Filter{filter}/Length {data.Length}>>\nstream\n");
        to.Write(data);
        at += data.Length;
        Raw("\nendstream\nendobj\n");
    }

    private void Begin(int id)
    {
        while (offsets.Count <= id)
            offsets.Add(0);
        offsets[id] = at;
        Raw($"{id} 0 obj\n");
    }

    private void Raw(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        to.Write(bytes);
        at += bytes.Length;
    }

    internal static string Text(string s) => $"<FEFF{string.Concat(s.Select(c => ((int)c).ToString("X4", CultureInfo.InvariantCulture)))}>";

    private static byte[] Zip(byte[] data)
    {
        using var result = new MemoryStream();
        using (var zip = new ZLibStream(result, CompressionLevel.Optimal, leaveOpen: true))
            zip.Write(data);
        return result.ToArray();
    }

    // a code is its character; a range may not pass over a change of the first byte
    private static string ToUnicode()
    {
        var map = new StringBuilder(
            "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement "
                + "0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n"
        );
        for (var part = 0; part < 256; part += 64)
        {
            map.Append("64 beginbfrange\n");
            for (var high = part; high < part + 64; high++)
                map.Append(CultureInfo.InvariantCulture, $"<{high:X2}00><{high:X2}FF><{high:X2}00>\n");
            map.Append("endbfrange\n");
        }
        return map.Append("endcmap CMapName currentdict/CMap defineresource pop end end\n").ToString();
    }
}
