using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Checks;

/// <summary>Open findings by their day; of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ListFindings : IQuery<ListFindings.Result>
{
    /// <summary>A code of <see cref="LeakChecks.Labels"/>; empty for all.</summary>
    public string Leak { get; init; } = "";

    /// <summary>open, asked, done or excused; empty for open and asked.</summary>
    public string State { get; init; } = "";
    public long? CaseId { get; init; }
    public DateOnly? AfterDue { get; init; }
    public long After { get; init; }

    internal sealed record Result(IReadOnlyList<Row> Rows, string? Next);

    internal sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string CaseNumber { get; init; } = "";
        public string? JudgeName { get; init; }
        public string Leak { get; init; } = "";
        public string Words { get; init; } = "";
        public string Said { get; init; } = "";
        public DateOnly FoundOn { get; init; }
        public DateOnly DueOn { get; init; }
        public int Level { get; init; }
        public string State { get; init; } = "";
        public string? Reason { get; init; }
        public string? DecidedWords { get; init; }
        public long? MeasureId { get; init; }
        public long? AssetId { get; init; }
        public long? OrderId { get; init; }
        public int Version { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListFindings, Result>
    {
        public async Task<Result> Handle(ListFindings request, CancellationToken cancellationToken)
        {
            if (request.CaseId is { } caseId)
                await cases.GetAsync(caseId, cancellationToken);
            var (me, courts, places) = cases.Arguments;
            IReadOnlyList<string> states = request.State.Length == 0 ? [FindingState.Open, FindingState.Asked] : [request.State];
            var from = request.AfterDue ?? new DateOnly(2000, 1, 1);
            var rows = await db.PageAsync<Row>(
                """
                SELECT f.id, f.case_id, c.number AS case_number, c.judge_name, f.leak, f.words, f.said, f.found_on, f.due_on, f.level, f.state, f.reason,
                    f.decided_words, f.measure_id, f.asset_id, f.order_id, f.version
                FROM enforcement_finding f
                JOIN workzone_case_card c ON c.id = f.case_id
                WHERE f.state IN @states AND f.due_on >= @from AND (f.due_on > @from OR f.id > @After) AND
                """
                    + " "
                    + cases.Seen("f.case_id")
                    + (request.Leak.Length == 0 ? "" : " AND f.leak = @Leak")
                    + (request.CaseId is null ? "" : " AND f.case_id = @CaseId")
                    + " ORDER BY f.due_on, f.id",
                new
                {
                    states,
                    from,
                    request.After,
                    request.Leak,
                    request.CaseId,
                    me,
                    courts,
                    places,
                },
                51,
                cancellationToken
            );
            reads.List("enforcement.finding.list", Math.Min(50, rows.Count), new { request.Leak, request.State }, request.CaseId);
            return new Result([.. rows.Take(50)], rows.Count > 50 ? $"after={rows[49].Id}&afterDue={Kernel.Web.Times.Iso(rows[49].DueOn)}" : null);
        }
    }
}
