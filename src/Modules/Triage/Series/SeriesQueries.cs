using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Series;

/// <summary>Series of the court.</summary>
[Permit("triage.read")]
internal sealed record ListSeries : IQuery<IReadOnlyList<SeriesRow>>
{
    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListSeries, IReadOnlyList<SeriesRow>>
    {
        public Task<IReadOnlyList<SeriesRow>> Handle(ListSeries request, CancellationToken cancellationToken) =>
            db.PageAsync<SeriesRow>(
                $"SELECT {SeriesBook.Columns} FROM triage_series s WHERE s.court_id IN @courts ORDER BY s.id DESC",
                new { courts = actor.Courts },
                200,
                cancellationToken
            );
    }
}

/// <summary>One series with a page of its cases.</summary>
[Permit("triage.read")]
internal sealed record ShowSeries : IQuery<ShowSeries.Result>
{
    public long Id { get; init; }
    public int After { get; init; }

    internal sealed record Result(SeriesRow Series, IReadOnlyList<SeriesCase> Cases, int? Next);

    internal sealed class Handler(SeriesBook book) : IQueryHandler<ShowSeries, Result>
    {
        private const int Size = 100;

        public async Task<Result> Handle(ShowSeries request, CancellationToken cancellationToken)
        {
            var s = await book.GetAsync(request.Id, cancellationToken);
            var rows = await book.CasesAsync(s.Id, request.After, Size + 1, cancellationToken);
            return new Result(s, [.. rows.Take(Size)], rows.Count > Size ? rows[Size - 1].RowNo : null);
        }
    }
}
