using System.Globalization;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Web;

namespace CourtOps.ServiceOfDocuments.Calls;

/// <summary>What the name of a telephone system's recording says: when, and with which number. Pure.</summary>
/// <param name="Digits">The number without blanks and country prefix; empty where there is none.</param>
internal sealed partial record RecordingName(string Digits, DateTimeOffset? At)
{
    /// <summary>How far a call's entry may lie from the beginning of its recording: a call is written down after it, by hand.</summary>
    public static readonly TimeSpan Near = TimeSpan.FromMinutes(90);

    /// <summary>Reads "20260302-103015_13800000001.wav", "13800000001_2026-03-02 10.30.15.mp3" and their like; times are China's.</summary>
    public static RecordingName Of(string fileName)
    {
        var name = Path.GetFileNameWithoutExtension(fileName);
        DateTimeOffset? at = null;
        if (
            Time().Match(name) is { Success: true } m
            && DateTime.TryParseExact(
                string.Concat(m.Groups.Values.Skip(1).Select(g => g.Value)),
                "yyyyMMddHHmmss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var local
            )
        )
        {
            at = Times.At(local);
            name = name.Remove(m.Index, m.Length);
        }
        var digits =
            Number().Matches(name).Select(n => Bare(n.Value)).Where(n => n.Length is >= 5 and <= 15).OrderByDescending(n => n.Length).FirstOrDefault() ?? "";
        return new RecordingName(digits, at);
    }

    /// <summary>Whether a call with this number, written down at this time, is the one that was recorded.</summary>
    public bool Fits(string number, DateTimeOffset writtenAt) =>
        Digits.Length > 0
        && Bare(number) is var whole
        && (whole == Digits || (Digits.Length >= 7 && whole.EndsWith(Digits, StringComparison.Ordinal)))
        && At is { } at
        && writtenAt >= at.AddMinutes(-5)
        && writtenAt - at <= Near;

    /// <summary>A number without the country's prefix.</summary>
    public static string Bare(string digits)
    {
        var bare = Workzone.Cases.Sides.Digits(digits);
        return bare.Length > 11 && bare.StartsWith("86", StringComparison.Ordinal) ? bare[2..]
            : bare.Length > 13 && bare.StartsWith("0086", StringComparison.Ordinal) ? bare[4..]
            : bare;
    }

    [GeneratedRegex(@"(20\d{2})[-_.]?(\d{2})[-_.]?(\d{2})[-_ T.]?(\d{2})[-_.:]?(\d{2})[-_.:]?(\d{2})")]
    private static partial Regex Time();

    [GeneratedRegex(@"\+?\d[\d ]{4,16}")]
    private static partial Regex Number();
}
