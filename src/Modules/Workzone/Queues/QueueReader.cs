using System.Collections.Concurrent;
using System.Globalization;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Search;

namespace CourtOps.Workzone.Queues;

/// <summary>Reads pages and counts of a queue by its plan; a hundred pieces of a plan are one statement, merged by the engine.</summary>
internal sealed class QueueReader(Db db, Actor actor, TimeProvider clock, QueueCountCache cache, OrderSearch search)
{
    private const string Select = """
        SELECT o.id, o.number, o.order_type, o.centre, o.case_id, o.case_number, o.cause, o.title, o.subject, o.state, o.escalated, o.asked_by_name, o.asked_at,
            o.assignee_id, o.assignee_name,
               o.due_at, o.wake_at, o.last_step, o.last_words, o.changed_at, o.closed_at, o.version
        FROM workzone_order o
        WHERE
        """;

    public async Task<QueuePlan> PlanAsync(QueueFilter filter, CancellationToken ct)
    {
        var mates = filter.View == "team" ? await MatesAsync(ct) : [];
        var found = string.IsNullOrWhiteSpace(filter.Text) ? null : await search.FindAsync(filter.Text, ct);
        return QueuePlan.Of(filter, ViewerOf(actor, mates), found);
    }

    public static Viewer ViewerOf(Actor actor, IReadOnlyList<long>? mates = null) =>
        new(
            actor.Id,
            new Seeing(actor).Arguments.Courts,
            actor.CourtWide
                ? [.. actor.Courts.SelectMany(c => Centres.Labels.Keys.Select(x => (c, x)))]
                : [.. actor.Roles.Where(r => Roles.CentreOf(r) is not null).SelectMany(r => actor.CourtsOf(r).Select(c => (c, Roles.CentreOf(r)!))).Distinct()],
            actor.CourtWide,
            mates ?? [],
            new Seeing(actor)
        )
        {
            Led =
            [
                .. actor
                    .Roles.Where(r => r.StartsWith(Roles.Lead + ":", StringComparison.Ordinal))
                    .SelectMany(r => actor.CourtsOf(r).Select(c => (c, Roles.CentreOf(r)!))),
            ],
        };

    /// <summary>The centres a person works in.</summary>
    public static IReadOnlyList<string> CentresOf(Actor actor) =>
        actor.CourtWide ? [.. Centres.Labels.Keys] : [.. actor.Roles.Select(Roles.CentreOf).OfType<string>().Distinct()];

    public async Task<(IReadOnlyList<ListOrders.Row> Rows, string? Next)> PageAsync(QueuePlan plan, string? after, int take, CancellationToken ct)
    {
        if (plan.Found is { Count: 0 })
            return ([], null);
        var (key, id, known) = Cursor(after);
        var piece = Select + " " + plan.Where + (known ? plan.From(key is null) : "");
        var arguments = Arguments(plan, key, id);
        var pieces = new List<IReadOnlyList<ListOrders.Row>>(1);
        foreach (var sql in Walks.Of(piece, plan.Segments.Count))
            pieces.Add(await db.PageAsync<ListOrders.Row>(sql + plan.OrderBy, arguments, take + 1, ct));
        var rows = Walks.Merge(pieces, take + 1, r => (KeyOf(plan.Sort, r), r.Id), plan.Sort.Descending);
        if (rows.Count <= take)
            return (rows, null);
        var shown = rows.Take(take).ToList();
        return (shown, $"{KeyOf(plan.Sort, shown[^1])?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)}|{shown[^1].Id}");
    }

    /// <summary>Counts no further than 1,001 rows, over the index alone; kept for moments, until an order changes here.</summary>
    public async Task<QueueCounts> CountAsync(QueuePlan plan, CancellationToken ct)
    {
        if (plan.Found is { Count: 0 })
            return new QueueCounts();
        return await cache.GetAsync(KeyOf(plan), () => ReadAsync(plan, ct));
    }

    /// <summary>How many rows, no further than 1,001; for the tabs.</summary>
    public async Task<int> TotalAsync(QueuePlan plan, CancellationToken ct)
    {
        var sum = 0;
        foreach (var sql in Walks.Of("SELECT o.due_at, o.id FROM workzone_order o WHERE " + plan.Where, plan.Segments.Count))
            if (sum < QueueCounts.Most)
                sum += await db.CountUpToAsync(sql + " ORDER BY due_at, id", Arguments(plan, null, 0), QueueCounts.Most, ct);
        return Math.Min(sum, QueueCounts.Most);
    }

    private async Task<QueueCounts> ReadAsync(QueuePlan plan, CancellationToken ct)
    {
        var sum = new QueueCounts();
        // the inner select gives rows that cannot be late no time, so that each band is one comparison
        const string select = """
            COUNT(*) AS total, SUM(CASE WHEN x.late_at < @now THEN 1 ELSE 0 END) AS overdue, SUM(CASE WHEN x.late_at >= @now AND x.late_at < @tomorrow THEN 1 ELSE 0 END) AS today,
            SUM(CASE WHEN x.late_at >= @now AND x.late_at < @week THEN 1 ELSE 0 END) AS week, SUM(x.paused) AS paused
            """;
        const string inner =
            "SELECT CASE WHEN o.state IN ('feedback', 'paused') THEN NULL ELSE o.due_at END AS late_at, CASE WHEN o.state = 'paused' THEN 1 ELSE 0 "
            + "END AS paused, o.id, ";
        var column = plan.Filter.Closed ? plan.Sort.Column : "due_at";
        foreach (var sql in Walks.Of(inner + $"o.{column} FROM workzone_order o WHERE " + plan.Where, plan.Segments.Count))
            if (sum.Total < QueueCounts.Most)
                sum +=
                    await db.FirstOfAsync<QueueCounts>(
                        select,
                        sql + (plan.Filter.Closed ? plan.OrderBy : " ORDER BY due_at, id"),
                        Arguments(plan, null, 0),
                        QueueCounts.Most,
                        ct
                    ) ?? new QueueCounts();
        return sum;
    }

