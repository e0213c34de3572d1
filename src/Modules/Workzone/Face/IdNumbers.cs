namespace CourtOps.Workzone;

/// <summary>Checks of numbers of identity. Pure.</summary>
public static class IdNumbers
{
    private const string CreditSigns = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>18 characters with the right check digit (GB 11643).</summary>
    public static bool IsIdCard(string number)
    {
        if (number is not { Length: 18 } || !number[..17].All(char.IsAsciiDigit))
            return false;
        ReadOnlySpan<int> weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var sum = 0;
        for (var i = 0; i < 17; i++)
            sum += (number[i] - '0') * weights[i];
        return "10X98765432"[sum % 11] == char.ToUpperInvariant(number[17]);
    }

    /// <summary>The 18 characters of an id number of 15 digits by GB 11643 (born in 19.., check digit added); null for what is none.</summary>
    public static string? Longer(string? number)
    {
        if (number is not { Length: 15 } || !number.All(char.IsAsciiDigit) || !IsDay("19" + number[6..12]))
            return null;
        var body = number[..6] + "19" + number[6..];
        return "0123456789X".Select(c => body + c).First(IsIdCard);
    }

    /// <summary>Whether a number of a natural person is meant to be an id card's and cannot be one: wrong length or check digit, no day of birth. Papers of
    /// another kind are not judged.</summary>
    public static bool IsWrongIdCard(string number)
    {
        var body = number.EndsWith('X') ? number[..^1] : number;
        return body.Length is >= 13 and <= 20 && body.All(char.IsAsciiDigit) && Longer(number) is null && !(IsIdCard(number) && IsDay(number[6..14]));
    }

    /// <summary>The last four signs by which a person with this number may identify itself: of the number, and of its longer form where it has 15
    /// digits.</summary>
    public static IReadOnlyList<string> Tails(string? number) =>
        number is not { Length: >= 4 } ? []
        : Longer(number) is { } longer ? [number[^4..], longer[^4..]]
        : [number[^4..]];

    private static bool IsDay(string day) =>
        DateOnly.TryParseExact(day, "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _);

    /// <summary>统一社会信用代码: 18 signs with the right check sign (GB 32100).</summary>
    public static bool IsCreditCode(string number)
    {
        if (number is not { Length: 18 })
            return false;
        ReadOnlySpan<int> weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            var value = CreditSigns.IndexOf(char.ToUpperInvariant(number[i]), StringComparison.Ordinal);
            if (value < 0)
                return false;
            sum += value * weights[i];
        }
        return CreditSigns[(31 - (sum % 31)) % 31] == char.ToUpperInvariant(number[17]);
    }
}
