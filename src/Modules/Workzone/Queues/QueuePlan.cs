using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Queues;

/// <summary>One walk along one index: the values its first columns are held at.</summary>
internal sealed record Segment
{
    public long Court { get; init; }
    public string Centre { get; init; } = "";
    public long Person { get; init; }

    /// <summary>The person who looks leads this centre.</summary>
    public bool Led { get; init; }
}

/// <summary>Who looks, as far as a queue cares.</summary>
/// <param name="Pairs">The centres the person works in, each with the court.</param>
/// <param name="Recused">Is recused from some case: its orders are left out.</param>
internal sealed record Viewer(long Id, IReadOnlyList<long> Courts, IReadOnlyList<(long Court, string Centre)> Pairs, bool CourtWide, IReadOnlyList<long> Mates, bool Recused = false)
{
    /// <summary>The centres the person leads, each with the court: in their queues, and in no other, orders of sealed cases are seen.</summary>
    public IReadOnlyList<(long Court, string Centre)> Led { get; init; } = [];

    private const string OfNoRecusal = " AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = o.case_id AND x.person_id = @me AND x.ended_at IS NULL)";

    /// <summary>Leaves out what the person is recused from, in any list over orders aliased o with a parameter @me. Empty for whoever is recused from nothing.</summary>
    public string NotRecused => Recused ? OfNoRecusal : "";

    /// <summary>Whether an order of this court and centre stands in one of the person's queues.</summary>
    public bool Works(long court, string centre, bool restricted) => (CourtWide || Pairs.Contains((court, centre))) && (!restricted || Led.Contains((court, centre)));
}

/// <summary>A sort that an index carries: its name in the URL, its column, its direction.</summary>
internal sealed record QueueSort(string Key, string Column, bool Descending)
{
    public static readonly QueueSort Due = new("due", "due_at", false);
    public static readonly QueueSort Oldest = new("asked", "asked_at", false);
    public static readonly QueueSort Newest = new("-asked", "asked_at", true);
    public static readonly QueueSort Changed = new("-changed", "changed_at", true);
    public static readonly QueueSort Closed = new("-closed", "closed_at", true);
}

/// <summary>
/// How a queue is read: which index is walked (the first columns are held at single values, so that rows come in order and a page
/// costs the same however many there are), in which pieces (a parameter with # has its own value in each), what else is asked of each row. Pure.
/// </summary>
internal sealed record QueuePlan
{
    private const string NotLate = " AND o.state <> 'feedback' AND o.state <> 'paused'";

    public required QueueFilter Filter { get; init; }
    public required string Where { get; init; }
    public required IReadOnlyList<Segment> Segments { get; init; }
    public required QueueSort Sort { get; init; }

    /// <summary>The sorts offered with these filters.</summary>
    public required IReadOnlyList<QueueSort> Sorts { get; init; }
    public required Viewer Viewer { get; init; }

    /// <summary>Ids found by the text; null without one.</summary>
    public IReadOnlyList<long>? Found { get; init; }

