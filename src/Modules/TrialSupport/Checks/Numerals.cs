using System.Globalization;
using System.Text;

namespace CourtOps.TrialSupport.Checks;

/// <summary>Chinese numerals of articles, dates and sums.</summary>
internal static class Numerals
{
    private const string Digits = "零一二三四五六七八九";
    private const string Capital = "零壹贰叁肆伍陆柒捌玖";

    /// <summary>"五百七十七" is 577; null where it is no number.</summary>
    public static int? Read(string text)
    {
        var (total, digit) = (0, -1);
        foreach (var c in text)
        {
            var unit = c switch
            {
                '十' => 10,
                '百' => 100,
                '千' => 1000,
                _ => 0,
            };
            if (unit > 0)
            {
                total += (digit < 0 ? 1 : digit) * unit;
                digit = -1;
            }
            else if (Digit(c) is { } d)
            {
                digit = d;
            }
            else
            {
                return null;
            }
        }
        return text.Length == 0 ? null : total + Math.Max(0, digit);
    }

    /// <summary>The number of an article in either writing, "577" or "五百七十七", up to 999999; null where it is no number, or both writings are mixed.</summary>
    public static int? ReadArticle(string text) =>
        text.Length is 0 or > 20 ? null
        : !text.All(char.IsAsciiDigit) ? Read(text)
        : text.Length <= 6 ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
        : null;

    /// <summary>577 is "五百七十七"; 1 to 9999.</summary>
    public static string Write(int number)
    {
        var text = new StringBuilder();
        var zero = false;
        foreach (var (unit, name) in new[] { (1000, "千"), (100, "百"), (10, "十"), (1, "") })
        {
            var d = number / unit % 10;
            if (d == 0)
            {
                zero = text.Length > 0;
                continue;
            }
            if (zero)
                text.Append('零');
            zero = false;
            if (!(unit == 10 && d == 1 && text.Length == 0))
                text.Append(Digits[d]);
            text.Append(name);
        }
        return text.ToString();
    }

    /// <summary>A day as judgments are dated: 二〇二六年十一月二十一日.</summary>
    public static string Write(DateOnly day) =>
        string.Concat(day.Year.ToString(CultureInfo.InvariantCulture).Select(c => c == '0' ? '〇' : Digits[c - '0']))
        + "年"
        + Write(day.Month)
        + "月"
        + Write(day.Day)
        + "日";

    /// <summary>The day of 二〇二六年十一月二十一日; null where it is none.</summary>
    public static DateOnly? ReadDay(string year, string month, string day)
    {
        var y = 0;
        foreach (var c in year)
            y = (y * 10) + (Digit(c) ?? 100_000);
        return y is > 1900 and < 2200 && Read(month) is { } m and >= 1 and <= 12 && Read(day) is { } d && d >= 1 && d <= DateTime.DaysInMonth(y, m)
            ? new DateOnly(y, m, d)
            : null;
    }

    /// <summary>Yuan of "壹万贰仟元伍角整"; null where it is no sum.</summary>
    public static decimal? ReadSum(string text)
    {
        decimal high = 0,
            total = 0,
            section = 0,
            digit = 0;
        var units = false;
        foreach (var c in text)
        {
            var at = Capital.IndexOf(c, StringComparison.Ordinal);
            if (at >= 0)
            {
                digit = at;
                continue;
            }
            units = true;
            switch (c)
            {
                case '拾':
                    section += (digit == 0 ? 1 : digit) * 10;
                    break;
                case '佰':
                    section += digit * 100;
                    break;
                case '仟':
                    section += digit * 1000;
                    break;
                case '万':
                    total = (total + section + digit) * 10_000;
                    section = 0;
                    break;
                case '亿':
                    high = (total + section + digit) * 100_000_000;
                    total = section = 0;
                    break;
                case '元' or '圆':
                    total += section + digit;
                    section = 0;
                    break;
                case '角':
                    total += digit / 10;
                    break;
                case '分':
                    total += digit / 100;
                    break;
                case '整' or '正':
                    break;
                default:
                    return null;
            }
            digit = 0;
        }
        return units ? high + total + section + digit : null;
    }

    private static int? Digit(char c) =>
        c is '〇' or '○' ? 0
        : c == '两' ? 2
        : Digits.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? at
        : null;
}
