using System.Globalization;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.Extensions.Logging;

namespace CourtOps.Workzone.Supervision;

/// <summary>What the leader's view counts of a judge's open cases in a court.</summary>
internal sealed record CaseCount
{
    public long CourtId { get; init; }

    /// <summary>0 where no judge is allotted.</summary>
    public long JudgeId { get; init; }
    public int OpenCases { get; init; }
    public int Near { get; init; }
    public int OverLimit { get; init; }
    public int Still15 { get; init; }
    public int Still30 { get; init; }
    public int Still60 { get; init; }
    public int Still90 { get; init; }
    public int Long12 { get; init; }
    public int Long18 { get; init; }
    public int Long36 { get; init; }

    /// <summary>Cases that nothing has moved for so many days; 0 for a number of days that is not counted.</summary>
    public int Still(int days) =>
        days switch
        {
            15 => Still15,
            30 => Still30,
            60 => Still60,
            90 => Still90,
            _ => 0,
        };

    public bool IsNothing => this == new CaseCount { CourtId = CourtId, JudgeId = JudgeId };

    /// <summary>The sum, with the court and the judge of the first.</summary>
    public CaseCount Plus(CaseCount other, int sign = 1) =>
        this with
        {
            OpenCases = OpenCases + (sign * other.OpenCases),
            Near = Near + (sign * other.Near),
            OverLimit = OverLimit + (sign * other.OverLimit),
            Still15 = Still15 + (sign * other.Still15),
            Still30 = Still30 + (sign * other.Still30),
            Still60 = Still60 + (sign * other.Still60),
            Still90 = Still90 + (sign * other.Still90),
            Long12 = Long12 + (sign * other.Long12),
            Long18 = Long18 + (sign * other.Long18),
            Long36 = Long36 + (sign * other.Long36),
        };
}

/// <summary>Cases filed and closed in a month of a court.</summary>
internal sealed record MonthCount
{
    public long CourtId { get; init; }

    /// <summary>"2026-03".</summary>
    public string Month { get; init; } = "";
    public int Filed { get; init; }
    public int Closed { get; init; }
}

/// <summary>The days that a count compares with, of the day it stands for.</summary>
internal sealed record CountDays(DateOnly Day)
{
    public DateOnly Soon => Day.AddDays(30);

    public DateTimeOffset Still15 => Times.Start(Day.AddDays(-15));

    public DateTimeOffset Still30 => Times.Start(Day.AddDays(-30));

    public DateTimeOffset Still60 => Times.Start(Day.AddDays(-60));

    public DateTimeOffset Still90 => Times.Start(Day.AddDays(-90));

    public DateOnly Long12 => Day.AddYears(-1);

    public DateOnly Long18 => Day.AddMonths(-18);

    public DateOnly Long36 => Day.AddYears(-3);

    /// <summary>First day of the oldest of the twelve months that are counted.</summary>
    public DateOnly From => new DateOnly(Day.Year, Day.Month, 1).AddMonths(-11);

    public static string MonthOf(DateOnly day) => day.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}

/// <summary>What is counted of a case.</summary>
internal sealed record CountedCase
{
    public const string Columns =
        "c.id, c.court_id, c.judge_id, c.state, c.sealed, c.filed_on, c.closed_on, c.clock_end, c.clock_legal_end, COALESCE(c.moved_at, c.changed_at) "
        + "AS last_move";

    public long Id { get; init; }
    public long CourtId { get; init; }
    public long? JudgeId { get; init; }
    public string State { get; init; } = "";
    public bool Sealed { get; init; }
    public DateOnly FiledOn { get; init; }
    public DateOnly? ClosedOn { get; init; }
    public DateOnly? ClockEnd { get; init; }
    public DateOnly? ClockLegalEnd { get; init; }
    public DateTimeOffset LastMove { get; init; }

    /// <summary>The day up to which the court is counted; null where it is not.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>The case alone, counted for a day; nothing for a closed one. The same conditions as <see cref="CaseCounts.Sums"/>.</summary>
    public CaseCount Count(CountDays d)
    {
        static int One(bool counts) => counts ? 1 : 0;
        var key = new CaseCount { CourtId = CourtId, JudgeId = JudgeId ?? 0 };
        return State != "open"
            ? key
            : key with
            {
                OpenCases = 1,
                Near = One(ClockEnd >= d.Day && ClockEnd <= d.Soon),
                OverLimit = One(ClockLegalEnd < d.Day),
                Still15 = One(LastMove < d.Still15),
                Still30 = One(LastMove < d.Still30),
                Still60 = One(LastMove < d.Still60),
                Still90 = One(LastMove < d.Still90),
                Long12 = One(FiledOn < d.Long12),
                Long18 = One(FiledOn < d.Long18),
                Long36 = One(FiledOn < d.Long36),
            };
    }

