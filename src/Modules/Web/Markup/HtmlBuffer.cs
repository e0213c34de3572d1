using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace CourtOps.Web;

/// <summary>
/// A long table drawn in one pass into a rented buffer and written out at once. Fragments that repeat are encoded once by their owners;
/// text of people is escaped here: the five characters that mean something in text and in quoted attributes.
/// </summary>
public sealed class HtmlBuffer : IHtmlContent
{
    private static readonly SearchValues<char> Special = SearchValues.Create("&<>\"'");
    private char[] buffer = ArrayPool<char>.Shared.Rent(64 * 1024);
    private int length;

    public HtmlBuffer Raw(string? html)
    {
        if (string.IsNullOrEmpty(html))
            return this;
        Room(html.Length);
        html.CopyTo(0, buffer, length, html.Length);
        length += html.Length;
        return this;
    }

    public HtmlBuffer Text(string? text) => Text((text ?? "").AsSpan());

    public HtmlBuffer Text(ReadOnlySpan<char> text)
    {
        for (; ; )
        {
            var at = text.IndexOfAny(Special);
            var plain = at < 0 ? text : text[..at];
            Room(plain.Length + 6);
            plain.CopyTo(buffer.AsSpan(length));
            length += plain.Length;
            if (at < 0)
                return this;
            Raw(
                text[at] switch
                {
                    '&' => "&amp;",
                    '<' => "&lt;",
                    '>' => "&gt;",
                    '"' => "&quot;",
                    _ => "&#39;",
                }
            );
            text = text[(at + 1)..];
        }
    }

    public HtmlBuffer Number(long n)
    {
        Room(20);
        n.TryFormat(buffer.AsSpan(length), out var written, default, CultureInfo.InvariantCulture);
        length += written;
        return this;
    }

    /// <summary>Two digits.</summary>
    public HtmlBuffer Two(int n)
    {
        Room(2);
        buffer[length++] = (char)('0' + (n / 10 % 10));
        buffer[length++] = (char)('0' + (n % 10));
        return this;
    }

    /// <summary>Markup somebody else made.</summary>
    public HtmlBuffer Html(IHtmlContent? content)
    {
        switch (content)
        {
            case null:
                return this;
            case HtmlString text:
                return Raw(text.Value);
            default:
                using (var writer = new StringWriter(CultureInfo.InvariantCulture))
                {
                    content.WriteTo(writer, HtmlEncoder.Default);
                    return Raw(writer.ToString());
                }
        }
    }

    /// <summary>A person: the sign of the name and the name.</summary>
    public HtmlBuffer Who(string name) =>
        Raw("<span class=\"who\" data-s=\"").Text(name.AsSpan(0, StringInfo.GetNextTextElementLength(name))).Raw("\">").Text(name).Raw("</span>");

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        writer.Write(buffer, 0, length);
        ArrayPool<char>.Shared.Return(buffer);
        (buffer, length) = ([], 0);
    }

    public override string ToString() => new(buffer, 0, length);

    private void Room(int more)
    {
        if (length + more <= buffer.Length)
            return;
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(buffer.Length * 2, length + more));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(buffer);
        buffer = larger;
    }
}
