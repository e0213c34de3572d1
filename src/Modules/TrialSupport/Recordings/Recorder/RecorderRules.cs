using System.Globalization;
using System.Text.RegularExpressions;

namespace CourtOps.TrialSupport.Recordings.Recorder;

/// <summary>A hearing of a courtroom as far as the recorder needs it.</summary>
/// <param name="Recorded">Where its recording ends so far; null before the first segment.</param>
internal sealed record RoomHearing(long Id, DateTimeOffset Start, DateTimeOffset End, DateTimeOffset? Recorded);

/// <summary>From a file of a recorder to time and hearing. Pure.</summary>
internal static partial class RecorderRules
{
    /// <summary>How far the court's clock and a recorder's may differ.</summary>
    public static readonly TimeSpan Clocks = TimeSpan.FromMinutes(5);

    /// <summary>The longest segment a courtroom can have in a day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(14);

    /// <summary>A segment that follows another within this time goes on with the same hearing.</summary>
    public static readonly TimeSpan Follows = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Local times in a file's name: the first day and time is the beginning (20260302-090000, 2026-03-02_09.00.00, 202603020900), a second one the end,
    /// which may be a time alone (20260302-090000-093000). Null where there is none that exists.
    /// </summary>
    public static (DateTime Start, DateTime? End)? Named(string name)
    {
        var stem = Path.GetFileNameWithoutExtension(name);
        var first = Moment().Match(stem);
        if (!first.Success || Read(first) is not { } start)
            return null;
        var rest = stem[(first.Index + first.Length)..];
        if (Moment().Match(rest) is { Success: true } second && Read(second) is { } end)
            return (start, end);
        return
            Clock().Match(rest) is { Success: true } clock
            && TimeOnly.TryParseExact(
                clock.Groups["h"].Value + clock.Groups["m"].Value + (clock.Groups["s"].Success ? clock.Groups["s"].Value : "00"),
                "HHmmss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var at
            )
            ? (start, start.Date + at.ToTimeSpan() is var same && same <= start ? same.AddDays(1) : start.Date + at.ToTimeSpan())
            : (start, null);
    }

    /// <summary>What is wrong with the times, a key of <see cref="RecorderFile.Reasons"/>; null where nothing is.</summary>
    /// <param name="written">When the file was last written.</param>
    public static string? Wrong(DateTimeOffset start, DateTimeOffset end, DateTimeOffset written, DateTimeOffset now) =>
        start > now + Clocks || end > now + Clocks ? "ahead"
        : end <= start ? "order"
        : end - start > Longest ? "long"
        : written + Clocks < start ? "behind"
        : null;

    /// <summary>
    /// The hearing a segment belongs to: the one whose set time, widened by the edge, it touches; of several the one with at least four fifths of it; where
    /// it touches none, the one whose recording ended just before, as hearings last longer than was set. Otherwise why not.
    /// </summary>
    /// <param name="hearings">Of the courtroom on that day; none that was cancelled.</param>
    public static (long? Hearing, string? Reason) Match(DateTimeOffset start, DateTimeOffset end, IReadOnlyList<RoomHearing> hearings, TimeSpan edge)
    {
        TimeSpan Shared(DateTimeOffset from, DateTimeOffset to) => (end < to ? end : to) - (start > from ? start : from);
        var touched = hearings.Where(h => Shared(h.Start - edge, h.End + edge) > TimeSpan.Zero).ToList();
        if (touched.Count == 1)
            return (touched[0].Id, null);
        if (touched.Count > 1)
            return touched.Where(h => Shared(h.Start, h.End) >= (end - start) * 0.8).ToList() is [var one] ? (one.Id, null) : (null, "several");
        return hearings.Where(h => h.Start <= start).MaxBy(h => h.Start) is { Recorded: { } before } last && (start - before).Duration() <= Follows
            ? (last.Id, null)
            : (null, "no-hearing");
    }

    private static DateTime? Read(Match m) =>
        DateTime.TryParseExact(
            m.Groups["d"].Value
                + m.Groups["o"].Value
                + m.Groups["y"].Value
                + m.Groups["h"].Value
                + m.Groups["m"].Value
                + (m.Groups["s"].Success ? m.Groups["s"].Value : "00"),
            "ddMMyyyyHHmmss",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var at
        )
            ? at
            : null;

    [GeneratedRegex(
        @"(?<![0-9])(?<y>20[0-9]{2})[-_.]?(?<o>[0-9]{2})[-_.]?(?<d>[0-9]{2})[-_.T ]?(?<h>[0-9]{2})[-_.]?(?<m>[0-9]{2})(?:[-_.]?(?<s>[0-9]{2}))?(?![0-9])",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Moment();

    [GeneratedRegex(@"^[-_.~ ]+(?<h>[0-9]{2})[-_.]?(?<m>[0-9]{2})(?:[-_.]?(?<s>[0-9]{2}))?(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Clock();
}