    /// <summary>The months that are counted of it.</summary>
    public IEnumerable<MonthCount> Months(CountDays d)
    {
        if (FiledOn >= d.From)
            yield return new MonthCount
            {
                CourtId = CourtId,
                Month = CountDays.MonthOf(FiledOn),
                Filed = 1,
            };
        if (ClosedOn >= d.From)
            yield return new MonthCount
            {
                CourtId = CourtId,
                Month = CountDays.MonthOf(ClosedOn.Value),
                Closed = 1,
            };
    }
}

/// <summary>
/// The counters behind the leader's view: unsealed cases by court and judge, by court and month. Every statement that changes what is counted of a case
/// goes through here and moves the counters in its transaction; <see cref="RecountCourt"/> turns them to a new day and puts right what went past.
/// </summary>
internal sealed class CaseCounts(Db db)
{
    /// <summary>Rows of <see cref="CaseCount"/> for a day over cases aliased c; the text goes on with FROM.</summary>
    public const string Sums = """
        SELECT c.court_id, COALESCE(c.judge_id, 0) AS judge_id, COUNT(*) AS open_cases,
               SUM(CASE WHEN c.clock_end >= @Day AND c.clock_end <= @Soon THEN 1 ELSE 0 END) AS near,
               SUM(CASE WHEN c.clock_legal_end < @Day THEN 1 ELSE 0 END) AS over_limit,
               SUM(CASE WHEN COALESCE(c.moved_at, c.changed_at) < @Still15 THEN 1 ELSE 0 END) AS still15,
               SUM(CASE WHEN COALESCE(c.moved_at, c.changed_at) < @Still30 THEN 1 ELSE 0 END) AS still30,
               SUM(CASE WHEN COALESCE(c.moved_at, c.changed_at) < @Still60 THEN 1 ELSE 0 END) AS still60,
               SUM(CASE WHEN COALESCE(c.moved_at, c.changed_at) < @Still90 THEN 1 ELSE 0 END) AS still90,
               SUM(CASE WHEN c.filed_on < @Long12 THEN 1 ELSE 0 END) AS long12, SUM(CASE WHEN c.filed_on < @Long18 THEN 1 ELSE 0 END) AS long18,
               SUM(CASE WHEN c.filed_on < @Long36 THEN 1 ELSE 0 END) AS long36
        """;

    /// <summary>What closes a text begun with <see cref="Sums"/>.</summary>
    public const string ByJudge = " GROUP BY c.court_id, COALESCE(c.judge_id, 0)";

    private const int Page = 500;

    /// <summary>Runs a statement that changes one case and moves the counters by what it changed.</summary>
    public async Task<int> ExecuteAsync(long caseId, string sql, object args, CancellationToken ct)
    {
        var done = 0;
        await AroundAsync([caseId], async () => done = await db.ExecuteAsync(sql, args, ct), ct);
        return done;
    }

    /// <summary>Runs what changes these cases, by no other way of this class, and moves the counters by what it changed.</summary>
    public async Task AroundAsync(IReadOnlyCollection<long> caseIds, Func<Task> change, CancellationToken ct)
    {
        var before = await ReadAsync(caseIds, ct);
        await change();
        await ApplyAsync(before, await ReadAsync(caseIds, ct), ct);
    }

    /// <summary>Counts cases that were written in this transaction.</summary>
    public async Task AddedAsync(IReadOnlyCollection<long> caseIds, CancellationToken ct) => await ApplyAsync([], await ReadAsync(caseIds, ct), ct);

    private async Task<IReadOnlyList<CountedCase>> ReadAsync(IReadOnlyCollection<long> caseIds, CancellationToken ct)
    {
        const string of = $"SELECT {CountedCase.Columns}, d.day FROM workzone_case c JOIN workzone_case_counted d ON d.court_id = c.court_id WHERE ";
        if (caseIds.Count == 1)
            return await db.QueryAsync<CountedCase>(of + "c.id = @id", new { id = caseIds.First() }, ct);
        var rows = new List<CountedCase>();
        foreach (var ids in caseIds.Chunk(Page))
            rows.AddRange(await db.QueryAsync<CountedCase>(of + "c.id IN @ids", new { ids }, ct));
        return rows;
    }

