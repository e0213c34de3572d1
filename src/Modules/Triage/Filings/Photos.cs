using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Documents;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Triage.Filings;

/// <summary>Photos become one PDF, a page each: the picture is passed through as it is, no sign of it is lost.</summary>
internal static class Photos
{
    public const long Most = 20L * 1024 * 1024;
    public const int MostPages = 60;
    private const long MostInAll = 150L * 1024 * 1024;

    /// <exception cref="RuleBroken">Not a photo, too large, too many, or broken off.</exception>
    public static async Task<TakenPaper> TakeAsync(BlobStore blobs, IReadOnlyList<IFormFile> files, CancellationToken ct)
    {
        if (files.Count > MostPages)
            throw new RuleBroken($"一次最多 {MostPages} 张照片，请分几次上传。", "Photos");
        if (files.Sum(f => f.Length) > MostInAll)
            throw new RuleBroken("照片合计超过 150 MB，请分几次上传。", "Photos");
        var pages = new List<Picture>();
        foreach (var (i, file) in files.Index())
        {
            if (file.Length is 0 or > Most)
                throw new RuleBroken($"第 {i + 1} 张照片是空的，或者超过 20 MB。", "Photos");
            var bytes = new byte[file.Length];
            await using var stream = file.OpenReadStream();
            await stream.ReadExactlyAsync(bytes, ct);
            pages.Add(
                PhotoPdf.Read(bytes) ?? throw new RuleBroken($"第 {i + 1} 张不是完整的 JPG 照片或者普通的 PNG 图片。请重新拍照，或者另存为 JPG。", "Photos")
            );
        }
        using var pdf = new MemoryStream();
        PhotoPdf.Write(pdf, pages);
        pdf.Position = 0;
        return new TakenPaper(Path.GetFileName(files[0].FileName), await blobs.WriteAsync(pdf, MostInAll + (1 << 20), ct), pages.Count);
    }
}

/// <summary>One picture as a PDF takes it.</summary>
/// <param name="Data">The stream as it is stored.</param>
/// <param name="Image">The entries of its dictionary beside the size.</param>
/// <param name="Turn">Quarter turns clockwise, in degrees.</param>
internal sealed record Picture(int Width, int Height, byte[] Data, string Image, int Turn);

/// <summary>Reads JPEG and PNG and writes them as pages. Pure.</summary>
internal static class PhotoPdf
{
    /// <summary>Null for what is no whole JPEG or plain PNG.</summary>
    public static Picture? Read(byte[] bytes) =>
        FileKinds.Of(bytes) switch
        {
            "jpeg" => Jpeg(bytes),
            "png" => Png(bytes),
            _ => null,
        };

