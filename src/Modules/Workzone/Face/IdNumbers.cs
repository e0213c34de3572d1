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
