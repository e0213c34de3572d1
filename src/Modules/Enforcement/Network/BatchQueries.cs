using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Network;

/// <summary>Batches of the courts with what is not answered, and how many answers are kept apart.</summary>
[Permit("enforcement.read")]
internal sealed record ListBatches : IQuery<ListBatches.Result>
{
    public long After { get; init; } = long.MaxValue;

    /// <param name="Simulated">The registries of the demo answer.</param>
    internal sealed record Result(IReadOnlyList<BatchRow> Rows, string? Next, IReadOnlyList<Apart> Quarantine, bool Simulated);

    internal sealed record Apart
    {
        public long Id { get; init; }
        public string Reference { get; init; } = "";
        public string Why { get; init; } = "";
        public string Digest { get; init; } = "";
        public DateTimeOffset At { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, InquirySystem system, AccessLog reads) : IQueryHandler<ListBatches, Result>
    {
        public async Task<Result> Handle(ListBatches request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var args = new
            {
                me,
                courts,
                places,
                request.After,
            };
            // a batch is seen by whoever sees a case in it
            var rows = await db.PageAsync<BatchRow>(
                $"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.court_id IN @courts AND b.id < @After AND EXISTS (SELECT 1 FROM "
                    + "enforcement_batch_item i WHERE i.batch_id = b.id AND "
                    + cases.Seen("i.case_id")
                    + ") ORDER BY b.id DESC",
                args,
                51,
                cancellationToken
            );
            var apart = await db.PageAsync<Apart>(
                "SELECT q.id, q.reference, q.why, q.digest, q.at FROM enforcement_quarantine q WHERE q.court_id IN @courts AND q.settled_at IS NULL "
                    + "ORDER BY q.id DESC",
                args,
                100,
                cancellationToken
            );
            reads.List("enforcement.network.list", Math.Min(50, rows.Count), new { });
            return new Result([.. rows.Take(50)], rows.Count > 50 ? $"after={rows[49].Id}" : null, apart, system.Simulated);
        }
    }
}

/// <summary>The lines of a batch that are of cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ShowBatch : IQuery<ShowBatch.Result>
{
    public long Id { get; init; }

    internal sealed record Result(BatchRow Batch, IReadOnlyList<BatchItem> Items);

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ShowBatch, Result>
    {
        public async Task<Result> Handle(ShowBatch request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var args = new
            {
                me,
                courts,
                places,
                request.Id,
            };
            var items = await db.PageAsync<BatchItem>(
                $"SELECT {BatchItem.Columns}, c.number AS case_number FROM enforcement_batch_item i JOIN workzone_case_card c ON c.id = i.case_id "
                    + "WHERE i.batch_id = @Id AND "
                    + cases.Seen("i.case_id")
                    + " ORDER BY i.reference",
                args,
                AskNetwork.Most,
                cancellationToken
            );
            var batch =
                items.Count == 0
                    ? null
                    : await db.FirstAsync<BatchRow>($"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.id = @Id", args, cancellationToken);
            reads.List("enforcement.network.show", items.Count, new { request.Id });
            return new Result(batch ?? throw new NotFound("查询批次", request.Id), items);
        }
    }
}
