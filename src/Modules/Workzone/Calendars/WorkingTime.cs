using CourtOps.Kernel.Web;
using CourtOps.Law;

namespace CourtOps.Workzone.Calendars;

/// <summary>Court hours as pure functions: 8:30 to 12:00 and 13:30 to 17:00 on office days, Asia/Shanghai.</summary>
public static class CourtHours
{
    private static readonly (TimeSpan From, TimeSpan To)[] Shifts = [(new(8, 30, 0), new(12, 0, 0)), (new(13, 30, 0), new(17, 0, 0))];

    /// <summary>The instant at which <paramref name="amount"/> of court time has passed since <paramref name="from"/>.</summary>
    public static DateTimeOffset Add(DateTimeOffset from, TimeSpan amount, CourtCalendar calendar)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, TimeSpan.Zero);
        var local = Times.Local(from).DateTime;
        var day = DateOnly.FromDateTime(local);
        var time = local.TimeOfDay;
        var left = amount;
        for (var guard = 0; guard < 20_000; guard++, day = day.AddDays(1), time = TimeSpan.Zero)
        {
            if (!calendar.IsOfficeDay(day))
                continue;
            foreach (var (start, end) in Shifts)
            {
                var begin = time > start ? time : start;
                if (begin >= end)
                    continue;
                var span = end - begin;
                if (left <= span)
                    return At(day, begin + left);
                left -= span;
            }
        }
        throw new ArgumentOutOfRangeException(nameof(amount), "More court time than fifty years hold.");
    }

    /// <summary>Court time between two instants; zero when they are the wrong way round.</summary>
    public static TimeSpan Between(DateTimeOffset from, DateTimeOffset to, CourtCalendar calendar)
    {
        if (to <= from)
            return TimeSpan.Zero;
        var a = Times.Local(from).DateTime;
        var b = Times.Local(to).DateTime;
        var sum = TimeSpan.Zero;
        for (var day = DateOnly.FromDateTime(a); day <= DateOnly.FromDateTime(b); day = day.AddDays(1))
        {
            if (!calendar.IsOfficeDay(day))
                continue;
            foreach (var (start, end) in Shifts)
            {
                var begin = day.ToDateTime(TimeOnly.FromTimeSpan(start));
                var stop = day.ToDateTime(TimeOnly.FromTimeSpan(end));
                var x = begin > a ? begin : a;
                var y = stop < b ? stop : b;
                if (y > x)
                    sum += y - x;
            }
        }
        return sum;
    }

    private static DateTimeOffset At(DateOnly day, TimeSpan time) => Times.At(day.ToDateTime(TimeOnly.FromTimeSpan(time)));
}

/// <summary>Target times of orders by the calendar of the court.</summary>
internal sealed class WorkingTime(ICalendarSource calendars)
{
    public DateTimeOffset AddHours(DateTimeOffset from, int hours, string? court = null) =>
        CourtHours.Add(from, TimeSpan.FromHours(hours), calendars.For(court));

    /// <summary>The target after a pause: as much court time later as the pause took.</summary>
    public DateTimeOffset Shift(DateTimeOffset due, DateTimeOffset pausedAt, DateTimeOffset resumedAt, string? court = null)
    {
        var calendar = calendars.For(court);
        var paused = CourtHours.Between(pausedAt, resumedAt, calendar);
        return paused == TimeSpan.Zero ? due : CourtHours.Add(due, paused, calendar);
    }

    public CourtCalendar Calendar(string? court = null) => calendars.For(court);
}
