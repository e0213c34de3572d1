using System.Text;
using CourtOps.Kernel.Search;

namespace CourtOps.Cataloguing.Reading;

/// <summary>
/// Characters as they are written and searched for. Browsers and office programs put the radical of a fount into the text of a PDF where the character looks
/// the
/// same: ⺠ (U+2EA0) for 民. Kangxi radicals fold by compatibility; those of the supplement do not, and are named here. Pure.
/// </summary>
internal static class Radicals
{
    private const string From = "⺁⺈⺊⺌⺓⺝⺟⺠⺩⺬⺽⻁⻄⻅⻆⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳";
    private const string To = "厂刀卜小幺月母民王示臼虎西见角贝足车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟";

    /// <summary>The text with each radical as the character it stands for; the same text where there is none.</summary>
    public static string Plain(string text)
    {
        if (!text.Any(c => c is >= '\u2E80' and <= '\u2FD5'))
            return text;
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
            plain.Append(
                c is >= '\u2F00' and <= '\u2FD5' ? c.ToString().Folded()
                : From.IndexOf(c, StringComparison.Ordinal) is >= 0 and var i ? To[i].ToString()
                : c.ToString()
            );
        return plain.ToString();
    }
}
