using System.Buffers;
using System.Globalization;
using System.Text;

namespace CourtOps.Law;

/// <summary>Reads case numbers place by place, so that an error can say where it is.</summary>
internal static class CaseNumberReader
{
    private const int MostRunes = 60;
    private const int MostSerialDigits = 9;
    private const string ProvinceSigns = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新军兵";
    private static readonly SearchValues<char> Numerals = SearchValues.Create("一二三四五六七八九十");

    internal static bool IsProvinceSign(char c) => ProvinceSigns.Contains(c, StringComparison.Ordinal);

    internal static IEnumerable<string> AllProvinceSigns => ProvinceSigns.Select(c => c.ToString());

    internal static CaseNumber Read(string text, string field)
    {
        var folded = Fold(text);
        if (folded.Length == 0)
            throw new LawError(field, LawReasons.CaseNumberEmpty);
        var runes = folded.EnumerateRunes().Count();
        if (runes > MostRunes)
            throw new LawError(field, LawReasons.CaseNumberTooLong, runes, MostRunes);

        var place = 0;
        var year = Year(folded, ref place, field);
        var legacyAt = folded.IndexOf("字第", place, StringComparison.Ordinal);
        return legacyAt > 0 ? Legacy(folded, year, place, legacyAt, field) : Modern(folded, year, place, field);
    }

    /// <summary>Full width to ASCII for digits, brackets and letters; white space and invisible marks dropped.</summary>
    internal static string Fold(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format)
                continue;
            kept.Append(rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFEE0) : rune);
        }

        return kept.ToString();
    }

    private static int Year(string text, ref int place, string field)
    {
        if (text.Length < 6 || text[0] != '(' || text[5] != ')' || !text.AsSpan(1, 4).ContainsOnlyDigits())
            throw new LawError(field, LawReasons.CaseNumberYear, Near(text, 0));
        var year = int.Parse(text.AsSpan(1, 4), NumberStyles.None, CultureInfo.InvariantCulture);
        if (year is < 1949 or > 2100)
            throw new LawError(field, LawReasons.CaseNumberYearRange, year, 1949, 2100);
        place = 6;
        return year;
    }

    private static CaseNumber Modern(string text, int year, int place, string field)
    {
        var start = place;
        if (text.AsSpan(place).StartsWith("最高法", StringComparison.Ordinal))
        {
            place += 3;
        }
        else
        {
            if (place >= text.Length || !IsProvinceSign(text[place]))
                throw new LawError(field, LawReasons.CaseNumberCourt, Near(text, place));
            place++;
            for (var i = 0; i < 4 && place < text.Length && char.IsAsciiDigit(text[place]); i++)
                place++;
        }

        var court = text[start..place];
        var typeStart = place;
        while (place < text.Length && text[place] is >= '\u4e00' and <= '\u9fa5' && text[place] != '号')
            place++;
        var letters = text[typeStart..place];
        // 知 belongs to the court when a type of its own follows it
        var special = letters.Length > 1 && letters[0] == '知' ? "知" : null;
        var type = special is null ? letters : letters[1..];
        if (type.Length > 1 && type[^1] == '第')
            type = type[..^1]; // 民初第408号: 第 belongs to no type
        if (type.Length is < 1 or > 5)
            throw new LawError(field, LawReasons.CaseNumberType, Near(text, typeStart));

        var serial = Serial(text, ref place, field);
        // zeros before a number are a writing of it (0413号 is 413号), but for the reviews of the highest court, whose numbers have them
        if (court != "最高法" && serial.TrimStart('0') is { Length: > 0 } plain)
            serial = plain;
        return new CaseNumber(year, court, special, type, serial, End(text, place, field), false);
    }

    private static CaseNumber Legacy(string text, int year, int place, int at, string field)
    {
        var (court, type) = LegacyCaseTypes.Split(text[place..at]) ?? throw new LawError(field, LawReasons.CaseNumberLegacy, Near(text, place));
        place = at + 2;
        var serial = Serial(text, ref place, field);
        var sub = place;
        if (place + 1 < text.Length && text[place] == '-' && char.IsAsciiDigit(text[place + 1]))
        {
            place++;
            while (place < text.Length && char.IsAsciiDigit(text[place]))
                place++;
            if (place - sub > 4)
                throw new LawError(field, LawReasons.CaseNumberSerial, Near(text, sub));
            serial += text[sub..place];
        }

        return new CaseNumber(year, court, null, type, serial, End(text, place, field), true);
    }

    private static string Serial(string text, ref int place, string field)
    {
        var start = place;
        while (place < text.Length && char.IsAsciiDigit(text[place]))
            place++;
        return place - start is >= 1 and <= MostSerialDigits ? text[start..place] : throw new LawError(field, LawReasons.CaseNumberSerial, Near(text, start));
    }

    private static string? End(string text, int place, string field)
    {
        if (place >= text.Length || text[place] != '号')
            throw new LawError(field, LawReasons.CaseNumberEnd, Near(text, place));
        var suffix = text[(place + 1)..];
        if (suffix.Length == 0)
            return null;
        if (suffix.Length < 2 || suffix[0] != '之' || suffix.AsSpan(1).ContainsAnyExcept(Numerals))
            throw new LawError(field, LawReasons.CaseNumberSuffix, LawDates.Shown(suffix));
        return suffix;
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> span) => !span.ContainsAnyExceptInRange('0', '9');

    private static string Near(string text, int place) => LawDates.Shown(place < text.Length ? text[place..] : "");
}
