using System.Text.Json;

namespace CourtOps.Law;

/// <summary>One day that differs from the plain week.</summary>
/// <param name="Date">The day.</param>
/// <param name="Name">Name of the holiday it belongs to.</param>
/// <param name="IsOffDay">True: no working day. False: a weekend day that is worked.</param>
public readonly record struct CalendarDay(DateOnly Date, string Name, bool IsOffDay);

/// <summary>The arrangement of one year as published by the State Council office.</summary>
public sealed class CalendarYear
{
    /// <summary>A notice names about 35 days; far more means the file is something else.</summary>
    private const int MostDays = 80;

    private CalendarYear(int year, IReadOnlyList<string> papers, IReadOnlyList<CalendarDay> days)
    {
        Year = year;
        Papers = papers;
        Days = days;
    }

    public int Year { get; }

    /// <summary>Addresses of the notices.</summary>
    public IReadOnlyList<string> Papers { get; }

    /// <summary>Days in order of date.</summary>
    public IReadOnlyList<CalendarDay> Days { get; }

    /// <summary>Reads a year in the holiday-cn JSON shape: <c>year</c>, <c>papers</c>, <c>days[] {name, date, isOffDay}</c>; other properties are
    /// ignored.</summary>
    /// <param name="json">The file's text.</param>
    /// <exception cref="LawError">
    /// Not JSON; no notice on gov.cn; a day outside the year (the last week of the year before is allowed), twice, or without name;
    /// a worked day that is no weekend day; a fixed statutory day missing. The field is a path such as <c>days[3].date</c>.
    /// </exception>
    public static CalendarYear Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or ArgumentException) // the second: text that is no valid Unicode
        {
            throw new LawError("json", LawReasons.CalendarJson, LawDates.Shown(e.Message));
        }
    }

    private static CalendarYear Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new LawError("json", LawReasons.CalendarJson, root.ValueKind.ToString());
        if (!root.TryGetProperty("year", out var y) || y.ValueKind != JsonValueKind.Number || !y.TryGetInt32(out var year) || year is < 1991 or > 2100)
            throw new LawError("year", LawReasons.CalendarYearRange);
        var papers = Notices(root);
        if (!root.TryGetProperty("days", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw new LawError("days", LawReasons.CalendarDays);
        if (list.GetArrayLength() > MostDays)
            throw new LawError("days", LawReasons.CalendarTooMany, list.GetArrayLength(), MostDays);

        var days = new SortedDictionary<DateOnly, CalendarDay>();
        var index = 0;
        foreach (var row in list.EnumerateArray())
        {
            var day = Day(row, year, "days[" + index++ + "]");
            if (!days.TryAdd(day.Date, day))
                throw new LawError("days[" + (index - 1) + "].date", LawReasons.CalendarTwice, day.Date);
        }

        foreach (var fixedDay in StatutoryHolidays.FixedOf(year))
            if (!days.TryGetValue(fixedDay, out var day) || !day.IsOffDay)
                throw new LawError("days", LawReasons.CalendarStatutoryMissing, fixedDay);
        return new CalendarYear(year, papers, [.. days.Values]);
    }

    private static List<string> Notices(JsonElement root)
    {
        var papers = new List<string>();
        if (root.TryGetProperty("papers", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray())
            {
                // lists of holidays without the notice behind them are often invented
                if (
                    item.ValueKind != JsonValueKind.String
                    || !Uri.TryCreate(item.GetString(), UriKind.Absolute, out var address)
                    || address.Scheme is not ("http" or "https")
                    || !(address.Host == "gov.cn" || address.Host.EndsWith(".gov.cn", StringComparison.Ordinal))
                )
                    throw new LawError("papers", LawReasons.CalendarPapers);
                papers.Add(item.GetString()!);
            }
        }

        return papers.Count > 0 ? papers : throw new LawError("papers", LawReasons.CalendarPapers);
    }

    private static CalendarDay Day(JsonElement row, int year, string path)
    {
        if (row.ValueKind != JsonValueKind.Object)
            throw new LawError(path, LawReasons.CalendarDays);
        if (LawResources.Optional(row, "name") is not { } name || string.IsNullOrWhiteSpace(name))
            throw new LawError(path + ".name", LawReasons.CalendarName);
        var date = LawDates.Parse(path + ".date", LawResources.Optional(row, "date") ?? "");
        if (!row.TryGetProperty("isOffDay", out var flag) || flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw new LawError(path + ".isOffDay", LawReasons.CalendarFlag);
        // 2022-12-31 belongs to the notice for 2023
        if (date.Year != year && !(date.Year == year - 1 && date is { Month: 12, Day: >= 25 }))
            throw new LawError(path + ".date", LawReasons.CalendarOtherYear, date, year);
        var off = flag.ValueKind == JsonValueKind.True;
        if (!off && date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            throw new LawError(path + ".isOffDay", LawReasons.CalendarWorkdayOnWeekday, date);
        return new CalendarDay(date, name.Trim(), off);
    }
}
