using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Queues;

namespace CourtOps.Workzone.Supervision;

/// <summary>
/// 院长驾驶舱: what bites in the courts somebody leads. Every figure is the count of a list that can be opened. The figures of whoever sees all cases of
/// their courts come from <see cref="CaseCounts"/>; those of sealed cases seen besides, of cases recused from and of courts not counted yet from the cases.
/// </summary>
[Permit("workzone.leader")]
internal sealed record ShowLeaderView : IQuery<ShowLeaderView.Result>
{
    /// <summary>Days after which a case counts as without movement.</summary>
    public static readonly int[] StillDays = [15, 30, 60, 90];

    /// <summary>Judges listed at most: with more, those with the most cases over their limits.</summary>
    public const int MostJudges = 200;

    /// <summary>A list to open: near, over, still, long12, long18, long36, open; filed or closed of a month; null for none.</summary>
    public string? Open { get; init; }

    /// <summary>"2026-03", of the lists filed and closed.</summary>
    public string? Month { get; init; }

    /// <summary>One of <see cref="StillDays"/>.</summary>
    public int Days { get; init; } = 30;
    public long? CourtId { get; init; }
    public long? JudgeId { get; init; }

    /// <summary>A division of the one court that is shown.</summary>
    public string? Division { get; init; }

    /// <summary>Where the list goes on; what the page before gave.</summary>
    public string? After { get; init; }

    internal sealed record Result(
        IReadOnlyList<Figure> Figures,
        IReadOnlyList<CourtRow> Courts,
        IReadOnlyList<DivisionRow> Divisions,
        IReadOnlyList<JudgeRow> Judges,
        IReadOnlyList<CentreRow> Centres,
        IReadOnlyList<MonthRow> Months,
        int SlipsUnanswered,
        IReadOnlyList<CaseRow> Cases
    )
    {
        /// <summary>The day the figures stand for where they have not been turned to today yet; null where they have.</summary>
        public DateOnly? AsOf { get; init; }

        /// <summary>Whether there are more judges than are listed.</summary>
        public bool JudgesCut { get; init; }

        /// <summary>Where the list goes on; null at its end.</summary>
        public string? Next { get; init; }
    }

    internal sealed record Figure(string Code, int Count);

