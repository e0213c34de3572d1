namespace CourtOps.Law;

/// <summary>
/// The working days of one court: the published years, the plain statutory days where no year is published, and the court's
/// own days. Immutable and safe to share; every question is answered from a table of bits without allocation.
/// </summary>
public sealed class CourtCalendar
{
    // a margin around LawDates so that a roll at the edge finds its way before the result is refused
    private static readonly int First = new DateOnly(1990, 1, 1).DayNumber;
    private static readonly int Count = new DateOnly(2101, 12, 31).DayNumber - First + 1;
    private static readonly Lazy<CourtCalendar> BuiltIn = new(() => new CourtCalendar(CalendarYears.BuiltIn, []));

    private readonly ulong[] legalOff = new ulong[(Count / 64) + 1];
    private readonly ulong[] officeOff;
    private readonly bool[] loaded = new bool[200];
    private readonly CalendarYear[] years;
    private readonly LocalDay[] localDays;

    private CourtCalendar(IEnumerable<CalendarYear> years, IEnumerable<LocalDay> localDays)
    {
        this.years = [.. years.GroupBy(y => y.Year).Select(g => g.Last()).OrderBy(y => y.Year)];
        this.localDays = [.. localDays.OrderBy(d => d.Date)];
        foreach (var year in this.years)
            loaded[year.Year - 1950] = true;
        for (var i = 0; i < Count; i++)
            if (DateOnly.FromDayNumber(First + i).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                Set(legalOff, i, true);
        for (var year = LawDates.Min.Year; year <= LawDates.Max.Year; year++)
            if (!IsLoaded(year))
                foreach (var day in StatutoryHolidays.Of(year))
                    Set(legalOff, day.DayNumber - First, true);
        foreach (var year in this.years)
        foreach (var day in year.Days)
            Set(legalOff, day.Date.DayNumber - First, day.IsOffDay);
        foreach (var day in this.localDays)
            if (day.Effect == LocalDayEffect.LegalHoliday)
                Set(legalOff, Index(day.Date), true);
        officeOff = [.. legalOff];
        foreach (var day in this.localDays)
            Set(officeOff, Index(day.Date), true);
    }

    /// <summary>The calendar of the years shipped with this library, without local days.</summary>
    public static CourtCalendar Default => BuiltIn.Value;

    /// <summary>Years whose arrangement is loaded, in order.</summary>
    public IEnumerable<int> LoadedYears => years.Select(y => y.Year);

    /// <summary>Builds a calendar. A later item of the same year replaces an earlier one.</summary>
    /// <param name="years">Published arrangements; usually <see cref="CalendarYears.BuiltIn"/> and what the court loaded.</param>
    /// <param name="localDays">Days off of this court.</param>
    /// <exception cref="LawError">A local day lies out of range.</exception>
    public static CourtCalendar Of(IEnumerable<CalendarYear> years, IEnumerable<LocalDay>? localDays = null)
    {
        ArgumentNullException.ThrowIfNull(years);
        var local = localDays?.ToArray() ?? [];
        foreach (var day in local)
            LawDates.Check("localDay", day.Date);
        return new CourtCalendar(years, local);
    }

    /// <summary>This calendar with one more year; an arrangement already loaded for that year is replaced.</summary>
    public CourtCalendar With(CalendarYear year) => new(years.Append(year), localDays);

    /// <summary>This calendar with other local days.</summary>
    public CourtCalendar WithLocalDays(IEnumerable<LocalDay> days) => Of(years, days);

    /// <summary>Whether a legal period ending on the day moves on: weekends that are not worked, statutory and bridge holidays (民法典 203).</summary>
    /// <param name="date">1990-01-01 to 2101-12-31.</param>
    /// <exception cref="LawError">The date lies outside.</exception>
    public bool IsHoliday(DateOnly date) => Get(legalOff, Index(date));

    /// <summary>Whether the court works on the day: no holiday and no local closing.</summary>
    /// <param name="date">1990-01-01 to 2101-12-31.</param>
    /// <exception cref="LawError">The date lies outside.</exception>
    public bool IsOfficeDay(DateOnly date) => !Get(officeOff, Index(date));

    /// <summary>Whether the arrangement of the year is loaded.</summary>
    public bool IsLoaded(int year) => (uint)(year - 1950) < 200 && loaded[year - 1950];

    /// <summary>Whether a result on the day must be marked provisional: the arrangement of its year is not loaded (rule A-07).</summary>
    public bool IsProvisional(DateOnly date) => !IsLoaded(date.Year);

    /// <summary>The day itself, or the first following day that is no holiday.</summary>
    /// <exception cref="LawError">The date lies out of range.</exception>
    public DateOnly Roll(DateOnly date)
    {
        var i = Index(date);
        while (Get(legalOff, i))
            i = Next(i);
        return DateOnly.FromDayNumber(First + i);
    }

    /// <summary>The n-th working day after the date (n ≥ 1); the date itself is not counted.</summary>
    /// <exception cref="LawError">The result lies out of range.</exception>
    public DateOnly AddWorkdays(DateOnly date, int n)
    {
        var i = Index(date);
        while (n > 0)
        {
            i = Next(i);
            if (!Get(legalOff, i))
                n--;
        }

        return DateOnly.FromDayNumber(First + i);
    }

    /// <summary>The day itself, or the last day before it on which the court works. For internal due dates.</summary>
    /// <exception cref="LawError">The date lies out of range.</exception>
    public DateOnly OfficeDayNotAfter(DateOnly date)
    {
        var i = Index(date);
        while (Get(officeOff, i))
            i = i > 0 ? i - 1 : throw OutOfRange();
        return DateOnly.FromDayNumber(First + i);
    }

    /// <summary>The day itself, or the first day after it on which the court works.</summary>
    /// <exception cref="LawError">The date lies out of range.</exception>
    public DateOnly OfficeDayNotBefore(DateOnly date)
    {
        var i = Index(date);
        while (Get(officeOff, i))
            i = Next(i);
        return DateOnly.FromDayNumber(First + i);
    }

    /// <summary>
    /// The days on which this calendar and another differ, and every day of a year loaded in only one of them: results that
    /// touch them are to be computed again when a year arrives.
    /// </summary>
    public IEnumerable<DateOnly> DaysDifferentFrom(CourtCalendar other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = LawDates.Min.DayNumber - First; i <= LawDates.Max.DayNumber - First; i++)
        {
            var day = DateOnly.FromDayNumber(First + i);
            if (Get(legalOff, i) != Get(other.legalOff, i) || Get(officeOff, i) != Get(other.officeOff, i) || IsLoaded(day.Year) != other.IsLoaded(day.Year))
                yield return day;
        }
    }

    private static int Index(DateOnly date)
    {
        var i = date.DayNumber - First;
        return (uint)i < (uint)Count ? i : throw OutOfRange();
    }

    private static int Next(int i) => i + 1 < Count ? i + 1 : throw OutOfRange();

    private static LawError OutOfRange() => new("date", LawReasons.ResultOutOfRange, LawDates.Min, LawDates.Max);

    private static bool Get(ulong[] bits, int i) => (bits[i >> 6] & (1UL << (i & 63))) != 0;

    private static void Set(ulong[] bits, int i, bool value)
    {
        if (value)
            bits[i >> 6] |= 1UL << (i & 63);
        else
            bits[i >> 6] &= ~(1UL << (i & 63));
    }
}
