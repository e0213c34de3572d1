using System.Globalization;
using System.Text;

namespace CourtOps.Workzone.Seeding;

/// <summary>A PDF of plain lines on A4, written without any program: the papers of a demo court. The typeface is named, not embedded (Adobe-GB1), which
/// viewers bring along.</summary>
public static class PlainPaper
{
    private const int LinesPerPage = 34;

    public static byte[] Of(string title, IReadOnlyList<string> lines)
    {
        var pages = lines.Chunk(LinesPerPage).DefaultIfEmpty([]).ToList();
        var objects = new List<string>
        {
            "<< /Type /Catalog /Pages 2 0 R >>",
            $"<< /Type /Pages /Count {pages.Count} /Kids [{string.Join(' ', Enumerable.Range(0, pages.Count).Select(i => $"{6 + (2 * i)} 0 R"))}] >>",
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW "
                + "1000 /FontDescriptor 5 0 R >>",
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 "
                + "/CapHeight 880 /StemV 93 >>",
        };
        for (var i = 0; i < pages.Count; i++)
        {
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {7 + (2 * i)} 0 R >>");
            var text = new StringBuilder("BT\n");
            if (i == 0)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"/F1 20 Tf {297 - (title.Length * 10)} 770 Td <{Hex(title)}> Tj\n/F1 14 Tf {70 - 297 + (title.Length * 10)} -50 Td\n"
                );
            else
                text.Append("/F1 14 Tf 70 770 Td\n");
            foreach (var line in pages[i])
                text.Append(CultureInfo.InvariantCulture, $"<{Hex(line)}> Tj 0 -20 Td\n");
            text.Append("ET\n");
            objects.Add($"<< /Length {text.Length} >>\nstream\n{text}endstream");
        }
        return Join(objects);
    }

    private static byte[] Join(List<string> objects)
    {
        var file = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        for (var i = 0; i < objects.Count; i++)
        {
            places.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        var at = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places)
            file.Append(CultureInfo.InvariantCulture, $"{place:0000000000} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(file.ToString());
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text));
}