    public static QueuePlan Of(QueueFilter filter, Viewer viewer, IReadOnlyList<long>? found = null)
    {
        var view = filter.View == "court" && !viewer.CourtWide && filter.CaseId is null ? "mine" : filter.View;
        var held = view == "court" ? viewer.Courts.SelectMany(c => Centres.Labels.Keys.Select(x => (Court: c, Centre: x))) : viewer.Pairs;
        var pairs = held.Where(p => string.IsNullOrEmpty(filter.Centre) || p.Centre == filter.Centre).Select(p => new Segment { Court = p.Court, Centre = p.Centre, Led = viewer.Led.Contains(p) }).ToList();
        var open = filter.Closed ? " AND o.is_open = 0" : " AND o.is_open = 1";
        var centre = string.IsNullOrEmpty(filter.Centre) ? "" : " AND o.centre = @centreOnly";
        // orders of sealed cases are seen in queues by the centre's lead alone
        var plain = view == "court" || (view == "centre" && !pairs.Exists(p => p.Led)) ? " AND o.restricted = 0" : view == "centre" && !pairs.TrueForAll(p => p.Led) ? " AND (o.restricted = 0 OR @led# = 1)" : view == "team" ? " AND (o.restricted = 0 OR o.assignee_id = @me)" : "";
        // and by whoever has them in hand, until they end
        plain += filter.Closed && filter.CaseId is null && view is not ("asked" or "centre" or "court") ? " AND (o.restricted = 0 OR o.asked_by = @me)" : "";
        plain += viewer.NotRecused;
        const string pair = " AND o.court_id = @court# AND o.centre = @centre#";
        var rest = Rest(filter);
        IReadOnlyList<QueueSort> open3 = [QueueSort.Due, QueueSort.Oldest, QueueSort.Newest];
        IReadOnlyList<QueueSort> all = [.. open3, QueueSort.Changed];
        IReadOnlyList<QueueSort> closed = [QueueSort.Closed];
        IReadOnlyList<QueueSort> due = [QueueSort.Due];

        QueuePlan Make(string first, IReadOnlyList<Segment> segments, IReadOnlyList<QueueSort> sorts, string more) => new()
        {
            Filter = filter, Viewer = viewer, Found = found, Segments = segments, Sorts = filter.Closed ? closed : sorts,
            Where = first + open + more + plain + rest + (found is null ? "" : " AND o.id IN @found"),
            Sort = (filter.Closed ? closed : sorts).FirstOrDefault(s => s.Key == filter.Sort) ?? (filter.Closed ? closed : sorts)[0],
        };

        IReadOnlyList<Segment> OfPerson(long person) => view == "court" ? [new Segment { Person = person }] : [.. pairs.Select(p => p with { Person = person })];

        if (filter.CaseId is not null)
            return Make("o.case_id = @caseId", [new Segment()], due, viewer.CourtWide ? " AND o.court_id IN @courts AND o.restricted = 0"
                : filter.Closed ? " AND (o.asked_by = @me OR (o.assignee_id = @me AND o.restricted = 0) OR EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.person_id = @me AND a.case_id = o.case_id))"
                : " AND (o.asked_by = @me OR o.assignee_id = @me OR EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.person_id = @me AND a.case_id = o.case_id))");
        if (view == "asked")
            return Make("o.asked_by = @person#", [new Segment { Person = viewer.Id }], open3, centre + (filter.Assignee is null ? "" : " AND o.assignee_id = @assignee"));
        if (view == "team")
            return Make("o.assignee_id = @person#", [.. viewer.Mates.Select(m => new Segment { Person = m })], all, centre + " AND o.court_id IN @courts");
        if (view is not ("centre" or "court"))
            return Make("o.assignee_id = @person#", [new Segment { Person = viewer.Id }], all, centre + (filter.Asker is null ? "" : " AND o.asked_by = @asker"));
        if (filter.Assignee is { } assignee)
            return Make("o.assignee_id = @person#", OfPerson(assignee), all, (view == "court" ? " AND o.court_id IN @courts" + centre : pair) + (filter.Asker is null ? "" : " AND o.asked_by = @asker"));
        if (filter.Asker is { } asker)
            return Make("o.asked_by = @person#", OfPerson(asker), open3, view == "court" ? " AND o.court_id IN @courts" + centre : pair);
        if (filter.Escalated && !filter.Closed)
            return Make("o.court_id = @court# AND o.escalated = 1", view == "court" ? [.. viewer.Courts.Select(c => new Segment { Court = c })] : pairs, due, view == "court" ? centre : " AND o.centre = @centre#");
        if (filter.Type is { Length: > 0 } && !filter.Closed)
            return Make("o.court_id = @court# AND o.centre = @centre# AND o.order_type = @type", pairs, due, "");
        if (filter.State is { Length: > 0 } && !filter.Closed)
            return Make("o.court_id = @court# AND o.centre = @centre# AND o.state = @state", pairs, due, "");
        if (view == "court" && !filter.Closed && string.IsNullOrEmpty(filter.Centre) && filter.Sort is null or "due" or "")
            return Make("o.court_id = @court#", [.. viewer.Courts.Select(c => new Segment { Court = c })], all, "");
        return Make("o.court_id = @court# AND o.centre = @centre#", pairs, all, "");
    }

    /// <summary>The condition that begins after a row; both databases put rows without a time first.</summary>
    public string From(bool keyIsNull) => (keyIsNull, Sort.Descending) switch
    {
        (true, false) => $" AND (o.{Sort.Column} IS NOT NULL OR o.id > @idAfter)",
        (true, true) => $" AND o.{Sort.Column} IS NULL AND o.id < @idAfter",
        (false, false) => $" AND o.{Sort.Column} >= @keyAfter AND NOT (o.{Sort.Column} = @keyAfter AND o.id <= @idAfter)",
        (false, true) => $" AND o.{Sort.Column} <= @keyAfter AND NOT (o.{Sort.Column} = @keyAfter AND o.id >= @idAfter)",
    };

    /// <summary>By columns of the result, as a statement of several walks needs it.</summary>
    public string OrderBy => Sort.Descending ? $" ORDER BY {Sort.Column} DESC, id DESC" : $" ORDER BY {Sort.Column}, id";

    /// <summary>The condition of a chip for the time band; also used over the limited rows of a count (alias x).</summary>
    public static string Band(string? due) => due switch
    {
        "overdue" => " AND o.due_at < @now" + NotLate,
        "today" => " AND o.due_at >= @now AND o.due_at < @tomorrow" + NotLate,
        "week" => " AND o.due_at >= @now AND o.due_at < @week" + NotLate,
        _ => "",
    };

    private static string Rest(QueueFilter filter)
    {
        var rest = Band(filter.Closed ? null : filter.Due);
        if (filter.State is { Length: > 0 })
            rest += " AND o.state = @state";
        if (filter.Type is { Length: > 0 })
            rest += " AND o.order_type = @type";
        if (filter.Escalated)
            rest += " AND o.escalated = 1";
        return rest;
    }
}
