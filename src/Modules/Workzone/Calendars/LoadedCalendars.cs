using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Law;

namespace CourtOps.Workzone.Calendars;

/// <summary>
/// The shipped calendars and, over them, what lies in the data folder: calendars/YEAR.json in the holiday-cn shape, and
/// calendars/local-CODE.json with a court's own days, [{"date","effect"}] with effect office-closed or legal-holiday.
/// </summary>
public sealed class LoadedCalendars : ICalendarSource
{
    private readonly Dictionary<string, List<LocalDay>> local = [];
    private readonly CourtCalendar folder;
    private readonly Func<LoadedYears>? imported;

    // one reference, read once: what was built of the years that were imported last
    private volatile Built built;

    /// <exception cref="RuleBroken">A file that is no calendar: named, with the reason. Nothing is guessed.</exception>
    /// <param name="imported">Years that administrators imported, over those of the folder; asked at each use, so that a change counts at once.</param>
    public LoadedCalendars(string data, Func<LoadedYears>? imported = null)
    {
        this.imported = imported;
        folder = CourtCalendar.Default;
        var place = Path.Combine(data, "calendars");
        if (Directory.Exists(place))
        {
            var files = Directory.GetFiles(place, "*.json").Order(StringComparer.Ordinal).ToList();
            foreach (var file in files.Where(f => !IsLocal(f)))
                folder = folder.With(Read(file, CalendarYear.Parse));
            foreach (var file in files.Where(IsLocal))
                local[Path.GetFileNameWithoutExtension(file)[6..]] = Read(file, Days);
        }
        built = Build(null);
    }

    public CourtCalendar For(string? court)
    {
        var years = imported?.Invoke();
        var now = built;
        if (!ReferenceEquals(now.Years, years))
            built = now = Build(years);
        return court is not null && now.Own.TryGetValue(court, out var calendar) ? calendar : now.Shared;
    }

    /// <summary>The calendar without a court's own days as it would be with these years.</summary>
    public CourtCalendar With(LoadedYears? years) =>
        years is null
            ? folder
            : years.Years.OrderBy(y => y.Key, StringComparer.Ordinal).Aggregate(folder, (calendar, year) => calendar.With(CalendarYear.Parse(year.Value)));

    private Built Build(LoadedYears? years)
    {
        var shared = With(years);
        return new Built(years, shared, local.ToDictionary(l => l.Key, l => shared.WithLocalDays(l.Value)));
    }

    private sealed record Built(LoadedYears? Years, CourtCalendar Shared, IReadOnlyDictionary<string, CourtCalendar> Own);

    private static bool IsLocal(string file) => Path.GetFileName(file).StartsWith("local-", StringComparison.Ordinal);

    private static T Read<T>(string file, Func<string, T> parse)
    {
        try
        {
            return parse(File.ReadAllText(file));
        }
        catch (LawError e)
        {
            throw new RuleBroken($"{Path.GetFileName(file)}：{e.Field} {e.Reason}", "data");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new RuleBroken($"{Path.GetFileName(file)}：{e.Message}", "data");
        }
    }

    private static List<LocalDay> Days(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(d => new LocalDay(
                    DateOnly.ParseExact(d.GetProperty("date").GetString() ?? "", "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                    d.TryGetProperty("effect", out var effect) && effect.GetString() == "legal-holiday"
                        ? LocalDayEffect.LegalHoliday
                        : LocalDayEffect.OfficeClosed
                )),
        ];
    }
}
