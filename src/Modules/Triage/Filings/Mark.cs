using System.Globalization;
using CourtOps.Kernel.Web;

namespace CourtOps.Triage.Filings;

/// <summary>The place of the last row of a page that is ordered by a day and an id: "2026-03-09:123". What is no such mark is the beginning.</summary>
internal readonly record struct Mark(DateOnly Day, long Id)
{
    public static Mark Start => new(DateOnly.MinValue, 0);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Times.Iso(Day)}:{Id}");

    public static Mark Read(string? text) =>
        text?.Split(':') is [var day, var id]
        && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var d)
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? new Mark(d, n)
            : Start;
}
