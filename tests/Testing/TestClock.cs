using Microsoft.Extensions.Time.Testing;

namespace CourtOps.Testing;

/// <summary>A clock that stands still until a test moves it, forth or back; timers made by it fire when it is moved on.</summary>
public sealed class TestClock() : FakeTimeProvider(Monday)
{
    /// <summary>A Monday morning without a holiday near: 2026-03-02 09:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Monday = Shanghai(2026, 3, 2, 9, 0);

    public void Set(DateTimeOffset at)
    {
        if (at >= GetUtcNow())
            SetUtcNow(at.ToUniversalTime());
        else
            AdjustTime(at.ToUniversalTime());
    }

    /// <summary>Forth, or back where it is negative.</summary>
    public new void Advance(TimeSpan by) => Set(GetUtcNow() + by);

    public static DateTimeOffset Shanghai(int year, int month, int day, int hour, int minute, int second = 0) =>
        new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.FromHours(8)).ToUniversalTime();
}
