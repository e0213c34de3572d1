using System.Globalization;

namespace CourtOps.Law;

/// <summary>The dates Law computes with: 1991-01-01 (first year of the Civil Procedure Law) to 2100-12-31 (last year whose lunar days can be
/// computed).</summary>
public static class LawDates
{
    /// <summary>First date accepted or answered.</summary>
    public static readonly DateOnly Min = new(1991, 1, 1);

    /// <summary>Last date accepted or answered.</summary>
    public static readonly DateOnly Max = new(2100, 12, 31);

    /// <summary>China has had one time without summer time since 1992: UTC+8.</summary>
    public static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);

    private static readonly string[] TimeForms =
    [
        "yyyy-MM-dd'T'HH:mm",
        "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd HH:mm:ss",
    ];

    private static readonly string[] OffsetForms =
    [
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd HH:mm:ssK",
    ];

    /// <summary>Writes a date as yyyy-MM-dd.</summary>
    public static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Writes a time as yyyy-MM-ddTHH:mm.</summary>
    public static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Returns the date when it lies within <see cref="Min"/> and <see cref="Max"/>.</summary>
    /// <param name="field">Name to put into the error.</param>
    /// <param name="date">Date to check.</param>
    /// <exception cref="LawError">The date lies outside.</exception>
    public static DateOnly Check(string field, DateOnly date) => date >= Min && date <= Max ? date : throw OutOfRange(field, date);

    /// <summary>Reads yyyy-MM-dd.</summary>
    /// <param name="field">Name to put into the error.</param>
    /// <param name="text">What was entered.</param>
    /// <exception cref="LawError">Not a date, a date that does not exist, or one out of range.</exception>
    public static DateOnly Parse(string field, string text)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            throw new LawError(field, LawReasons.NotADate, Shown(text));
        return Check(field, date);
    }

    /// <summary>
    /// Reads a date or a time: yyyy-MM-dd, yyyy-MM-ddTHH:mm, with seconds, with an offset (turned into China time). A date alone has no time of day.
    /// </summary>
    /// <param name="field">Name to put into the error.</param>
    /// <param name="text">What was entered.</param>
    /// <param name="hasTime">Whether a time of day was given.</param>
    /// <exception cref="LawError">Not a date or time, or out of range.</exception>
    public static DateTime ParseMoment(string field, string text, out bool hasTime)
    {
        hasTime = false;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return Check(field, date).ToDateTime(TimeOnly.MinValue);
        hasTime = true;
        if (DateTime.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            Check(field, DateOnly.FromDateTime(local));
            return local;
        }

        if (DateTimeOffset.TryParseExact(text, OffsetForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
        {
            if (moment.Year is < 1991 or > 2101)
                throw OutOfRange(field, DateOnly.FromDateTime(moment.DateTime));
            var china = moment.ToOffset(ChinaOffset).DateTime;
            Check(field, DateOnly.FromDateTime(china));
            return china;
        }

        throw new LawError(field, LawReasons.NotADateOrTime, Shown(text));
    }

    /// <summary>A piece of input short and clean enough to repeat in an error.</summary>
    internal static string Shown(string? text)
    {
        if (text is null)
            return "";
        var kept = new System.Text.StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(40))
            kept.Append(System.Text.Rune.IsControl(rune) ? "?" : rune.ToString());
        if (text.EnumerateRunes().Skip(40).Any())
            kept.Append('…');
        return kept.ToString();
    }

    private static LawError OutOfRange(string field, DateOnly date) => new(field, LawReasons.DateOutOfRange, date, Min, Max);
}
