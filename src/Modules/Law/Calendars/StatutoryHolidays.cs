using System.Globalization;

namespace CourtOps.Law;

/// <summary>
/// The statutory days of a year without a published arrangement (全国年节及纪念日放假办法): what can be computed without the
/// annual notice. The bridge days and worked weekends of the notice cannot.
/// </summary>
internal static class StatutoryHolidays
{
    private static readonly ChineseLunisolarCalendar Lunar = new();
    private static readonly Lazy<DateOnly[][]> Table = new(() =>
        [.. Enumerable.Range(LawDates.Min.Year, LawDates.Max.Year - LawDates.Min.Year + 1).Select(y => Computed(y).ToArray())]
    );

    /// <summary>Days of the solar calendar that every arrangement of the year must contain.</summary>
    internal static IEnumerable<DateOnly> FixedOf(int year)
    {
        yield return new DateOnly(year, 1, 1);
        yield return new DateOnly(year, 5, 1);
        // from 2025 on, and in the golden weeks before 2008, 2 May is statutory too
        if (year >= 2025 || year is >= 2000 and <= 2007)
            yield return new DateOnly(year, 5, 2);
        if (year is >= 2000 and <= 2007)
            yield return new DateOnly(year, 5, 3);
        yield return new DateOnly(year, 10, 1);
        yield return new DateOnly(year, 10, 2);
        if (year >= 2000)
            yield return new DateOnly(year, 10, 3);
    }

    /// <summary>All statutory days of the year, including Qingming and the lunar days.</summary>
    internal static IReadOnlyList<DateOnly> Of(int year) => Table.Value[year - LawDates.Min.Year];

    private static IEnumerable<DateOnly> Computed(int year)
    {
        foreach (var day in FixedOf(year))
            yield return day;
        // Spring Festival: eve to 3rd since 2025, 1st to 3rd 2014–2024 and before 2008, eve to 2nd 2008–2013
        var first = LunarDay(year, 1, 1);
        var from = year >= 2025 || year is >= 2008 and <= 2013 ? -1 : 0;
        var to = year is >= 2008 and <= 2013 ? 1 : 2;
        for (var i = from; i <= to; i++)
            yield return first.AddDays(i);
        if (year < 2008)
            yield break;
        yield return Qingming(year);
        yield return LunarDay(year, 5, 5);
        yield return LunarDay(year, 8, 15);
    }

    /// <summary>Day of 清明 by the usual formula for 2000–2099; 2100 counts on from it.</summary>
    internal static DateOnly Qingming(int year)
    {
        var y = year - 2000;
        var day = (int)Math.Floor((y * 0.2422) + 4.81) - (y / 4);
        return new DateOnly(year, 4, year == 2100 ? 5 : day);
    }

    /// <summary>The day of the solar calendar on which a lunar day of the year falls; leap months are passed over.</summary>
    internal static DateOnly LunarDay(int year, int month, int day)
    {
        var leap = Lunar.GetLeapMonth(year);
        return DateOnly.FromDateTime(Lunar.ToDateTime(year, leap > 0 && month >= leap ? month + 1 : month, day, 0, 0, 0, 0));
    }
}
