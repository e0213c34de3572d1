using System.Text;

namespace CourtOps.Workzone;

/// <summary>Text for inside an SVG element or a quoted attribute. People's words come through here.</summary>
internal static class SvgText
{
    public static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
            switch (rune.Value)
            {
                case '&':
                    safe.Append("&amp;");
                    break;
                case '<':
                    safe.Append("&lt;");
                    break;
                case '>':
                    safe.Append("&gt;");
                    break;
                case '"':
                    safe.Append("&quot;");
                    break;
                case '\'':
                    safe.Append("&#39;");
                    break;
                // Control characters are no XML at all, and would spoil the page.
                case < 0x20 and not '\n' and not '\t' or 0x7F or 0xFFFE or 0xFFFF:
                    break;
                default:
                    safe.Append(rune.ToString());
                    break;
            }
        return safe.ToString();
    }
}
