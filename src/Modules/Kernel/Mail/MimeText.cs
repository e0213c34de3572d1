using System.Globalization;
using System.Text;

namespace CourtOps.Kernel.Mail;

/// <summary>A message as text and HTML in seven bits, lines ended by CR LF.</summary>
internal static class MimeText
{
    public static string Of(string sender, string from, string to, string subject, string text, string html, string messageId, DateTimeOffset at)
    {
        var boundary = "=_" + Guid.NewGuid().ToString("n");
        var mail = new StringBuilder();
        void Line(string line) => mail.Append(line).Append("\r\n");
        Line($"From: {Word(sender)} <{from}>");
        Line($"To: <{to}>");
        Line($"Subject: {Word(subject)}");
        Line($"Date: {at.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)} +0000");
        Line($"Message-ID: {messageId}");
        Line("MIME-Version: 1.0");
        Line($"Content-Type: multipart/alternative; boundary=\"{boundary}\"");
        foreach (var (kind, words) in new[] { ("plain", text), ("html", html) })
        {
            Line("");
            Line("--" + boundary);
            Line($"Content-Type: text/{kind}; charset=utf-8");
            Line("Content-Transfer-Encoding: base64");
            Line("");
            Line(Convert.ToBase64String(Encoding.UTF8.GetBytes(words), Base64FormattingOptions.InsertLineBreaks));
        }
        Line("--" + boundary + "--");
        return mail.ToString();
    }

    // RFC 2047: words of at most 75 characters, none of which cuts a character in two
    private static string Word(string text)
    {
        if (text.All(char.IsAscii) && !text.Any(char.IsControl) && text.Length < 70 && !text.Contains("=?", StringComparison.Ordinal))
            return text;
        var words = new List<string>();
        var part = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            var bytes = Encoding.UTF8.GetBytes(rune.ToString());
            if (part.Count + bytes.Length > 42)
            {
                words.Add(Convert.ToBase64String([.. part]));
                part.Clear();
            }
            part.AddRange(bytes);
        }
        words.Add(Convert.ToBase64String([.. part]));
        return string.Join("\r\n ", words.Select(w => $"=?utf-8?B?{w}?="));
    }
}
