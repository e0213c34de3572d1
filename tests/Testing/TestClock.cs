namespace CourtOps.Testing;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class TestClock : TimeProvider
{
    /// <summary>A Monday morning without a holiday near: 2026-03-02 09:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Monday = Shanghai(2026, 3, 2, 9, 0);

    private DateTimeOffset now = Monday;

    public override DateTimeOffset GetUtcNow() => now;

    public void Set(DateTimeOffset at) => now = at.ToUniversalTime();

    public void Advance(TimeSpan by) => now += by;

    public static DateTimeOffset Shanghai(int year, int month, int day, int hour, int minute, int second = 0) =>
        new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.FromHours(8)).ToUniversalTime();
}