    // in the order of their keys, so that two transactions never wait for each other's rows crosswise
    private async Task ApplyAsync(IReadOnlyList<CountedCase> before, IReadOnlyList<CountedCase> after, CancellationToken ct)
    {
        var counts = new SortedDictionary<(long, long), CaseCount>();
        var months = new SortedDictionary<(long, string), MonthCount>();
        Add(before, -1);
        Add(after, 1);
        foreach (var count in counts.Values.Where(c => !c.IsNothing))
            if (
                await db.ExecuteAsync(
                    """
                    UPDATE workzone_case_count
                    SET open_cases = open_cases + @OpenCases, near = near + @Near, over_limit = over_limit + @OverLimit, still15 = still15 + @Still15,
                        still30 = still30 + @Still30, still60 = still60 + @Still60, still90 = still90 + @Still90, long12 = long12 + @Long12,
                        long18 = long18 + @Long18, long36 = long36 + @Long36
                    WHERE court_id = @CourtId AND judge_id = @JudgeId
                    """,
                    count,
                    ct
                ) == 0
            )
                await db.ExecuteAsync(Insert, count, ct);
        foreach (var month in months.Values.Where(m => m.Filed != 0 || m.Closed != 0))
            if (
                await db.ExecuteAsync(
                    "UPDATE workzone_case_month SET filed = filed + @Filed, closed = closed + @Closed WHERE court_id = @CourtId AND month = @Month",
                    month,
                    ct
                ) == 0
            )
                await db.ExecuteAsync(InsertMonth, month, ct);

        void Add(IReadOnlyList<CountedCase> rows, int sign)
        {
            foreach (var row in rows.Where(r => !r.Sealed && r.Day is not null))
            {
                var days = new CountDays(row.Day!.Value);
                var one = row.Count(days);
                var key = (one.CourtId, one.JudgeId);
                counts[key] = counts.GetValueOrDefault(key, new CaseCount { CourtId = one.CourtId, JudgeId = one.JudgeId }).Plus(one, sign);
                foreach (var m in row.Months(days))
                {
                    var there = months.GetValueOrDefault((m.CourtId, m.Month), new MonthCount { CourtId = m.CourtId, Month = m.Month });
                    months[(m.CourtId, m.Month)] = there with { Filed = there.Filed + (sign * m.Filed), Closed = there.Closed + (sign * m.Closed) };
                }
            }
        }
    }

    /// <summary>Cases of a court as they are, for a day: what the counters have to say.</summary>
    public async Task<(IReadOnlyList<CaseCount> Counts, IReadOnlyList<MonthCount> Months)> OfCourtAsync(long court, DateOnly day, CancellationToken ct)
    {
        var d = new CountDays(day);
        return (
            await db.QueryAsync<CaseCount>(
                Sums + " FROM workzone_case c WHERE c.court_id = @court AND c.state = 'open' AND c.sealed = 0" + ByJudge,
                new
                {
                    court,
                    d.Day,
                    d.Soon,
                    d.Still15,
                    d.Still30,
                    d.Still60,
                    d.Still90,
                    d.Long12,
                    d.Long18,
                    d.Long36,
                },
                ct
            ),
            await MonthsAsync("c.court_id = @court AND c.sealed = 0", new { court, d.From }, ct)
        );
    }

    /// <summary>Cases filed and closed by court and month since @From, of those under the condition.</summary>
    public async Task<IReadOnlyList<MonthCount>> MonthsAsync(string condition, object args, CancellationToken ct)
    {
        var months = new Dictionary<(long, string), MonthCount>();
        foreach (var column in new[] { "filed_on", "closed_on" })
        foreach (
            var day in await db.QueryAsync<OnDay>(
                $"SELECT c.court_id, c.{column} AS day, COUNT(*) AS n FROM workzone_case c WHERE {condition} AND c.{column} >= @From GROUP BY "
                    + $"c.court_id, c.{column}",
                args,
                ct
            )
        )
        {
            var key = (day.CourtId, CountDays.MonthOf(day.Day));
            var there = months.GetValueOrDefault(key, new MonthCount { CourtId = day.CourtId, Month = key.Item2 });
            months[key] = column == "filed_on" ? there with { Filed = there.Filed + day.N } : there with { Closed = there.Closed + day.N };
        }
        return [.. months.Values];
    }

