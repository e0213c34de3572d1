using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Figures;

/// <summary>The rows behind a figure of the board; of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ListFigure : IQuery<ListFigure.Result>
{
    /// <summary>A code of <see cref="Figures.Figure.All"/>.</summary>
    public string Code { get; init; } = "";

    /// <summary>The team, or the name of the agency; empty for all.</summary>
    public string Value { get; init; } = "";
    public long? CourtId { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public long After { get; init; } = long.MaxValue;

    internal sealed record Result(Figure Figure, Span Period, IReadOnlyList<Row> Rows, string? Next);

    internal sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string CaseNumber { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string? JudgeName { get; init; }
        public string Words { get; init; } = "";
        public DateOnly? OnDay { get; init; }
        public DateOnly? UntilDay { get; init; }

        /// <summary>Cents.</summary>
        public long? Amount { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, FigureScope scope, AccessLog reads) : IQueryHandler<ListFigure, Result>
    {
        /// <summary>Rows on a page.</summary>
        public const int Page = 50;

        public async Task<Result> Handle(ListFigure request, CancellationToken cancellationToken)
        {
            var figure = Figure.Find(request.Code) ?? throw new NotFound("指标", request.Code);
            var span = scope.Period(request.From, request.Until);
            var rows = await db.PageAsync<Row>(
                $"{figure.Select(cases.Seen)} AND {figure.Source.Id} < @after ORDER BY {figure.Source.Id} DESC",
                scope.Arguments(request.CourtId, span, request.Value, request.After),
                Page + 1,
                cancellationToken
            );
            reads.List(
                "enforcement.figure",
                Math.Min(Page, rows.Count),
                new
                {
                    request.Code,
                    request.Value,
                    request.CourtId,
                }
            );
            return new Result(figure, span, [.. rows.Take(Page)], rows.Count > Page ? $"after={rows[Page - 1].Id}" : null);
        }
    }
}