    public static void Write(Stream to, IReadOnlyList<Picture> pages)
    {
        var places = new List<long>();
        void Line(string text) => to.Write(Encoding.Latin1.GetBytes(text));
        void Begin(int n)
        {
            places.Add(to.Position);
            Line(string.Create(CultureInfo.InvariantCulture, $"{n} 0 obj\n"));
        }
        Line("%PDF-1.5\n%\u00E2\u00E3\u00CF\u00D3\n");
        Begin(1);
        Line("<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
        Begin(2);
        Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"<< /Type /Pages /Count {pages.Count} /Kids [{string.Join(' ', pages.Select((_, i) => $"{3 + (i * 3)} 0 R"))}] >>\nendobj\n"
            )
        );
        foreach (var (i, p) in pages.Index())
        {
            var n = 3 + (i * 3);
            // A4 with the picture as large as it fits
            var scale = Math.Min(595.0 / p.Width, 842.0 / p.Height);
            if (p.Width > p.Height != p.Turn is 90 or 270)
                scale = Math.Min(842.0 / Math.Max(p.Width, p.Height), 595.0 / Math.Min(p.Width, p.Height));
            var (w, h) = (p.Width * scale, p.Height * scale);
            Begin(n);
            Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {w:0.##} {h:0.##}] /Rotate {p.Turn} /Resources << /XObject << /I {n + 1} 0 R >> >> "
                        + $"/Contents {n + 2} 0 R >>\nendobj\n"
                )
            );
            Begin(n + 1);
            Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"<< /Type /XObject /Subtype /Image /Width {p.Width} /Height {p.Height} /BitsPerComponent 8 {p.Image} /Length {p.Data.Length} >>\nstream\n"
                )
            );
            to.Write(p.Data);
            Line("\nendstream\nendobj\n");
            var draw = string.Create(CultureInfo.InvariantCulture, $"q {w:0.##} 0 0 {h:0.##} 0 0 cm /I Do Q");
            Begin(n + 2);
            Line(string.Create(CultureInfo.InvariantCulture, $"<< /Length {draw.Length} >>\nstream\n{draw}\nendstream\nendobj\n"));
        }
        var table = to.Position;
        Line(string.Create(CultureInfo.InvariantCulture, $"xref\n0 {places.Count + 1}\n0000000000 65535 f \n"));
        foreach (var place in places)
            Line(string.Create(CultureInfo.InvariantCulture, $"{place:0000000000} 00000 n \n"));
        Line(string.Create(CultureInfo.InvariantCulture, $"trailer\n<< /Size {places.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    }

    private static Picture? Jpeg(byte[] b)
    {
        var turn = 0;
        // an upload that broke off has no end mark
        if (b.AsSpan(Math.Max(0, b.Length - 4096)).LastIndexOf([(byte)0xFF, (byte)0xD9]) < 0)
            return null;
        for (var at = 2; at + 9 < b.Length; )
        {
            if (b[at] != 0xFF)
                return null;
            var mark = b[at + 1];
            if (mark == 0xFF)
            {
                at++;
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(b.AsSpan(at + 2));
            if (length < 2 || at + 2 + length > b.Length)
                return null;
            if (mark == 0xE1)
                turn = Turn(b.AsSpan(at + 4, length - 2));
            if (mark is >= 0xC0 and <= 0xC3)
            {
                var (height, width, parts) = (
                    BinaryPrimitives.ReadUInt16BigEndian(b.AsSpan(at + 5)),
                    BinaryPrimitives.ReadUInt16BigEndian(b.AsSpan(at + 7)),
                    b[at + 9]
                );
                var space = parts switch
                {
                    1 => "/DeviceGray",
                    3 => "/DeviceRGB",
                    4 => "/DeviceCMYK",
                    _ => "",
                };
                return width == 0 || height == 0 || space.Length == 0 ? null : new Picture(width, height, b, $"/ColorSpace {space} /Filter /DCTDecode", turn);
            }
            if (mark == 0xDA)
                return null;
            at += 2 + length;
        }
        return null;
    }

    // the orientation that the camera noted
    private static int Turn(ReadOnlySpan<byte> exif)
    {
        if (exif.Length < 20 || !exif.StartsWith("Exif\0\0"u8))
            return 0;
        var tiff = exif[6..];
        var little = tiff[0] == 'I';
        int Short(ReadOnlySpan<byte> s, int at) =>
            at + 2 > s.Length ? 0
            : little ? BinaryPrimitives.ReadUInt16LittleEndian(s[at..])
            : BinaryPrimitives.ReadUInt16BigEndian(s[at..]);
        var first =
            tiff.Length < 8
                ? 0
                : (int)Math.Min(int.MaxValue, little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]));
        for (var (i, n) = (0, Short(tiff, first)); i < n && first + 2 + (i * 12) + 12 <= tiff.Length; i++)
            if (Short(tiff, first + 2 + (i * 12)) == 0x0112)
                return Short(tiff, first + 2 + (i * 12) + 8) switch
                {
                    3 => 180,
                    6 => 90,
                    8 => 270,
                    _ => 0,
                };
        return 0;
    }

    // the compressed rows of a PNG are what a PDF understands, as long as there is no transparency and no interlacing
    private static Picture? Png(byte[] b)
    {
        if (b.Length < 45 || b[24] != 8 || b[28] != 0 || b[25] is not (0 or 2 or 3))
            return null;
        var (width, height, kind) = (BinaryPrimitives.ReadInt32BigEndian(b.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(b.AsSpan(20)), b[25]);
        if (width is <= 0 or > 30_000 || height is <= 0 or > 30_000)
            return null;
        using var rows = new MemoryStream();
        var palette = "";
        var ended = false;
        for (var at = 8; at + 12 <= b.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(b.AsSpan(at));
            if (length < 0 || at + 12 + (long)length > b.Length)
                return null;
            var name = Encoding.ASCII.GetString(b, at + 4, 4);
            if (name == "IDAT")
                rows.Write(b, at + 8, length);
            else if (name == "PLTE")
                palette = Convert.ToHexString(b, at + 8, length);
            ended |= name == "IEND";
            at += 12 + length;
        }
        if (!ended || rows.Length == 0 || (kind == 3 && palette.Length == 0))
            return null;
        var colours = kind == 2 ? 3 : 1;
        var space = kind switch
        {
            0 => "/DeviceGray",
            2 => "/DeviceRGB",
            _ => string.Create(CultureInfo.InvariantCulture, $"[/Indexed /DeviceRGB {(palette.Length / 6) - 1} <{palette}>]"),
        };
        return new Picture(
            width,
            height,
            rows.ToArray(),
            string.Create(
                CultureInfo.InvariantCulture,
                $"/ColorSpace {space} /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors {colours} /BitsPerComponent 8 /Columns {width} >>"
            ),
            0
        );
    }
}
