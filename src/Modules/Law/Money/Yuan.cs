using System.Globalization;

namespace CourtOps.Law;

/// <summary>Amounts in yuan as decimals, at most two of them.</summary>
public static class Yuan
{
    /// <summary>Largest amount accepted: ten trillion.</summary>
    public const decimal Most = 9_999_999_999_999.99m;

    /// <summary>Reads an amount: digits, optionally a point and one or two decimals.</summary>
    /// <param name="field">Name to put into the error.</param>
    /// <param name="text">What was entered.</param>
    /// <exception cref="LawError">Not an amount, negative, three decimals, too large.</exception>
    public static decimal Parse(string field, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = text.AsSpan();
        if (rest.StartsWith("-") && IsAmount(rest[1..]))
            throw new LawError(field, LawReasons.MoneyNegative);
        if (!IsAmount(rest))
            throw new LawError(field, LawReasons.NotMoney, LawDates.Shown(text));
        var point = rest.IndexOf('.');
        if (point >= 0 && rest.Length - point - 1 > 2)
            throw new LawError(field, LawReasons.MoneyDecimals, LawDates.Shown(text));
        var whole = (point < 0 ? rest : rest[..point]).TrimStart('0');
        if (whole.Length > 13)
            throw new LawError(field, LawReasons.MoneyTooLarge, LawDates.Shown(text), Text(Most));
        return decimal.Parse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the amount when it is not negative, not too large and has at most two decimals.</summary>
    /// <exception cref="LawError">Otherwise.</exception>
    public static decimal Check(string field, decimal amount)
    {
        if (amount < 0)
            throw new LawError(field, LawReasons.MoneyNegative);
        if (amount > Most)
            throw new LawError(field, LawReasons.MoneyTooLarge, amount.ToString(CultureInfo.InvariantCulture), Text(Most));
        return decimal.Round(amount, 2) == amount ? amount : throw new LawError(field, LawReasons.MoneyDecimals, amount.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Rounds half up to the cent.</summary>
    public static decimal Round(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);

    /// <summary>The least amount in cents that is not below the exact one.</summary>
    public static decimal Ceiling(decimal amount) => decimal.Ceiling(amount * 100) / 100;

    /// <summary>The largest amount in cents that is not above the exact one.</summary>
    public static decimal Floor(decimal amount) => decimal.Floor(amount * 100) / 100;

    /// <summary>Writes an amount with two decimals.</summary>
    public static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static bool IsAmount(ReadOnlySpan<char> text)
    {
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var part = point < 0 ? default : text[(point + 1)..];
        return whole.Length > 0 && !whole.ContainsAnyExceptInRange('0', '9') && (point < 0 || (part.Length > 0 && !part.ContainsAnyExceptInRange('0', '9')));
    }
}