    private QueueArguments Arguments(QueuePlan plan, DateTimeOffset? key, long id)
    {
        var now = clock.GetUtcNow();
        var day = Times.Day(now);
        return new QueueArguments
        {
            Me = plan.Viewer.Id,
            Courts = plan.Viewer.Courts,
            Places = plan.Viewer.Seeing.Arguments.Places,
            Court = [.. plan.Segments.Select(s => s.Court)],
            Centre = [.. plan.Segments.Select(s => s.Centre)],
            Person = [.. plan.Segments.Select(s => s.Person)],
            Led = [.. plan.Segments.Select(s => s.Led)],
            CentreOnly = plan.Filter.Centre,
            State = plan.Filter.State,
            Type = plan.Filter.Type,
            Assignee = plan.Filter.Assignee,
            Asker = plan.Filter.Asker,
            CaseId = plan.Filter.CaseId,
            Now = now,
            Tomorrow = Times.Start(day.AddDays(1)),
            Week = Times.Start(day.AddDays(7)),
            KeyAfter = key,
            IdAfter = id,
            Found = plan.Found ?? [],
        };
    }

    private async Task<IReadOnlyList<long>> MatesAsync(CancellationToken ct) =>
        await db.QueryAsync<long>(
            """
            SELECT p.id FROM workzone_person me
            JOIN workzone_person p ON p.court_id = me.court_id AND p.team = me.team
            WHERE me.id = @Id AND me.team <> '' AND p.state = 'active' ORDER BY p.id
            """,
            new { actor.Id },
            ct
        );

    private static DateTimeOffset? KeyOf(QueueSort sort, ListOrders.Row row) =>
        sort.Column switch
        {
            "asked_at" => row.AskedAt,
            "changed_at" => row.ChangedAt,
            "closed_at" => row.ClosedAt,
            _ => row.DueAt,
        };

    private static string KeyOf(QueuePlan plan) =>
        string.Join(
            '\n',
            plan.Where,
            string.Join(';', plan.Segments.Select(s => $"{s.Court},{s.Centre},{s.Person},{s.Led}")),
            string.Join(',', plan.Viewer.Courts),
            string.Join(',', plan.Viewer.Seeing.Arguments.Places),
            plan.Viewer.Id,
            plan.Filter.Centre,
            plan.Filter.State,
            plan.Filter.Type,
            plan.Filter.Assignee,
            plan.Filter.Asker,
            plan.Filter.CaseId,
            plan.Found is null ? "" : string.Join(',', plan.Found)
        );

    private static (DateTimeOffset? Key, long Id, bool Known) Cursor(string? after)
    {
        var parts = after?.Split('|');
        if (parts is not { Length: 2 } || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return (null, 0, false);
        return parts[0].Length == 0 ? (null, id, true)
            : DateTimeOffset.TryParse(parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var key) ? (key, id, true)
            : (null, 0, false);
    }

    private sealed record QueueArguments
    {
        public long Me { get; init; }
        public IReadOnlyList<long> Courts { get; init; } = [];
        public IReadOnlyList<string> Places { get; init; } = [];
        public IReadOnlyList<long> Court { get; init; } = [];
        public IReadOnlyList<string> Centre { get; init; } = [];
        public IReadOnlyList<long> Person { get; init; } = [];
        public IReadOnlyList<bool> Led { get; init; } = [];
        public string? CentreOnly { get; init; }
        public string? State { get; init; }
        public string? Type { get; init; }
        public long? Assignee { get; init; }
        public long? Asker { get; init; }
        public long? CaseId { get; init; }
        public DateTimeOffset Now { get; init; }
        public DateTimeOffset Tomorrow { get; init; }
        public DateTimeOffset Week { get; init; }
        public DateTimeOffset? KeyAfter { get; init; }
        public long IdAfter { get; init; }
        public IReadOnlyList<long> Found { get; init; } = [];
    }
}

/// <summary>
/// Counts of queues, kept until an order changes in this process and never longer than three seconds: changes made by
/// another host are seen after that time at the latest.
/// </summary>
internal sealed class QueueCountCache(Changes changes, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<string, (object Counts, long Changes, long Since)> kept = new();

    /// <summary>A saved view has changed: everybody's pages are drawn anew.</summary>
    public void Drop() => kept.Clear();

    /// <param name="whatever">True for what may be three seconds old even when an order changed here: the numbers on tabs.</param>
    public async Task<T> GetAsync<T>(string key, Func<Task<T>> read, bool whatever = false)
        where T : class
    {
        var (stamp, now) = (whatever ? 0 : changes.Orders, clock.GetTimestamp());
        if (kept.TryGetValue(key, out var k) && k.Changes == stamp && clock.GetElapsedTime(k.Since, now) < Life && k.Counts is T there)
            return there;
        var counts = await read();
        if (kept.Count > 5000)
            kept.Clear();
        kept[key] = (counts, stamp, now);
        return counts;
    }
}
