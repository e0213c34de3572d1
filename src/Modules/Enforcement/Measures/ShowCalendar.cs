using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Measures;

/// <summary>The days of a month on which measures end; each day is the count of a list. Of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ShowCalendar : IQuery<ShowCalendar.Result>
{
    /// <summary>Any day of the month; null for the present one.</summary>
    public DateOnly? Month { get; init; }
    public bool Mine { get; init; }

    /// <param name="First">The first of the month.</param>
    /// <param name="Days">Days on which something ends.</param>
    internal sealed record Result(DateOnly First, IReadOnlyList<DayCount> Days);

    internal sealed record DayCount
    {
        public DateOnly Day { get; init; }
        public int Active { get; init; }

        /// <summary>Not renewed in time.</summary>
        public int Lapsed { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock) : IQueryHandler<ShowCalendar, Result>
    {
        public async Task<Result> Handle(ShowCalendar request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var day = request.Month ?? Times.Day(clock.GetUtcNow());
            if (day is { Year: < 2000 or > 2100 })
                throw new RuleBroken("日期应在 2000 年至 2100 年之间。", "Month");
            var from = new DateOnly(day.Year, day.Month, 1);
            var mine = request.Mine ? "m.case_id IN (SELECT c.id FROM workzone_case_card c WHERE c.judge_id = @me)" : "m.end_on IS NOT NULL";
            var rows = await db.QueryAsync<DayCount>(
                $"""
                SELECT m.end_on AS day, SUM(CASE WHEN m.state = 'active' THEN 1 ELSE 0 END) AS active,
                    SUM(CASE WHEN m.state = 'lapsed' THEN 1 ELSE 0 END) AS lapsed
                FROM enforcement_measure m
                WHERE m.state IN ('active', 'lapsed') AND m.end_on >= @from AND m.end_on < @to AND {mine} AND {cases.Seen("m.case_id")}
                GROUP BY m.end_on ORDER BY m.end_on
                """,
                new
                {
                    from,
                    to = from.AddMonths(1),
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            return new Result(from, rows);
        }
    }
}

/// <summary>Weeks of a month as they stand on a calendar. Pure.</summary>
internal static class MonthGrid
{
    /// <summary>Weeks from Monday to Sunday that touch the month; null where the day is of another month.</summary>
    /// <param name="first">The first of the month.</param>
    public static IReadOnlyList<IReadOnlyList<DateOnly?>> Weeks(DateOnly first)
    {
        var weeks = new List<IReadOnlyList<DateOnly?>>();
        var days = DateTime.DaysInMonth(first.Year, first.Month);
        for (var at = -(((int)first.DayOfWeek + 6) % 7); at < days; at += 7)
            weeks.Add([.. Enumerable.Range(at, 7).Select(i => i >= 0 && i < days ? first.AddDays(i) : (DateOnly?)null)]);
        return weeks;
    }
}
