using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Cataloguing.Intake;

/// <summary>Batches whose orders the person may see; urgent ones and those that are due first.</summary>
[Permit("cataloguing.read")]
internal sealed record ListBatches : IQuery<IReadOnlyList<ListBatches.Row>>
{
    /// <summary>A state, or empty for all that are not confirmed.</summary>
    public string State { get; init; } = "";

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public long CaseId { get; init; }
        public long OrderId { get; init; }
        public string CaseNumber { get; init; } = "";
        public string Sender { get; init; } = "";
        public bool Urgent { get; init; }
        public string State { get; init; } = "";
        public int? Announced { get; init; }
        public int Received { get; init; }
        public int Unsure { get; init; }
        public int LeftPages { get; init; }
        public string? Assignee { get; init; }
        public DateTimeOffset ReceivedAt { get; init; }
        public DateTimeOffset DueAt { get; init; }
    }

    internal sealed class Handler(Db db, IWorkOrders orders, AccessLog reads) : IQueryHandler<ListBatches, IReadOnlyList<Row>>
    {
        public async Task<IReadOnlyList<Row>> Handle(ListBatches request, CancellationToken cancellationToken)
        {
            var states = BatchState.Labels.ContainsKey(request.State) ? [request.State] : new[] { BatchState.Reading, BatchState.Review };
            var (me, courts, places) = orders.SeenArguments;
            var rows = await db.PageAsync<Row>(
                $"""
                SELECT b.id, b.number, b.case_id, b.order_id, c.number AS case_number, b.sender, b.urgent, b.state, b.announced, o.assignee_name AS assignee,
                    b.received_at, b.due_at,
                  (SELECT COUNT(*) FROM cataloguing_page p WHERE p.batch_id = b.id AND p.removed = 0) AS received,
                  (SELECT COUNT(*) FROM cataloguing_page p WHERE p.batch_id = b.id AND p.state IN ('held', 'waiting')) AS left_pages,
                  (SELECT COUNT(*) FROM cataloguing_piece q WHERE q.batch_id = b.id AND q.look = 'unsure') AS unsure
                FROM cataloguing_batch b
                JOIN workzone_case_card c ON c.id = b.case_id
                LEFT JOIN workzone_order_card o ON o.id = b.order_id
                WHERE b.state IN @states AND {orders.Seen("b.order_id")}
                ORDER BY b.urgent DESC, b.due_at, b.id
                """,
                new
                {
                    states,
                    me,
                    courts,
                    places,
                },
                200,
                cancellationToken
            );
            reads.List("cataloguing.batch.list", rows.Count, new { request.State });
            return rows;
        }
    }
}

/// <summary>A batch with its files, pages and documents: what was announced, received and filed.</summary>
[Permit("cataloguing.read")]
internal sealed record ShowBatch : IQuery<ShowBatch.Result>
{
    public long Id { get; init; }

    /// <param name="Announced">What the sender said.</param>
    /// <param name="Received">Pages in accepted files.</param>
    /// <param name="Blank">Of these taken out.</param>
    /// <param name="Filed">Pages in documents that are in the e-file.</param>
    internal sealed record Counts(int? Announced, int Received, int Blank, int Filed)
    {
        /// <summary>Whether all agree as far as things have come.</summary>
        public bool Agree => Announced is null || Announced == Received;
    }

    internal sealed record Result(
        Batch Batch,
        CaseCard Case,
        IReadOnlyList<BatchFile> Files,
        IReadOnlyList<Page> Pages,
        IReadOnlyList<PieceRow> Pieces,
        Counts Counts,
        string? Assignee
    );

    internal sealed class Handler(BatchBook book, IWorkOrders orders, AccessLog reads) : IQueryHandler<ShowBatch, Result>
    {
        public async Task<Result> Handle(ShowBatch request, CancellationToken cancellationToken)
        {
            var (batch, card) = await book.OpenAsync(request.Id, cancellationToken);
            var files = await book.FilesAsync(batch.Id, cancellationToken);
            var pages = await book.PagesAsync(batch.Id, cancellationToken);
            var pieces = await book.PiecesAsync(batch.Id, cancellationToken);
            var filed = pieces.Where(p => p.DocumentId is not null).Select(p => p.Id).ToHashSet();
            reads.Note("cataloguing.batch.view", "batch", batch.Id, batch.CaseId);
            var counts = new Counts(
                batch.Announced,
                pages.Count(p => p.State != PageState.Held),
                pages.Count(p => p.Removed),
                pages.Count(p => !p.Removed && p.PieceId is { } id && filed.Contains(id))
            );
            return new Result(batch, card, files, pages, pieces, counts, (await orders.GetAsync(batch.OrderId, cancellationToken)).AssigneeName);
        }
    }
}
