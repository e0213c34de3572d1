namespace CourtOps.Law;

/// <summary>Gives the calendar of a court. The host implements it over its tables; Law itself only knows the shipped years.</summary>
public interface ICalendarSource
{
    /// <summary>The calendar to compute with.</summary>
    /// <param name="court">Code of the court; null: without local days.</param>
    CourtCalendar For(string? court);
}

/// <summary>One calendar for every court.</summary>
/// <param name="calendar">The calendar.</param>
public sealed class SingleCalendar(CourtCalendar calendar) : ICalendarSource
{
    /// <summary>The shipped years, no local days.</summary>
    public static SingleCalendar BuiltIn { get; } = new(CourtCalendar.Default);

    /// <inheritdoc />
    public CourtCalendar For(string? court) => calendar;
}