    internal sealed record CourtRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public int OpenCases { get; init; }
        public int Near { get; init; }
        public int OverCount { get; init; }
    }

    /// <summary>A division of one court, by the persons it has now.</summary>
    internal sealed record DivisionRow(string Name, int OpenCases, int Near, int OverCount);

    internal sealed record JudgeRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Division { get; init; } = "";
        public int OpenCases { get; init; }
        public int Near { get; init; }
        public int OverCount { get; init; }
    }

    internal sealed record CentreRow
    {
        public string Centre { get; init; } = "";
        public int OpenOrders { get; init; }
        public int Overdue { get; init; }
    }

    internal sealed record MonthRow
    {
        public string Month { get; init; } = "";
        public int Filed { get; init; }
        public int Closed { get; init; }
    }

    internal sealed record CaseRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Cause { get; init; } = "";
        public string? JudgeName { get; init; }
        public string CourtName { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public DateOnly? ClockEnd { get; init; }
        public DateTimeOffset ChangedAt { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor, CaseAccess access, CaseCounts counts, QueueReader queues, SlipBook slips, TimeProvider clock)
        : IQueryHandler<ShowLeaderView, Result>
    {
        private const int Shown = 100;

        /// <summary>A list: its condition over cases aliased c, and the column of the index it is read by.</summary>
        internal sealed record CaseList(string Condition, string Column);

        /// <summary>The lists; codes never come from outside. The conditions are those of <see cref="CaseCounts.Sums"/>.</summary>
        internal static readonly IReadOnlyDictionary<string, CaseList> Lists = new Dictionary<string, CaseList>
        {
            ["near"] = new("c.state = 'open' AND c.clock_end >= @Today AND c.clock_end <= @Soon", "clock_end"),
            ["over"] = new("c.state = 'open' AND c.clock_legal_end < @Today", "clock_legal_end"),
            ["still"] = new("c.state = 'open' AND c.moved_at < @Still", "moved_at"),
            ["long12"] = new("c.state = 'open' AND c.filed_on < @Long12", "filed_on"),
            ["long18"] = new("c.state = 'open' AND c.filed_on < @Long18", "filed_on"),
            ["long36"] = new("c.state = 'open' AND c.filed_on < @Long36", "filed_on"),
            ["open"] = new("c.state = 'open'", "clock_end"),
            ["filed"] = new("c.filed_on >= @Month AND c.filed_on < @MonthEnd", "filed_on"),
            ["closed"] = new("c.closed_on >= @Month AND c.closed_on < @MonthEnd", "closed_on"),
        };

        public async Task<Result> Handle(ShowLeaderView request, CancellationToken cancellationToken)
        {
            var today = Times.Day(clock.GetUtcNow());
            var days = StillDays.Contains(request.Days) ? request.Days : 30;
            var seeing = access.Seeing;
            IReadOnlyList<long> within = request.CourtId is { } one ? [.. seeing.Arguments.Courts.Where(c => c == one)] : seeing.Arguments.Courts;
            var sum = new Sum();
            var asOf = await SumAsync(sum, seeing, within, today, cancellationToken);
            // divisions of several courts have nothing in common but their names
            var persons =
                within.Count == 1 && sum.Judges.Count > 0
                    ? await PersonsAsync([.. sum.Judges.Keys.Where(j => j != 0)], cancellationToken)
                    : new Dictionary<long, Named>();
            var divisions = sum
                .Judges.Values.Where(j => persons.ContainsKey(j.JudgeId) && j.OpenCases > 0)
                .GroupBy(j => persons[j.JudgeId].Division, StringComparer.Ordinal)
                .Select(g => new DivisionRow(g.Key, g.Sum(j => j.OpenCases), g.Sum(j => j.Near), g.Sum(j => j.OverLimit)))
                .ToList();
            var division = within.Count == 1 && divisions.Any(d => d.Name == request.Division) ? request.Division : null;
            IReadOnlyList<long>? of =
                request.JudgeId is { } chosen ? [chosen]
                : division is null ? null
                : [.. persons.Values.Where(p => p.Division == division).Select(p => p.Id)];
            var all = (of is null ? sum.Courts.Values : sum.Judges.Values.Where(j => of.Contains(j.JudgeId))).Aggregate(new CaseCount(), (a, b) => a.Plus(b));
            var names =
                within.Count == 0
                    ? []
                    : await db.QueryAsync<Named>("SELECT id, name FROM workzone_court WHERE id IN @within ORDER BY name", new { within }, cancellationToken);
            var judges = sum.Judges.Values.Where(j => j.OpenCases > 0 && j.JudgeId != 0 && (of is null || of.Contains(j.JudgeId))).ToList();
            var cut = judges.Count > MostJudges;
            if (cut)
                judges =
                [
                    .. judges
                        .OrderByDescending(j => j.OverLimit)
                        .ThenByDescending(j => j.Near)
                        .ThenByDescending(j => j.OpenCases)
                        .ThenBy(j => j.JudgeId)
                        .Take(MostJudges),
                ];
            var (cases, next) =
                request.Open is { } open && Lists.TryGetValue(open, out var list)
                    ? await ListAsync(list, request, of, seeing, within, today, days, cancellationToken)
                    : ([], null);
            return new Result(
                [
                    new("near", all.Near),
                    new("over", all.OverLimit),
                    new("still", all.Still(days)),
                    new("long12", all.Long12),
                    new("long18", all.Long18),
                    new("long36", all.Long36),
                ],
                [
                    .. names
                        .Where(n => sum.Courts.TryGetValue(n.Id, out var c) && c.OpenCases > 0)
                        .Select(n => new CourtRow
                        {
                            Id = n.Id,
                            Name = n.Name,
                            OpenCases = sum.Courts[n.Id].OpenCases,
                            Near = sum.Courts[n.Id].Near,
                            OverCount = sum.Courts[n.Id].OverLimit,
                        }),
                ],
                divisions.ByName(d => d.Name),
                await JudgesAsync(judges, cut, cancellationToken),
                await CentresAsync(request.CourtId, cancellationToken),
                [
                    .. Enumerable
                        .Range(0, 12)
                        .Select(i => CountDays.MonthOf(new CountDays(today).From.AddMonths(i)))
                        .Select(m => new MonthRow
                        {
                            Month = m,
                            Filed = sum.Months.GetValueOrDefault(m).Filed,
                            Closed = sum.Months.GetValueOrDefault(m).Closed,
                        }),
                ],
                await SlipsAsync(within, cancellationToken),
                cases
            )
            {
                AsOf = asOf,
                JudgesCut = cut,
                Next = next,
            };
        }

        /// <summary>Sums up what the person sees within these courts; answers the day it stands for where that is not today.</summary>
        private async Task<DateOnly?> SumAsync(Sum sum, Seeing seeing, IReadOnlyList<long> within, DateOnly today, CancellationToken ct)
        {
            if (within.Count == 0)
                return null;
            var now = new CountDays(today);
            if (!seeing.Wide)
            {
                await LiveAsync(sum, seeing.CaseList("c") + " AND c.court_id IN @within", within, now, ct);
                return null;
            }
            var marks = (
                await db.QueryAsync<Mark>("SELECT court_id, day FROM workzone_case_counted WHERE court_id IN @within", new { within }, ct)
            ).ToDictionary(m => m.CourtId, m => m.Day);
            if (marks.Count > 0)
            {
                foreach (
                    var row in await db.QueryAsync<CaseCount>(
                        "SELECT court_id, judge_id, open_cases, near, over_limit, still15, still30, still60, still90, long12, long18, long36 FROM "
                            + "workzone_case_count WHERE court_id IN @within",
                        new { within },
                        ct
                    )
                )
                    sum.Add(row, 1);
                foreach (
                    var month in await db.QueryAsync<MonthCount>(
                        "SELECT month, SUM(filed) AS filed, SUM(closed) AS closed FROM workzone_case_month WHERE court_id IN @within AND month >= @from "
                            + "GROUP BY month",
                        new { within, from = CountDays.MonthOf(now.From) },
                        ct
                    )
                )
                    sum.Add(month, 1);
            }
            if (marks.Count < within.Count)
                await LiveAsync(sum, "c.sealed = 0 AND c.court_id IN @within", [.. within.Where(c => !marks.ContainsKey(c))], now, ct);
            foreach (var (condition, sign) in new[] { (seeing.Besides("c"), 1), (Seeing.Hidden("c"), -1) })
            foreach (
                var c in await db.QueryAsync<CountedCase>(
                    $"SELECT {CountedCase.Columns} FROM workzone_case c WHERE {condition}",
                    Arguments(seeing, today, 30, within),
                    ct
                )
            )
            {
                if (!within.Contains(c.CourtId))
                    continue;
                var at = new CountDays(marks.GetValueOrDefault(c.CourtId, today));
                sum.Add(c.Count(at), sign);
                foreach (var month in c.Months(at))
                    sum.Add(month, sign);
            }
            return marks.Values.Where(d => d < today).Select(d => (DateOnly?)d).Min();
        }

        private async Task LiveAsync(Sum sum, string condition, IReadOnlyList<long> within, CountDays d, CancellationToken ct)
        {
            var a = access.Seeing.Arguments;
            foreach (
                var row in await db.QueryAsync<CaseCount>(
                    $"{CaseCounts.Sums} FROM workzone_case c WHERE {condition} AND c.state = 'open'{CaseCounts.ByJudge}",
                    new
                    {
                        a.Me,
                        a.Courts,
                        a.Places,
                        within,
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
                )
            )
                sum.Add(row, 1);
            foreach (
                var month in await counts.MonthsAsync(
                    condition,
                    new
                    {
                        a.Me,
                        a.Courts,
                        a.Places,
                        within,
                        d.From,
                    },
                    ct
                )
            )
                sum.Add(month, 1);
        }

        private async Task<IReadOnlyList<JudgeRow>> JudgesAsync(IReadOnlyList<CaseCount> judges, bool byWeight, CancellationToken ct)
        {
            if (judges.Count == 0)
                return [];
            var names = await PersonsAsync([.. judges.Select(j => j.JudgeId)], ct);
            var rows = judges.Select(j => new JudgeRow
            {
                Id = j.JudgeId,
                Name = names.GetValueOrDefault(j.JudgeId)?.Name ?? "",
                Division = names.GetValueOrDefault(j.JudgeId)?.Division ?? "",
                OpenCases = j.OpenCases,
                Near = j.Near,
                OverCount = j.OverLimit,
            });
            return byWeight ? [.. rows] : rows.ToList().ByName(j => j.Name);
        }

        private async Task<Dictionary<long, Named>> PersonsAsync(IReadOnlyList<long> ids, CancellationToken ct) =>
            ids.Count == 0
                ? []
                : (await db.QueryAsync<Named>("SELECT id, name, division FROM workzone_person WHERE id IN @ids", new { ids }, ct)).ToDictionary(n => n.Id);

        // the same counts as the queues they open, no further than a thousand
        private async Task<IReadOnlyList<CentreRow>> CentresAsync(long? court, CancellationToken ct)
        {
            var viewer = QueueReader.ViewerOf(actor);
            var rows = new List<CentreRow>();
            foreach (var centre in viewer.Pairs.Where(p => court is null || p.Court == court).Select(p => p.Centre).Distinct().Order(StringComparer.Ordinal))
            {
                var n = await queues.CountAsync(
                    QueuePlan.Of(
                        new QueueFilter
                        {
                            View = "centre",
                            Centre = centre,
                            Court = court,
                        },
                        viewer
                    ),
                    ct
                );
                if (n.Total > 0)
                    rows.Add(
                        new CentreRow
                        {
                            Centre = centre,
                            OpenOrders = n.Total,
                            Overdue = n.Overdue,
                        }
                    );
            }
            return rows;
        }

        // No further than a thousand. One statement: who sees a slip is long to say, and said for each court it took eighty milliseconds.
        private Task<int> SlipsAsync(IReadOnlyList<long> within, CancellationToken ct)
        {
            var a = access.Seeing.Arguments;
            return db.CountUpToAsync(
                "SELECT s.id FROM workzone_slip s WHERE s.court_id IN @within AND s.ended_at IS NULL AND s.state IN ('sent', 'received') AND "
                    + slips.Shown()
                    + " ORDER BY s.court_id, s.id",
                new
                {
                    a.Me,
                    a.Courts,
                    a.Places,
                    within,
                },
                QueueCounts.Most,
                ct
            );
        }

        private async Task<(IReadOnlyList<CaseRow> Rows, string? Next)> ListAsync(
            CaseList list,
            ShowLeaderView request,
            IReadOnlyList<long>? judges,
            Seeing seeing,
            IReadOnlyList<long> within,
            DateOnly today,
            int days,
            CancellationToken ct
        )
        {
            if (within.Count == 0 || judges is { Count: 0 })
                return ([], null);
            var month = DateOnly.TryParseExact(
                request.Month + "-01",
                "yyyy-MM-dd",
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.None,
                out var begin
            )
                ? begin
                : new DateOnly(today.Year, today.Month, 1);
            var args = Arguments(seeing, today, days, within) with { Judges = judges ?? [], Month = month, MonthEnd = month.AddMonths(1) };
            var narrow = !seeing.Wide || judges is not null;
            var (ids, next) =
                list.Column == "moved_at"
                    ? await KeysAsync<DateTimeOffset>(list, request.After, narrow, seeing, within, args, ct)
                    : await KeysAsync<DateOnly>(list, request.After, narrow, seeing, within, args, ct);
            if (ids.Count == 0)
                return ([], null);
            var rows = (
                await db.QueryAsync<CaseRow>(
                    """
                    SELECT c.id, c.number, c.cause, p.name AS judge_name, t.name AS court_name, c.filed_on, c.clock_end, COALESCE(c.moved_at, c.changed_at) AS
                        changed_at
                    FROM workzone_case c JOIN workzone_court t ON t.id = c.court_id LEFT JOIN workzone_person p ON p.id = c.judge_id
                    WHERE c.id IN @ids
                    """,
                    new { ids },
                    ct
                )
            ).ToDictionary(r => r.Id);
            return ([.. ids.Select(id => rows[id])], next);
        }

        private async Task<(IReadOnlyList<long> Ids, string? Next)> KeysAsync<T>(
            CaseList list,
            string? from,
            bool narrow,
            Seeing seeing,
            IReadOnlyList<long> within,
            ListArguments args,
            CancellationToken ct
        )
            where T : struct, IComparable<T>, IFormattable, IParsable<T>
        {
            var after = KeyOf<T>(from);
            args = args with
            {
                AfterId = after?.Id ?? 0,
                AfterDay = after?.At is DateOnly day ? day : default,
                AfterTime = after?.At is DateTimeOffset time ? time : default,
            };
            var behind =
                after is null ? "1 = 1"
                : after.At is null ? $"NOT (c.{list.Column} IS NULL AND c.id <= @AfterId)"
                : $"c.{list.Column} >= {(typeof(T) == typeof(DateOnly) ? "@AfterDay" : "@AfterTime")} AND NOT (c.{list.Column} = "
                    + $"{(typeof(T) == typeof(DateOnly) ? "@AfterDay" : "@AfterTime")} AND c.id <= @AfterId)";
            var keys = narrow
                ? await db.PageAsync<Key<T>>(
                    $"SELECT c.id, c.{list.Column} AS at FROM workzone_case c WHERE {seeing.CaseList("c")} AND +c.court_id IN @Within AND {list.Condition} "
                        + $"AND {(args.Judges.Count == 0 ? "1 = 1" : "c.judge_id IN @Judges")} AND {behind} ORDER BY c.{list.Column}, c.id",
                    args,
                    Shown + 1,
                    ct
                )
                : await FirstAsync<T>(list, behind, seeing, within, args, ct);
            var next = keys.Count > Shown ? Token(keys[Shown - 1]) : null;
            return ([.. keys.Take(Shown).Select(k => k.Id)], next);
        }

        private static string Token<T>(Key<T> key)
            where T : struct, IFormattable => $"{key.At?.ToString("O", System.Globalization.CultureInfo.InvariantCulture)}|{key.Id}";

        private static Key<T>? KeyOf<T>(string? token)
            where T : struct, IParsable<T>
        {
            var parts = token?.Split('|');
            if (parts is not { Length: 2 } || !long.TryParse(parts[1], System.Globalization.CultureInfo.InvariantCulture, out var id))
                return null;
            if (parts[0].Length == 0)
                return new Key<T> { Id = id };
            return T.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, out var at) ? new Key<T> { Id = id, At = at } : null;
        }

        // A walk along the index of the list in each court, in the following courts no further than the last of those found so far.
        private async Task<IReadOnlyList<Key<T>>> FirstAsync<T>(
            CaseList list,
            string behind,
            Seeing seeing,
            IReadOnlyList<long> within,
            ListArguments args,
            CancellationToken ct
        )
            where T : struct, IComparable<T>
        {
            var best = new List<Key<T>>();
            foreach (var court in within)
            {
                var last = best.Count > Shown && best[^1].At is { } at ? at : (T?)null;
                var found = await db.PageAsync<Key<T>>(
                    $"SELECT c.id, c.{list.Column} AS at FROM workzone_case c WHERE c.court_id = @One AND {seeing.HeldCase("c")} AND {list.Condition} "
                        + $"AND {(last is null ? "1 = 1" : $"c.{list.Column} <= @{typeof(T).Name}")} AND {behind} ORDER BY c.{list.Column}, c.id",
                    args with
                    {
                        One = court,
                        DateOnly = last is DateOnly day ? day : default,
                        DateTimeOffset = last is DateTimeOffset time ? time : default,
                    },
                    Shown + 1,
                    ct
                );
                best = [.. best.Concat(found).OrderBy(k => k.At).ThenBy(k => k.Id).Take(Shown + 1)];
            }
            return best;
        }

        private static ListArguments Arguments(Seeing seeing, DateOnly today, int days, IReadOnlyList<long> within)
        {
            var (me, courts, places) = seeing.Arguments;
            var d = new CountDays(today);
            return new ListArguments(me, courts, places)
            {
                Within = within,
                Today = today,
                Soon = d.Soon,
                Still = Times.Start(today.AddDays(-days)),
                Long12 = d.Long12,
                Long18 = d.Long18,
                Long36 = d.Long36,
            };
        }

        /// <param name="Me">The person.</param>
        /// <param name="Courts">The courts reached.</param>
        /// <param name="Places">What the person is there.</param>
        private sealed record ListArguments(long Me, IReadOnlyList<long> Courts, IReadOnlyList<string> Places) : AccessArguments(Me, Courts, Places)
        {
            public IReadOnlyList<long> Within { get; init; } = [];
            public IReadOnlyList<long> Judges { get; init; } = [];
            public long One { get; init; }
            public DateOnly Today { get; init; }
            public DateOnly Soon { get; init; }
            public DateTimeOffset Still { get; init; }
            public DateOnly Long12 { get; init; }
            public DateOnly Long18 { get; init; }
            public DateOnly Long36 { get; init; }
            public DateOnly Month { get; init; }
            public DateOnly MonthEnd { get; init; }

            public long AfterId { get; init; }
            public DateOnly AfterDay { get; init; }
            public DateTimeOffset AfterTime { get; init; }

            /// <summary>How far a walk goes, of an index over days.</summary>
            public DateOnly DateOnly { get; init; }

            /// <summary>The same of an index over instants.</summary>
            public DateTimeOffset DateTimeOffset { get; init; }
        }

        private sealed class Sum
        {
            public Dictionary<long, CaseCount> Courts { get; } = [];
            public Dictionary<long, CaseCount> Judges { get; } = [];
            public Dictionary<string, (int Filed, int Closed)> Months { get; } = [];

            public void Add(CaseCount count, int sign)
            {
                Courts[count.CourtId] = Courts.GetValueOrDefault(count.CourtId, new CaseCount { CourtId = count.CourtId }).Plus(count, sign);
                Judges[count.JudgeId] = Judges.GetValueOrDefault(count.JudgeId, new CaseCount { JudgeId = count.JudgeId }).Plus(count, sign);
            }

            public void Add(MonthCount month, int sign)
            {
                var there = Months.GetValueOrDefault(month.Month);
                Months[month.Month] = (there.Filed + (sign * month.Filed), there.Closed + (sign * month.Closed));
            }
        }

        private sealed record Key<T>
            where T : struct
        {
            public long Id { get; init; }
            public T? At { get; init; }
        }

        private sealed record Mark
        {
            public long CourtId { get; init; }
            public DateOnly Day { get; init; }
        }

        private sealed record Named
        {
            public long Id { get; init; }
            public string Name { get; init; } = "";
            public string Division { get; init; } = "";
        }
    }
}
