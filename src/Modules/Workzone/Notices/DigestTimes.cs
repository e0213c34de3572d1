using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Notices;

/// <summary>When a digest goes out. Pure; hours of the court.</summary>
internal static class DigestTimes
{
    public const string Off = "off";
    public const string Hourly = "hourly";
    public const string Daily = "daily";

    /// <summary>The next instant after now that the pace asks for and the quiet hours allow; null when none is wanted.</summary>
    /// <param name="from">First quiet hour.</param>
    /// <param name="to">First hour that is not quiet again; equal hours mean no quiet.</param>
    public static DateTimeOffset? Next(string pace, int dailyHour, int from, int to, DateTimeOffset now)
    {
        if (pace is not (Hourly or Daily))
            return null;
        var local = Times.Local(now);
        var next =
            pace == Hourly
                ? new DateTimeOffset(local.Year, local.Month, local.Day, local.Hour, 0, 0, local.Offset).AddHours(1)
                : new DateTimeOffset(local.Year, local.Month, local.Day, dailyHour, 0, 0, local.Offset);
        if (next <= now)
            next = next.AddDays(1);
        while (IsQuiet(next.Hour, from, to))
            next = next.AddHours(1);
        return next.ToUniversalTime();
    }

    public static bool IsQuiet(int hour, int from, int to) => from != to && (from < to ? hour >= from && hour < to : hour >= from || hour < to);
}
