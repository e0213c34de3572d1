using System.Globalization;
using System.Text;
using CourtOps.Kernel.Search;

namespace CourtOps.Workzone;

/// <summary>
/// What people and other programs write, as it is stored and compared: nothing that cannot be seen, one writing for one name, number or phone. Pure.
/// </summary>
public static class Written
{
    private const string Dots = "·•・‧･∙⋅●．";

    private static readonly string[] Companies =
    [
        "公司",
        "集团",
        "银行",
        "支行",
        "分行",
        "营业部",
        "信用社",
        "合作社",
        "联社",
        "厂",
        "基金会",
        "中心",
        "协会",
        "商会",
        "学会",
        "研究院",
        "研究所",
        "设计院",
        "学校",
        "大学",
        "学院",
        "中学",
        "小学",
        "幼儿园",
        "医院",
        "卫生院",
        "卫生所",
        "局",
        "委员会",
        "检察院",
        "法院",
        "人民政府",
        "办事处",
        "村民小组",
        "管理处",
        "管理站",
        "派出所",
        "看守所",
        "监狱",
        "报社",
        "出版社",
        "电视台",
        "总队",
        "支队",
        "大队",
    ];

    private static readonly string[] Others =
    [
        "事务所",
        "合伙企业",
        "（有限合伙）",
        "(有限合伙)",
        "（普通合伙）",
        "(普通合伙)",
        "（特殊普通合伙）",
        "(特殊普通合伙)",
        "分公司",
        "支行",
        "分行",
        "分理处",
        "营业部",
        "经营部",
        "门市部",
        "项目部",
        "个人独资企业",
        "分店",
        "商店",
        "商行",
        "超市",
        "饭店",
        "酒店",
        "药店",
        "工作室",
        "业主大会",
        "业主委员会",
    ];

