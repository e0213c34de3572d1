using CourtOps.Enforcement.Command;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Figures;

/// <summary>The board of enforcement (H): the figures and rates of a period, by court, month, track and agency; each number is the length of the list it
/// opens (<see cref="ListFigure"/>).</summary>
[Permit("enforcement.read")]
internal sealed record ShowFigures : IQuery<ShowFigures.Result>
{
    public long? CourtId { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }

    /// <param name="Counts">By the code of the figure.</param>
    /// <param name="PayDays">Mean days from the receipt of money to its payment; null where nothing was paid.</param>
    internal sealed record Result(
        Span Period,
        IReadOnlyDictionary<string, Sum> Counts,
        IReadOnlyList<CourtRow> Courts,
        IReadOnlyList<RateRow> Rates,
        decimal? PayDays,
        IReadOnlyList<NamedRow> Tracks,
        IReadOnlyList<MonthRow> Months,
        IReadOnlyList<AgencyRow> Agencies
    );

    /// <param name="Total">Cents.</param>
    internal sealed record Sum(int N, long Total);

    internal sealed record CourtRow(long Id, string Name, IReadOnlyDictionary<string, int> Counts);

    internal sealed record RateRow(Rate Rate, decimal? Percent, long Of, long By);

    internal sealed record NamedRow
    {
        public string Name { get; init; } = "";
        public int N { get; init; }
    }

    internal sealed record MonthRow(DateOnly First, int Filed, int Closed)
    {
        public DateOnly Last => First.AddMonths(1).AddDays(-1);
    }

    internal sealed record AgencyRow(string Name, int Asked, int Answered, int Late);

    internal sealed class Handler(Db db, ICases cases, FigureScope scope, TimeProvider clock, AccessLog reads) : IQueryHandler<ShowFigures, Result>
    {
        // those with a value of their own are counted by it
        private static readonly string[] Valued = ["track"];

        public async Task<Result> Handle(ShowFigures request, CancellationToken cancellationToken)
        {
            var span = scope.Period(request.From, request.Until);
            var args = scope.Arguments(request.CourtId, span);
            var sums = new Dictionary<string, Sum>();
            var courts = new Dictionary<long, (string Name, Dictionary<string, int> Counts)>();
            foreach (var figure in Figure.All.Where(f => !Valued.Contains(f.Code)))
            {
                var rows = await GroupAsync<CourtCount>(
                    figure,
                    "z.court_id, z.court_name, COUNT(*) AS n, COALESCE(SUM(z.amount), 0) AS total",
                    "z.court_id, z.court_name",
                    args,
                    cancellationToken
                );
                sums[figure.Code] = new Sum(rows.Sum(r => r.N), rows.Sum(r => r.Total));
                foreach (var r in rows)
                {
                    if (!courts.TryGetValue(r.CourtId, out var court))
                        courts[r.CourtId] = court = (r.CourtName, []);
                    court.Counts[figure.Code] = r.N;
                }
            }
            var days = await GroupAsync<Days>(Figure.Find("paid")!, "z.on_day, z.until_day, COUNT(*) AS n", "z.on_day, z.until_day", args, cancellationToken);
            var waited = days.Where(d => d is { OnDay: not null, UntilDay: not null }).ToList();
            var result = new Result(
                span,
                sums,
                [.. courts.OrderBy(c => c.Value.Name, StringComparer.Ordinal).Select(c => new CourtRow(c.Key, c.Value.Name, c.Value.Counts))],
                [
                    .. Rate.All.Select(r =>
                    {
                        var (of, by) = r.Sums ? (sums[r.Of].Total, sums[r.By].Total) : (sums[r.Of].N, (long)sums[r.By].N);
                        return new RateRow(r, Rate.Percent(of, by), of, by);
                    }),
                ],
                waited.Count == 0
                    ? null
                    : Math.Round(
                        waited.Sum(d => (decimal)(d.UntilDay!.Value.DayNumber - d.OnDay!.Value.DayNumber) * d.N) / waited.Sum(d => d.N),
                        1,
                        MidpointRounding.AwayFromZero
                    ),
                await TracksAsync(request.CourtId, span, cancellationToken),
                await MonthsAsync(request.CourtId, cancellationToken),
                await AgenciesAsync(args, cancellationToken)
            );
            reads.List("enforcement.board", result.Courts.Count, new { request.CourtId });
            return result;
        }

        // the select of the list, grouped
        private Task<IReadOnlyList<T>> GroupAsync<T>(Figure figure, string columns, string by, object args, CancellationToken ct) =>
            db.QueryAsync<T>($"SELECT {columns} FROM ({figure.Select(cases.Seen)}) z GROUP BY {by}", args, ct);

        private async Task<IReadOnlyList<NamedRow>> TracksAsync(long? court, Span span, CancellationToken ct)
        {
            var rows = new List<NamedRow>();
            foreach (var team in Track.Teams.Keys.Append(""))
                rows.Add(
                    new NamedRow
                    {
                        Name = team,
                        N = (
                            await GroupAsync<CourtCount>(
                                Figure.Find("track")!,
                                "z.court_id, COUNT(*) AS n",
                                "z.court_id",
                                scope.Arguments(court, span, team),
                                ct
                            )
                        ).Sum(r => r.N),
                    }
                );
            return [.. rows.Where(r => r.N > 0)];
        }

        // the last twelve months, whatever period is shown
        private async Task<IReadOnlyList<MonthRow>> MonthsAsync(long? court, CancellationToken ct)
        {
            var today = Kernel.Web.Times.Day(clock.GetUtcNow());
            var first = new DateOnly(today.Year, today.Month, 1).AddMonths(-11);
            var args = scope.Arguments(court, new Span(first, today));
            var filed = (await GroupAsync<Days>(Figure.Find("filed")!, "z.on_day, COUNT(*) AS n", "z.on_day", args, ct)).ToLookup(
                d => Month(d.OnDay),
                d => d.N
            );
            var closed = (await GroupAsync<Days>(Figure.Find("closed")!, "z.until_day, COUNT(*) AS n", "z.until_day", args, ct)).ToLookup(
                d => Month(d.UntilDay),
                d => d.N
            );
            return [.. Enumerable.Range(0, 12).Select(first.AddMonths).Select(m => new MonthRow(m, filed[m].Sum(), closed[m].Sum()))];
        }

        private static DateOnly Month(DateOnly? day) => new(day!.Value.Year, day.Value.Month, 1);

        private async Task<IReadOnlyList<AgencyRow>> AgenciesAsync(object args, CancellationToken ct)
        {
            var by = new Dictionary<string, Dictionary<string, int>>();
            foreach (var code in new[] { "asked", "answered", "asked-late" })
                by[code] = (await GroupAsync<NamedRow>(Figure.Find(code)!, "z.words AS name, COUNT(*) AS n", "z.words", args, ct)).ToDictionary(
                    r => r.Name,
                    r => r.N
                );
            return
            [
                .. by["asked"]
                    .OrderBy(a => a.Key, StringComparer.Ordinal)
                    .Select(a => new AgencyRow(a.Key, a.Value, by["answered"].GetValueOrDefault(a.Key), by["asked-late"].GetValueOrDefault(a.Key))),
            ];
        }

        private sealed record CourtCount
        {
            public long CourtId { get; init; }
            public string CourtName { get; init; } = "";
            public int N { get; init; }
            public long Total { get; init; }
        }

        private sealed record Days
        {
            public DateOnly? OnDay { get; init; }
            public DateOnly? UntilDay { get; init; }
            public int N { get; init; }
        }
    }
}
