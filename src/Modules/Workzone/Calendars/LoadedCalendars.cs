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
    private readonly CourtCalendar shared;
    private readonly Dictionary<string, CourtCalendar> own = [];

    /// <exception cref="RuleBroken">A file that is no calendar: named, with the reason. Nothing is guessed.</exception>
    public LoadedCalendars(string data)
    {
        shared = CourtCalendar.Default;
        var folder = Path.Combine(data, "calendars");
        if (!Directory.Exists(folder))
            return;
        var files = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToList();
        foreach (var file in files.Where(f => !IsLocal(f)))
            shared = shared.With(Read(file, CalendarYear.Parse));
        foreach (var file in files.Where(IsLocal))
            own[Path.GetFileNameWithoutExtension(file)[6..]] = shared.WithLocalDays(Read(file, Days));
    }

    public CourtCalendar For(string? court) => court is not null && own.TryGetValue(court, out var calendar) ? calendar : shared;

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
        return [.. document.RootElement.EnumerateArray().Select(d => new LocalDay(
            DateOnly.ParseExact(d.GetProperty("date").GetString() ?? "", "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            d.TryGetProperty("effect", out var effect) && effect.GetString() == "legal-holiday" ? LocalDayEffect.LegalHoliday : LocalDayEffect.OfficeClosed))];
    }
}
