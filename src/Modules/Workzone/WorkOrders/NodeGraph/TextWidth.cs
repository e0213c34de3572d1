using System.Globalization;
using System.Text;

namespace CourtOps.Workzone.WorkOrders.NodeGraph;

/// <summary>How wide a text will be, near enough to keep labels apart: the server has no fonts to measure with.</summary>
internal static class TextWidth
{
    public static double Of(string text, double size)
    {
        var em = 0.0;
        foreach (var rune in text.EnumerateRunes())
            em += Em(rune);
        return em * size;
    }

    /// <summary>The text, or as much of it as fits, cut between characters as people see them and ended with an ellipsis.</summary>
    public static string Fit(string text, double size, double width)
    {
        if (Of(text, size) <= width)
            return text;
        var kept = new StringBuilder();
        var room = width - size;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            room -= Of(element, size);
            if (room < 0)
                break;
            kept.Append(element);
        }
        return kept.Append('…').ToString();
    }

    private static double Em(Rune rune) =>
        rune.Value switch
        {
            ' ' or 'i' or 'l' or 'j' or '.' or ',' or ':' or ';' or '|' or '\'' => 0.3,
            'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.9,
            >= 'A' and <= 'Z' => 0.66,
            < 0x80 => 0.57,
            >= 0x300 and <= 0x36F => 0,
            < 0x1100 => 0.6,
            _ => 1,
        };
}