    /// <summary>Without signs that cannot be seen (zero width, direction, soft hyphen, half of a pair); line breaks and blanks of any kind are one blank;
    /// trimmed.</summary>
    public static string Visible(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (
                rune == Rune.ReplacementChar
                || rune.Value is 0xFFFE or 0xFFFF
                || category is UnicodeCategory.Format or UnicodeCategory.Surrogate
                || (category == UnicodeCategory.Control && !Rune.IsWhiteSpace(rune))
            )
                continue;
            if (!Rune.IsWhiteSpace(rune))
                kept.Append(rune);
            else if (kept.Length > 0 && kept[^1] != ' ')
                kept.Append(' ');
        }
        return kept.ToString().TrimEnd();
    }

    /// <summary>A name: letters and digits in half width, one kind of middle dot, no blanks between ideographs.</summary>
    public static string Name(string? text)
    {
        var seen = Visible(text);
        var kept = new StringBuilder(seen.Length);
        for (var i = 0; i < seen.Length; i++)
        {
            var c = seen[i];
            if (c == ' ' && i > 0 && i + 1 < seen.Length && (seen[i - 1] >= '\u2E80' || seen[i + 1] >= '\u2E80'))
                continue;
            kept.Append(
                c switch
                {
                    >= '０' and <= '９' or >= 'Ａ' and <= 'Ｚ' or >= 'ａ' and <= 'ｚ' => (char)(c - 0xFEE0),
                    _ when Dots.Contains(c, StringComparison.Ordinal) => '·',
                    _ => c,
                }
            );
        }
        return kept.ToString();
    }

    /// <summary>A name for comparison: width and case folded, no blanks, one kind of middle dot.</summary>
    public static string NameKey(string? name) =>
        string.Concat(
            Visible(name)
                .Folded()
                .Where(c => !char.IsWhiteSpace(c))
                .Select(c => c == '.' || Dots.Contains(c, StringComparison.Ordinal) ? '·' : char.ToUpperInvariant(c))
        );

    /// <summary>A number of identity, of a register, of a card: half width, capitals, without blanks, hyphens and the mark a spreadsheet puts before
    /// text.</summary>
    public static string Sign(string? text) =>
        string.Concat(Visible(text).Folded().Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '‐' or '–')))
            .TrimStart('\'', '’', '‘', '`')
            .ToUpperInvariant();

    /// <summary>True where a spreadsheet has made a number of a long sign: 2.22424E+17. Its last digits are lost.</summary>
    public static bool IsRounded(string? text) =>
        Sign(text) is var s && s.Contains("E+", StringComparison.Ordinal) && s.All(c => char.IsAsciiDigit(c) || c is '.' or 'E' or '+');

    /// <summary>
    /// A phone as it is stored: a mobile number by its digits without the country's prefix, a fixed one as 0433-8822345 and perhaps 转801. What is no phone
    /// stays as it was seen.
    /// </summary>
    public static string Phone(string? text)
    {
        var seen = Visible(text).Folded();
        var (digits, extension, marked) = Parts(seen);
        var number = extension.Length == 0 ? digits : $"{digits}转{extension}";
        return (digits.Length, digits.Length > 0 ? digits[0] : ' ') switch
        {
            (0, _) => seen,
            _ when marked && extension.Length == 0 => seen,
            _ when seen.StartsWith('+')
                    && !seen.StartsWith("+86", StringComparison.Ordinal)
                    && seen.Skip(1).All(c => char.IsAsciiDigit(c) || c is ' ' or '-' or '(' or ')') => "+" + digits,
            _ when seen.Any(c => !(char.IsAsciiDigit(c) || " +-()—–‐转轉#*xXextEXT分机.".Contains(c, StringComparison.Ordinal))) => seen,
            (11, '1') => number,
            (>= 10 and <= 12, '0') => number.Insert(digits[1] is '1' or '2' ? 3 : 4, "-"),
            _ => number,
        };
    }

    /// <summary>Blank, or a number that can be called: a mobile one of 11 digits, a fixed one with or without its area code and perhaps an extension, a
    /// service number, one abroad with +.</summary>
    public static bool IsPhone(string? text)
    {
        var phone = Phone(text);
        if (phone.Length == 0)
            return true;
        var parts = phone.Split('转');
        if (parts.Length > 2 || (parts.Length == 2 && !(parts[1].Length is > 0 and <= 6 && parts[1].All(char.IsAsciiDigit))))
            return false;
        var number = parts[0].Replace("-", "", StringComparison.Ordinal);
        return number.TrimStart('+').Length > 0
            && number.TrimStart('+').All(char.IsAsciiDigit)
            && number[0] switch
            {
                '+' => number.Length is >= 8 and <= 17,
                '1' when number.Length == 11 => number[1] >= '3',
                '0' => number.Length is >= 10 and <= 12,
                '1' or '9' when number.Length == 5 => true,
                '4' or '8' when number.Length == 10 => true,
                >= '2' => number.Length is 7 or 8,
                _ => false,
            };
    }

    /// <summary>An address that mail can go to: its domain has a dot, nothing in it is beyond ASCII.</summary>
    public static bool IsEmail(string text) =>
        text.Length <= 200
        && System.Net.Mail.MailAddress.TryCreate(text, out var a)
        && a.Address == text
        && text.Count(c => c == '@') == 1
        && text.All(c => c > ' ' && c < 127)
        && a.Host.Split('.') is { Length: > 1 } labels
        && labels.All(l => l.Length > 0);

    /// <summary>An address as it is stored: half width, nothing invisible.</summary>
    public static string Email(string? text) => Visible(text).Folded();

    /// <summary>What a name says of its bearer: natural, legal or other (an organisation that is no legal person).</summary>
    public static string TypeOf(string name)
    {
        var seen = Name(name);
        return Others.Any(e => seen.EndsWith(e, StringComparison.Ordinal)) ? "other"
            : seen.Length > 3 && Companies.Any(e => seen.EndsWith(e, StringComparison.Ordinal)) || seen.EndsWith("公司", StringComparison.Ordinal) ? "legal"
            : "natural";
    }

    private static (string Digits, string Extension, bool Marked) Parts(string seen)
    {
        var at = seen.IndexOfAny(['转', '轉', '#', '*', 'x', 'X', 'e', 'E']);
        if (seen.IndexOf("分机", StringComparison.Ordinal) is >= 0 and var words)
            at = words;
        var digits = Digits(at < 0 ? seen : seen[..at]);
        if (digits.Length > 11 && digits.StartsWith("0086", StringComparison.Ordinal))
            digits = digits[4..];
        else if (digits.Length > 11 && digits.StartsWith("86", StringComparison.Ordinal))
            digits = digits[2..];
        // +86 433 …: the zero of the area code is not dialled from abroad
        if (seen.StartsWith("+86", StringComparison.Ordinal) && digits.Length is 9 or 10 or 11 && digits[0] is not ('0' or '1'))
            digits = "0" + digits;
        return (digits, at < 0 ? "" : Digits(seen[at..]), at >= 0);
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
