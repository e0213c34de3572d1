namespace CourtOps.Triage.Filings;

/// <summary>Amounts in words (人民币大写). Pure.</summary>
internal static class ChineseAmount
{
    private const string Digits = "零壹贰叁肆伍陆柒捌玖";
    private const string Plain = "〇一二三四五六七八九";

    /// <summary>Cents of an amount in words: 伍万元整, 壹仟贰佰叁拾肆元伍角陆分; null for what is none.</summary>
    public static long? Cents(string words)
    {
        var text = PartyReading.Fold(words).Replace("人民币", "", StringComparison.Ordinal).Replace("圆", "元", StringComparison.Ordinal).TrimEnd('整', '正');
        if (text.Length == 0)
            return null;
        var at = text.IndexOf('元', StringComparison.Ordinal);
        var whole =
            at < 0
                ? text.IndexOfAny(['角', '分']) >= 0
                    ? ""
                    : text
                : text[..at];
        var rest =
            at < 0
                ? whole.Length == 0
                    ? text
                    : ""
                : text[(at + 1)..];
        return Whole(whole) is { } yuan && Small(rest) is { } cents ? (yuan * 100) + cents : null;
    }

    private static long? Whole(string text)
    {
        long total = 0,
            section = 0;
        var digit = -1;
        foreach (var c in text)
        {
            if (DigitOf(c) is >= 0 and var d)
            {
                digit = d;
                continue;
            }
            var unit = c switch
            {
                '拾' or '十' => 10,
                '佰' or '百' => 100,
                '仟' or '千' => 1000,
                _ => 0,
            };
            if (unit > 0)
            {
                section += (digit < 0 ? 1 : digit) * unit;
                digit = -1;
                continue;
            }
            var big = c switch
            {
                '万' or '萬' => 10_000L,
                '亿' or '億' => 100_000_000L,
                _ => 0,
            };
            if (big == 0)
                return null;
            section += Math.Max(digit, 0);
            total = big > 10_000 ? (total + section) * big : total + (section * big);
            section = 0;
            digit = -1;
        }
        return total + section + Math.Max(digit, 0);
    }

    private static int? Small(string text)
    {
        var cents = 0;
        var digit = 0;
        foreach (var c in text)
        {
            if (DigitOf(c) is >= 0 and var d)
                digit = d;
            else if (c is '角' or '分')
                cents += digit * (c == '角' ? 10 : 1);
            else
                return null;
        }
        return cents;
    }

    private static int DigitOf(char c) => Math.Max(Digits.IndexOf(c, StringComparison.Ordinal), c == '两' ? 2 : Plain.IndexOf(c, StringComparison.Ordinal));
}
