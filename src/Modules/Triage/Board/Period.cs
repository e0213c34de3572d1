using CourtOps.Kernel.Messaging;

namespace CourtOps.Triage.Board;

/// <summary>The days a report looks at.</summary>
internal static class Period
{
    /// <summary>From the first to the last day; where none is given the last is today and the first as far before it as <paramref name="back"/> says.</summary>
    /// <exception cref="RuleBroken">The first after the last, or a year before 2000 or after 2100.</exception>
    public static (DateOnly From, DateOnly Until) Of(DateOnly? from, DateOnly? until, DateOnly today, Func<DateOnly, DateOnly> back)
    {
        var last = until ?? today;
        if (IsStrange(from) || IsStrange(last) || from > last)
            throw new RuleBroken("起日应不晚于止日，都在 2000 年至 2100 年之间。", "From");
        return (from ?? back(last), last);
    }

    /// <summary>What a page asks for when the address has this: a period turned round is turned back, one of another age is left aside.</summary>
    public static (DateOnly? From, DateOnly? Until) Mended(DateOnly? from, DateOnly? until) =>
        IsStrange(from) || IsStrange(until) ? (null, null)
        : from > until ? (until, from)
        : (from, until);

    private static bool IsStrange(DateOnly? day) => day is { Year: < 2000 or > 2100 };
}
