using CourtOps.TrialSupport.Recordings;

namespace CourtOps.TrialSupport.Tests.Recordings;

/// <summary>Gaps of a recording as a table: minutes after nine.</summary>
public sealed class GapTests
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 6, 1, 0, 0, TimeSpan.Zero);

    [TestCase("0-20 20-50", "", "")]
    [TestCase("0-20 25-50", "", "20-25")]
    [TestCase("0-20 25-50", "20", "20-25!")]
    [TestCase("0-60 10-20 50-70", "", "", Description = "a short one inside a long one")]
    [TestCase("0-60 10-20 65-70", "", "60-65", Description = "counted from the long one's end")]
    [TestCase("0- 20-50", "", "0-20", Description = "no end: covers nothing")]
    [TestCase("0-20 20- 40-50", "", "20-40", Description = "no end in the middle hides no gap")]
    [TestCase("0- 5- 10-50", "6", "0-5 5-10!", Description = "each gap is named for itself")]
    [TestCase("25-50 0-20", "", "20-25", Description = "in any order")]
    [TestCase("", "", "")]
    public void Gaps_are_what_no_segment_covers(string segments, string pauses, string gaps)
    {
        var rows = segments
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(
                (s, i) =>
                    s.Split('-') is var p
                        ? new SegmentRow
                        {
                            N = i + 1,
                            StartsAt = At(p[0]),
                            EndsAt = p[1].Length > 0 ? At(p[1]) : null,
                        }
                        : null!
            )
            .ToList();
        var marks = pauses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(m => new MarkRow { Kind = "pause", AtTime = At(m) }).ToList();
        Assert.That(
            string.Join(
                ' ',
                RecordingRules.Gaps(rows, marks).Select(g => $"{(g.From - Nine).TotalMinutes}-{(g.To - Nine).TotalMinutes}{(g.Named ? "!" : "")}")
            ),
            Is.EqualTo(gaps)
        );
    }

    private static DateTimeOffset At(string minute) => Nine.AddMinutes(int.Parse(minute, System.Globalization.CultureInfo.InvariantCulture));
}
