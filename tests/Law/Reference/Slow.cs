using System.Text.RegularExpressions;

namespace CourtOps.Law.Tests;

/// <summary>
/// A second reading of the rule book, written simply and slowly and without use of the library's rules: it walks day by day
/// over its own list of days off.
/// </summary>
internal static partial class Slow
{
    // day one of spring, dragon boat, mid-autumn, Qingming of the years without published arrangement, from an almanac
    private static readonly Dictionary<int, string[]> Almanac = new()
    {
        [2027] = ["02-06", "06-09", "09-15", "04-05"],
        [2028] = ["01-26", "05-28", "10-03", "04-04"],
        [2029] = ["02-13", "06-16", "09-22", "04-04"],
        [2030] = ["02-03", "06-05", "09-12", "04-05"],
        [2031] = ["01-23", "06-24", "10-01", "04-05"],
        [2032] = ["02-11", "06-12", "09-19", "04-04"],
    };

    private static readonly HashSet<DateOnly> Off = [];
    private static readonly HashSet<DateOnly> Worked = [];

    static Slow()
    {
        foreach (var day in CalendarYears.BuiltIn.SelectMany(y => y.Days))
            (day.IsOffDay ? Off : Worked).Add(day.Date);
        foreach (var (year, lunar) in Almanac)
        {
            var spring = Given.Day(year + "-" + lunar[0]);
            Off.UnionWith([spring.AddDays(-1), spring, spring.AddDays(1), spring.AddDays(2)]);
            Off.UnionWith(lunar[1..].Concat(["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"]).Select(d => Given.Day(year + "-" + d)));
        }
    }

    internal static readonly DateOnly First = new(2023, 1, 1);
    internal static readonly DateOnly Last = new(2028, 12, 31);

    internal static DateOnly Random(Random random) => First.AddDays(random.Next(Last.DayNumber - First.DayNumber));

    internal static bool Free(DateOnly d) => Off.Contains(d) || (d.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday && !Worked.Contains(d));

    internal static bool Unsure(DateOnly d) => d.Year is < 2023 or > 2026;

    internal static DateOnly Forward(DateOnly d)
    {
        while (Free(d))
            d = d.AddDays(1);
        return d;
    }

    internal static DateOnly Back(DateOnly d)
    {
        while (Free(d))
            d = d.AddDays(-1);
        return d;
    }

    internal static DateOnly Months(DateOnly d, int n, bool criminal = false)
    {
        var (year, month) = (d.Year, d.Month);
        for (var i = 0; i < n; i++)
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1);
        var length = Length(year, month);
        var atEnd = d.AddDays(1).Day == 1;
        return new DateOnly(year, month, criminal && atEnd ? length : Math.Min(d.Day, length));
    }

    internal static (DateOnly Raw, DateOnly Legal) Period(DateOnly trigger, int n, PeriodUnit unit, ProcedureKind procedure, bool custody)
    {
        var raw = trigger;
        if (unit == PeriodUnit.Day)
            for (var i = 0; i < n; i++)
                raw = raw.AddDays(1);
        if (unit == PeriodUnit.Workday)
        {
            var left = n;
            while (left > 0)
            {
                raw = raw.AddDays(1);
                if (!Free(raw))
                    left--;
            }
        }

        if (unit == PeriodUnit.Month)
            raw = Months(trigger, n, procedure == ProcedureKind.Criminal);
        if (unit == PeriodUnit.Year)
            raw = Months(trigger, 12 * n);
        return (raw, procedure == ProcedureKind.Criminal && custody ? raw : Forward(raw));
    }

    /// <summary>A property fee in ten-thousandths of a cent, band by band.</summary>
    internal static long PropertyFee(long cents) =>
        Bands(
            cents,
            50_000_000,
            (1_000_000, 0),
            (10_000_000, 250),
            (20_000_000, 200),
            (50_000_000, 150),
            (100_000_000, 100),
            (200_000_000, 90),
            (500_000_000, 80),
            (1_000_000_000, 70),
            (2_000_000_000, 60),
            (long.MaxValue, 50)
        );

    internal static long EnforcementFee(long cents) =>
        Bands(cents, 50_000_000, (1_000_000, 0), (50_000_000, 150), (500_000_000, 100), (1_000_000_000, 50), (long.MaxValue, 10));

    internal static long PreservationFee(long cents) => Math.Min(5_000_000_000, Bands(cents, 30_000_000, (100_000, 0), (10_000_000, 100), (long.MaxValue, 50)));

    internal static string Cents(long parts, int divisor = 1)
    {
        // half up: add half a cent before cutting
        var cents = ((parts * 2) + (10_000L * divisor)) / (20_000L * divisor);
        return $"{cents / 100}.{cents % 100:00}";
    }

    internal static bool IsCaseNumber(string folded) => Pattern().IsMatch(folded);

    private static long Bands(long cents, long fee, params (long To, long PerTenThousand)[] bands)
    {
        long from = 0;
        foreach (var (to, rate) in bands)
        {
            if (cents > from)
                fee += (Math.Min(cents, to) - from) * rate;
            from = to;
        }

        return fee;
    }

    private static int Length(int year, int month)
    {
        var leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month switch
        {
            2 => leap ? 29 : 28,
            4 or 6 or 9 or 11 => 30,
            _ => 31,
        };
    }

    [GeneratedRegex(
        @"^\([0-9]{4}\)(最高法|[京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新军兵][0-9]{0,4})(知)?([\u4e00-\u9fa5]{1,5}?)([0-9]+)号(之[一二三四五六七八九十]+)?$"
    )]
    private static partial Regex Pattern();
}