    /// <summary>Writes the counters of a court for a day; answers how many rows were wrong for the day they stood for.</summary>
    public async Task<int> RecountAsync(long court, DateOnly today, DateTimeOffset now, CancellationToken ct)
    {
        // the row first: on SQL Server whoever changes a case of the court meanwhile reads it and waits
        var marked = await db.ExecuteAsync("UPDATE workzone_case_counted SET counted_at = @now WHERE court_id = @court", new { court, now }, ct) > 0;
        var stood = marked
            ? await db.ScalarAsync<DateOnly>("SELECT day FROM workzone_case_counted WHERE court_id = @court", new { court }, ct)
            : (DateOnly?)null;
        var wrong = stood is { } day ? await WrongAsync(court, day, ct) : 0;
        var (counts, months) = await OfCourtAsync(court, today, ct);
        await db.ExecuteAsync("DELETE FROM workzone_case_count WHERE court_id = @court", new { court }, ct);
        await db.ExecuteAsync("DELETE FROM workzone_case_month WHERE court_id = @court", new { court }, ct);
        await db.ExecuteManyAsync(Insert, [.. counts], ct);
        await db.ExecuteManyAsync(InsertMonth, [.. months], ct);
        if (!marked)
            await db.ExecuteAsync(
                "INSERT INTO workzone_case_counted (court_id, day, counted_at, wrong) VALUES (@court, @today, @now, 0)",
                new
                {
                    court,
                    today,
                    now,
                },
                ct
            );
        else
            await db.ExecuteAsync("UPDATE workzone_case_counted SET day = @today WHERE court_id = @court", new { court, today }, ct);
        if (wrong > 0)
            await db.ExecuteAsync(
                "UPDATE workzone_case_counted SET wrong = @wrong, wrong_at = @now WHERE court_id = @court",
                new
                {
                    court,
                    wrong,
                    now,
                },
                ct
            );
        return wrong;
    }

    // a row of nothing and no row say the same; months before the first that is counted are not kept up
    private async Task<int> WrongAsync(long court, DateOnly day, CancellationToken ct)
    {
        var (counts, months) = await OfCourtAsync(court, day, ct);
        var kept = await db.QueryAsync<CaseCount>(
            "SELECT court_id, judge_id, open_cases, near, over_limit, still15, still30, still60, still90, long12, long18, long36 FROM workzone_case_count "
                + "WHERE court_id = @court",
            new { court },
            ct
        );
        var keptMonths = await db.QueryAsync<MonthCount>(
            "SELECT court_id, month, filed, closed FROM workzone_case_month WHERE court_id = @court AND month >= @from",
            new { court, from = CountDays.MonthOf(new CountDays(day).From) },
            ct
        );
        var a = kept.Where(c => !c.IsNothing).ToHashSet();
        var b = keptMonths.Where(m => m.Filed != 0 || m.Closed != 0).ToHashSet();
        a.SymmetricExceptWith(counts);
        b.SymmetricExceptWith(months);
        return a.Select(c => c.JudgeId).Distinct().Count() + b.Select(m => m.Month).Distinct().Count();
    }

    private const string Insert = """
        INSERT INTO workzone_case_count (court_id, judge_id, open_cases, near, over_limit, still15, still30, still60, still90, long12, long18, long36)
        VALUES (@CourtId, @JudgeId, @OpenCases, @Near, @OverLimit, @Still15, @Still30, @Still60, @Still90, @Long12, @Long18, @Long36)
        """;

    private const string InsertMonth = "INSERT INTO workzone_case_month (court_id, month, filed, closed) VALUES (@CourtId, @Month, @Filed, @Closed)";

    private sealed record OnDay
    {
        public long CourtId { get; init; }
        public DateOnly Day { get; init; }
        public int N { get; init; }
    }
}

/// <summary>Turns the counters of every court to the new day soon after midnight, and counts courts that are not counted yet.</summary>
internal sealed class RecountCases(Db db, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (
            var court in await db.QueryAsync<long>(
                "SELECT t.id FROM workzone_court t LEFT JOIN workzone_case_counted d ON d.court_id = t.id WHERE d.day IS NULL OR d.day < @today ORDER BY t.id",
                new { today = Times.Day(clock.GetUtcNow()) },
                ct
            )
        )
            await mediator.Send(new RecountCourt { CourtId = court }, ct);
    }
}

/// <summary>Counts the cases of a court anew for today, in one transaction; says in the log where the counters were wrong for the day they stood
/// for.</summary>
[Permit(PermitAttribute.System)]
internal sealed record RecountCourt : ICommand<int>
{
    public long CourtId { get; init; }

    internal sealed class Handler(CaseCounts counts, TimeProvider clock, ILogger<RecountCases> log) : ICommandHandler<RecountCourt, int>
    {
        public async Task<int> Handle(RecountCourt request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var wrong = await counts.RecountAsync(request.CourtId, Times.Day(now), now, cancellationToken);
            if (wrong > 0)
                log.LogWarning("{Wrong} counters of the cases of court {Court} were wrong and have been put right", wrong, request.CourtId);
            return wrong;
        }
    }
}
