using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CourtOps.Testing;

/// <summary>Small files as people hand them in: good, broken, locked, disguised.</summary>
public static class SamplePdf
{
    /// <summary>A valid PDF; another text gives other bytes.</summary>
    public static byte[] Of(int pages, string text = "") => Make(pages, text, "");

    /// <summary>A valid PDF of one page with so many bytes in it, made while it is read.</summary>
    public static Stream Large(long bytes)
    {
        var file = Encoding.ASCII.GetString(Make(1, "large", ""));
        var at = file.IndexOf("xref\n", StringComparison.Ordinal);
        var head = file[..at] + $"5 0 obj\n<< /Length {bytes} >>\nstream\n";
        const string end = "\nendstream\nendobj\n";
        var tail = file[at..]
            .Replace("0 5\n", "0 6\n", StringComparison.Ordinal)
            .Replace("trailer", $"{at:0000000000} 00000 n \ntrailer", StringComparison.Ordinal)
            .Replace("/Size 5", "/Size 6", StringComparison.Ordinal);
        tail = tail.Replace($"startxref\n{at}\n", $"startxref\n{head.Length + bytes + end.Length}\n", StringComparison.Ordinal);
        return new Padded(Encoding.ASCII.GetBytes(head), bytes, Encoding.ASCII.GetBytes(end + tail));
    }

    // head, then so many x, then tail; nothing of the middle is ever held
    private sealed class Padded(byte[] head, long middle, byte[] tail) : Stream
    {
        private long at;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => head.Length + middle + tail.Length;

        public override long Position
        {
            get => at;
            set => at = value;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var n = 0;
            if (at < head.Length)
            {
                n = (int)Math.Min(count, head.Length - at);
                Array.Copy(head, (int)at, buffer, offset, n);
            }
            else if (at < head.Length + middle)
            {
                n = (int)Math.Min(count, head.Length + middle - at);
                buffer.AsSpan(offset, n).Fill((byte)'x');
            }
            else
            {
                var from = (int)(at - head.Length - middle);
                n = Math.Min(count, tail.Length - from);
                Array.Copy(tail, from, buffer, offset, n);
            }
            at += n;
            return n;
        }

        public override long Seek(long offset, SeekOrigin origin) =>
            at = origin switch
            {
                SeekOrigin.Begin => offset,
                SeekOrigin.Current => at + offset,
                _ => Length + offset,
            };

        public override void Flush() { }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>Cut off in the middle, as after a broken download.</summary>
    public static byte[] Broken()
    {
        var whole = Of(3, "broken");
        return whole[..(whole.Length / 2)];
    }

    /// <summary>Says that it is encrypted with a password nobody here knows.</summary>
    public static byte[] Locked() =>
        Make(
            1,
            "locked",
            "/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <"
                + string.Concat(Enumerable.Repeat("4f", 32))
                + "> /U <"
                + string.Concat(Enumerable.Repeat("55", 32))
                + "> >> /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
        );

    /// <summary>A program with the name of a document.</summary>
    public static byte[] Disguised() => [.. "MZ"u8, .. Encoding.ASCII.GetBytes("This program cannot be run in DOS mode."), .. new byte[200]];

    private static byte[] Make(int pages, string text, string trailer)
    {
        var file = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        void Object(string body)
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{offsets.Count} 0 obj\n{body}\nendobj\n");
        }
        Object("<< /Type /Catalog /Pages 2 0 R >>");
        Object($"<< /Type /Pages /Count {pages} /Kids [{string.Join(' ', Enumerable.Range(0, pages).Select(i => $"{3 + i} 0 R"))}] >>");
        for (var i = 0; i < pages; i++)
            Object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>");
        Object($"<< /Producer ({Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}) >>");
        var xref = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n");
        foreach (var at in offsets)
            file.Append(CultureInfo.InvariantCulture, $"{at:0000000000} 00000 n \n");
        file.Append(
            CultureInfo.InvariantCulture,
            $"trailer\n<< /Size {offsets.Count + 1} /Root 1 0 R /Info {offsets.Count} 0 R {trailer} >>\nstartxref\n{xref}\n%%EOF\n"
        );
        return Encoding.ASCII.GetBytes(file.ToString());
    }
}
