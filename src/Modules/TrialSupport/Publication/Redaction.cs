using System.Globalization;
using System.Text.RegularExpressions;
using CourtOps.Workzone;

namespace CourtOps.TrialSupport.Publication;

/// <summary>A name that is hidden, and what stands in its place.</summary>
internal sealed record HiddenName(string Name, string Shown);

/// <summary>What the hiding did: the text, and how often each kind of thing was hidden.</summary>
internal sealed record Redacted(IReadOnlyList<string> Paragraphs, IReadOnlyDictionary<string, int> Hidden);

/// <summary>
/// Hides what a published judgment may not say (G-07, 法释〔2016〕19号 Arts 8–10). Pure. Names of those who are protected become their first sign and 某; numbers
/// of identity, phones, bank cards, plates,
/// titles of property, mail and home addresses are struck. A person looks at the result before anything is published.
/// </summary>
internal static partial class Redaction
{
    /// <summary>What a published document is called: its kind as it stands at its head, never what a person typed or a file was called.</summary>
    public static string PublicTitle(IReadOnlyList<string> paragraphs) =>
        paragraphs.Take(5).Select(Checks.Paper.Bare).FirstOrDefault(p => Checks.Paper.TypeLine().IsMatch(p)) ?? "裁判文书";

    /// <summary>Why a judgment is not published (Art 4).</summary>
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["secret"] = "涉及国家秘密",
        ["minor"] = "未成年人犯罪",
        ["mediation"] = "以调解方式结案",
        ["family"] = "离婚诉讼或者涉及未成年子女抚养、监护",
        ["unsuitable"] = "不宜在互联网公布的其他情形",
    };

    private static readonly string[] Family = ["离婚", "抚养", "监护", "收养", "探望"];
    private static readonly string[] Shy = ["继承", "婚姻", "婚约", "赡养", "同居", "分家", "扶养"];

    /// <summary>The reason that the record itself gives against publishing; null for none. The kind is of the document: mediation is never published.</summary>
    public static string? Against(string documentKind, string cause) =>
        documentKind == "mediation" ? "mediation"
        : Family.Any(f => cause.Contains(f, StringComparison.Ordinal)) ? "family"
        : null;

    /// <summary>Whether the parties themselves are hidden: disputes of family and inheritance (Art 8).</summary>
    public static bool HidesParties(string cause) => Shy.Concat(Family).Any(f => cause.Contains(f, StringComparison.Ordinal));

    /// <summary>Surname and 某; of a name with · its first part and 某; of another name its first sign. The same result again gets 甲, 乙 … in their
    /// order.</summary>
    public static IReadOnlyList<HiddenName> Hide(IEnumerable<string> names)
    {
        const string marks = "甲乙丙丁戊己庚辛壬癸";
        var all = names.Where(n => n.Length > 0).Distinct().Select(n => (Name: n, Short: First(n) + "某")).ToList();
        var twice = all.GroupBy(a => a.Short).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var used = new Dictionary<string, int>();
        return
        [
            .. all.Select(a =>
            {
                if (!twice.Contains(a.Short))
                    return new HiddenName(a.Name, a.Short);
                var n = used[a.Short] = used.GetValueOrDefault(a.Short) + 1;
                return new HiddenName(a.Name, a.Short + (n <= marks.Length ? marks[n - 1].ToString() : n.ToString(CultureInfo.InvariantCulture)));
            }),
        ];
    }

    /// <summary>The text with everything hidden.</summary>
    public static Redacted Apply(IReadOnlyList<string> paragraphs, IReadOnlyList<HiddenName> names)
    {
        var hidden = new Dictionary<string, int>();
        void Count(string kind) => hidden[kind] = hidden.GetValueOrDefault(kind) + 1;
        var result = new List<string>(paragraphs.Count);
        foreach (var p in paragraphs)
        {
            var text = p;
            // the longest first: a name may be the beginning of another
            foreach (var n in names.OrderByDescending(n => n.Name.Length))
                text = Regex.Replace(
                    text,
                    Regex.Escape(n.Name),
                    _ =>
                    {
                        Count("name");
                        return n.Shown;
                    }
                );
            text = IdNumber().Replace(text, m => Strike(m, "id", IdNumbers.IsIdCard(m.Value.ToUpperInvariant()) || m.Value.Length == 18));
            text = OldIdNumber().Replace(text, m => Strike(m, "id", IsOldId(m.Value)));
            text = BankCard().Replace(text, m => Strike(m, "account", IsLuhn(m.Value.Replace(" ", "", StringComparison.Ordinal))));
            text = Mobile().Replace(text, m => Strike(m, "phone", true));
            text = Plate().Replace(text, m => Strike(m, "plate", true));
            text = Mail().Replace(text, m => Strike(m, "mail", true));
            text = Title().Replace(text, m => Strike(m, "title", true));
            text = Address()
                .Replace(
                    text,
                    m =>
                    {
                        Count("address");
                        return m.Groups[1].Value + "××";
                    }
                );
            result.Add(text);
        }
        return new Redacted(result, hidden);

        string Strike(Match m, string kind, bool sure)
        {
            if (!sure)
                return m.Value;
            Count(kind);
            return "××××";
        }
    }

    private static string First(string name)
    {
        if (name.IndexOfAny(['·', '•', '・']) is > 0 and var dot)
            return name[..dot];
        return StringInfo.GetNextTextElement(name);
    }

    /// <summary>An identity number of before 1999: six digits of a place, the birthday with two digits of the year (19..), three more.</summary>
    internal static bool IsOldId(string number) =>
        number.Length == 15
        && number[0] is >= '1' and <= '8'
        && DateOnly.TryParseExact(string.Concat("19", number.AsSpan(6, 6)), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsLuhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var d = digits[^(i + 1)] - '0';
            if (i % 2 == 1 && (d *= 2) > 9)
                d -= 9;
            sum += d;
        }
        return sum % 10 == 0;
    }

    [GeneratedRegex(@"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")]
    private static partial Regex IdNumber();

    [GeneratedRegex(@"(?<![0-9A-Za-z.,])\d{15}(?![0-9A-Za-z]|[.,]\d|万?元)")]
    private static partial Regex OldIdNumber();

    [GeneratedRegex(@"(?<![0-9])\d{4}(?: ?\d{4}){3}(?: ?\d{1,3})?(?![0-9])")]
    private static partial Regex BankCard();

    [GeneratedRegex(@"(?<![0-9])1[3-9]\d{9}(?![0-9])")]
    private static partial Regex Mobile();

    [GeneratedRegex(@"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{5,6}(?![A-Z0-9])")]
    private static partial Regex Plate();

    [GeneratedRegex(@"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")]
    private static partial Regex Mail();

    [GeneratedRegex(@"[\u4e00-\u9fff]{0,2}[（(]\d{4}[）)][\u4e00-\u9fff]{2,12}不动产权第\d+号")]
    private static partial Regex Title();

    // where a person lives, up to the end of the clause; the seat of a unit (住所地) stays
    [GeneratedRegex(@"(?<=^|[，,；;。：:\s])((?:现?住址|户籍所在地|户籍地|现住|住)[：:]?)(?![所房宅院]|××)[\u4e00-\u9fff0-9A-Za-z（）()－—-]{2,60}")]
    private static partial Regex Address();
}
