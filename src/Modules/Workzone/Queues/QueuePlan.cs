using CourtOps.Workzone.Cases;

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
/// <param name="Seeing">What they may see, as conditions.</param>
internal sealed record Viewer(
    long Id,
    IReadOnlyList<long> Courts,
    IReadOnlyList<(long Court, string Centre)> Pairs,
    bool CourtWide,
    IReadOnlyList<long> Mates,
    Seeing Seeing
)
{
    /// <summary>The centres the person leads, each with the court: in their queues, and in no other, orders of sealed cases are seen.</summary>
    public IReadOnlyList<(long Court, string Centre)> Led { get; init; } = [];
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
        if (filter.Court is { } only && view is "court" or "centre")
            viewer = viewer with { Pairs = [.. viewer.Pairs.Where(p => p.Court == only)], Courts = [.. viewer.Courts.Where(c => c == only)] };
        var held = view == "court" ? viewer.Courts.SelectMany(c => Centres.Labels.Keys.Select(x => (Court: c, Centre: x))) : viewer.Pairs;
        var pairs = held.Where(p => string.IsNullOrEmpty(filter.Centre) || p.Centre == filter.Centre)
            .Select(p => new Segment
            {
                Court = p.Court,
                Centre = p.Centre,
                Led = viewer.Led.Contains(p),
            })
            .ToList();
        var open = filter.Closed ? " AND o.is_open = 0" : " AND o.is_open = 1";
        var centre = string.IsNullOrEmpty(filter.Centre) ? "" : " AND o.centre = @centreOnly";
        // orders of sealed cases are seen in queues by the centre's lead alone
        var plain =
            view == "court" || (view == "centre" && !pairs.Exists(p => p.Led)) ? " AND o.restricted = 0"
            : view == "centre" && !pairs.TrueForAll(p => p.Led) ? " AND (o.restricted = 0 OR @led# = 1)"
            : view == "team" ? " AND (o.restricted = 0 OR o.assignee_id = @me)"
            : "";
        // and by whoever has them in hand, until they end
        plain += filter.Closed && filter.CaseId is null && view is not ("asked" or "centre" or "court") ? " AND (o.restricted = 0 OR o.asked_by = @me)" : "";
        plain += viewer.Seeing.NotRecused("o.case_id");
        const string pair = " AND o.court_id = @court# AND o.centre = @centre#";
        var rest = Rest(filter);
        IReadOnlyList<QueueSort> open3 = [QueueSort.Due, QueueSort.Oldest, QueueSort.Newest];
        IReadOnlyList<QueueSort> all = [.. open3, QueueSort.Changed];
        IReadOnlyList<QueueSort> closed = [QueueSort.Closed];
        IReadOnlyList<QueueSort> due = [QueueSort.Due];

        QueuePlan Make(string first, IReadOnlyList<Segment> segments, IReadOnlyList<QueueSort> sorts, string more) =>
            new()
            {
                Filter = filter,
                Viewer = viewer,
                Found = found,
                Segments = segments,
                Sorts = filter.Closed ? closed : sorts,
                Where = first + open + more + plain + rest + (found is null ? "" : " AND o.id IN @found"),
                Sort = (filter.Closed ? closed : sorts).FirstOrDefault(s => s.Key == filter.Sort) ?? (filter.Closed ? closed : sorts)[0],
            };

        // the person's own, and those of absent people they stand in for
        IReadOnlyList<Segment> Own(IReadOnlyList<long> absent) => [.. absent.Prepend(viewer.Id).Select(p => new Segment { Person = p })];

        IReadOnlyList<Segment> OfPerson(long person) =>
            view == "court" ? [new Segment { Person = person }] : [.. pairs.Select(p => p with { Person = person })];

        if (filter.CaseId is not null)
            return Make("o.case_id = @caseId", [new Segment()], due, " AND " + viewer.Seeing.Order("o"));
        if (view == "asked")
            return Make(
                "o.asked_by = @person#",
                Own(viewer.Seeing.Absent(asks: true)),
                open3,
                " AND " + viewer.Seeing.Asked("o") + centre + (filter.Assignee is null ? "" : " AND o.assignee_id = @assignee")
            );
        if (view == "team")
            return Make(
                "o.assignee_id = @person#",
                [.. viewer.Mates.Select(m => new Segment { Person = m })],
                all,
                centre + " AND " + viewer.Seeing.Worked("o")
            );
        if (view is not ("centre" or "court"))
            return Make(
                "o.assignee_id = @person#",
                Own(viewer.Seeing.Absent(asks: false)),
                all,
                " AND " + viewer.Seeing.InHand("o") + centre + (filter.Asker is null ? "" : " AND o.asked_by = @asker")
            );
        if (filter.Assignee is { } assignee)
            return Make(
                "o.assignee_id = @person#",
                OfPerson(assignee),
                all,
                (view == "court" ? " AND o.court_id IN @courts" + centre : pair) + (filter.Asker is null ? "" : " AND o.asked_by = @asker")
            );
        if (filter.Asker is { } asker)
            return Make("o.asked_by = @person#", OfPerson(asker), open3, view == "court" ? " AND o.court_id IN @courts" + centre : pair);
        if (filter.Escalated && !filter.Closed)
            return Make(
                "o.court_id = @court# AND o.escalated = 1",
                view == "court" ? [.. viewer.Courts.Select(c => new Segment { Court = c })] : pairs,
                due,
                view == "court" ? centre : " AND o.centre = @centre#"
            );
        if (filter.Type is { Length: > 0 } && !filter.Closed)
            return Make("o.court_id = @court# AND o.centre = @centre# AND o.order_type = @type", pairs, due, "");
        if (filter.State is { Length: > 0 } && !filter.Closed)
            return Make("o.court_id = @court# AND o.centre = @centre# AND o.state = @state", pairs, due, "");
        if (view == "court" && !filter.Closed && string.IsNullOrEmpty(filter.Centre) && filter.Sort is null or "due" or "")
            return Make("o.court_id = @court#", [.. viewer.Courts.Select(c => new Segment { Court = c })], all, "");
        return Make("o.court_id = @court# AND o.centre = @centre#", pairs, all, "");
    }

    /// <summary>The condition that begins after a row; both databases put rows without a time first.</summary>
    public string From(bool keyIsNull) =>
        (keyIsNull, Sort.Descending) switch
        {
            (true, false) => $" AND (o.{Sort.Column} IS NOT NULL OR o.id > @idAfter)",
            (true, true) => $" AND o.{Sort.Column} IS NULL AND o.id < @idAfter",
            (false, false) => $" AND o.{Sort.Column} >= @keyAfter AND NOT (o.{Sort.Column} = @keyAfter AND o.id <= @idAfter)",
            (false, true) => $" AND o.{Sort.Column} <= @keyAfter AND NOT (o.{Sort.Column} = @keyAfter AND o.id >= @idAfter)",
        };

    /// <summary>By columns of the result, as a statement of several walks needs it.</summary>
    public string OrderBy => Sort.Descending ? $" ORDER BY {Sort.Column} DESC, id DESC" : $" ORDER BY {Sort.Column}, id";

    /// <summary>The condition of a chip for the time band; also used over the limited rows of a count (alias x).</summary>
    public static string Band(string? due) =>
        due switch
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
