using System.Text.RegularExpressions;

namespace CourtOps.Law;

/// <summary>
/// Tells the court's short name from the type in numbers until 2015. Both are plain characters side by side (汪民初, 高新执,
/// 延中民一终), so the split is where the rest first reads as a type: 民权民初 is 民权 + 民初, 行民初 is 行 + 民初.
/// </summary>
internal static partial class LegacyCaseTypes
{
    private const int MostCourtRunes = 10;
    private const int MostTypeRunes = 8;
    private const string BranchSigns = "民刑行商经执赔破";

    internal static (string Court, string Type)? Split(string text)
    {
        if (text.EnumerateRunes().Count() > MostCourtRunes + MostTypeRunes)
            return null;
        var runes = 0;
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            if (runes++ > MostCourtRunes)
                break;
            var court = text[..i];
            if (IsName(court) && Type().IsMatch(text[i..]))
                return (court, text[i..]);
        }

        return ByFirstSign(text);
    }

    /// <summary>A type that is not in the list (商外初) still begins with the sign of a branch.</summary>
    private static (string Court, string Type)? ByFirstSign(string text)
    {
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (!BranchSigns.Contains(text[i], StringComparison.Ordinal))
                continue;
            var (court, type) = (text[..i], text[i..]);
            return type.Length <= MostTypeRunes && IsName(court) && IsName(type) ? (court, type) : null;
        }

        return null;
    }

    // a name is made of letters; anything else is a slip that the caller should hear of
    private static bool IsName(string court) => court.EnumerateRunes().All(System.Text.Rune.IsLetter);

    [GeneratedRegex(
        """
            ^(?:
              知?(?:[民刑行商经海]|民商|海商)[一二三四五六七八九十]?(?:\(?知\)?|\(商\)|\(海\))?
                (?:诉前)?(?:初|终|再初|再终|再|申|监|抗|提|撤|特|催|督|特监|督监|辖|辖终|辖监|破|保|调|确|调确|简|速|更|复|核|执|没|医|赔|赔初|赔终|非|审|审复|他|受初|受终|管终|清|三重|重|重初|少初|二初|一初|附初|自初|公初|立|裁|止|诉保|诉前保)
              |执(?:恢|异|复|监|协|保|督|请|裁|他|外异|申|提|抗|再|初|终)?|非?(?:行|诉)审?执|非诉行审|民督|民催
              |(?:法|委|国)?赔(?:偿)?(?:他|监|确|初|终|复|再|提)?|(?:法|委)委赔
              |(?:假|减|减刑|假释|刑更|刑执)|(?:商|民)?破(?:产)?|(?:司|法)惩(?:复)?|知[民行]|(?:认|协)(?:台|港|澳|外)
            )$
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant
    )]
    private static partial Regex Type();
}
