using System.Globalization;

namespace CourtOps.Law.Tests;

/// <summary>Short ways to write dates in tests.</summary>
internal static class Given
{
    internal static readonly CourtCalendar Calendar = CourtCalendar.Default;

    internal static bool Long => Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1";

    /// <summary>100,000 random cases in a long run, a twentieth of that otherwise.</summary>
    internal static int RandomCases => Long ? 100_000 : 5_000;

    internal static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static DateTime Time(string text) => DateTime.ParseExact(text, "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    internal static string? Text(DateOnly? day) => day is { } d ? LawDates.Text(d) : null;

    internal static LawError Fails(Action act)
    {
        LawError? caught = null;
        try
        {
            act();
        }
        catch (LawError e)
        {
            caught = e;
        }

        Assert.That(caught, Is.Not.Null, "expected a LawError");
        Assert.That(caught!.Field, Is.Not.Empty);
        Assert.That(caught.Reason, Is.Not.Empty);
        Assert.That(caught.ReasonIn(LawLanguage.English), Is.Not.Empty);
        return caught;
    }
}
