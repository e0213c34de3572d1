using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Entrust;

/// <summary>What these courts asked of others, and others of them; open ones first, by the clock that runs.</summary>
[Permit("service.work")]
internal sealed record ListEntrusted : IQuery<IReadOnlyList<EntrustRow>>
{
    /// <summary>in: asked of us; out: asked by us.</summary>
    public string Direction { get; init; } = "in";

    internal sealed class Handler(Db db, EntrustBook book, IWorkOrders orders, Actor actor, AccessLog reads)
        : IQueryHandler<ListEntrusted, IReadOnlyList<EntrustRow>>
    {
        public async Task<IReadOnlyList<EntrustRow>> Handle(ListEntrusted request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = orders.SeenArguments;
            var side = request.Direction == "out" ? "e.from_court_id IN @mine AND " + orders.Seen("e.order_id") : $"e.state <> 'withdrawn' AND {book.ForUs}";
            var rows = await db.PageAsync<EntrustRow>(
                $"{EntrustBook.Columns} WHERE {side} ORDER BY CASE e.state WHEN 'sent' THEN 0 WHEN 'received' THEN 0 ELSE 1 END, COALESCE(e.serve_by, "
                    + "e.receive_by), e.id DESC",
                new
                {
                    mine = actor.Courts,
                    me,
                    courts,
                    places,
                },
                200,
                cancellationToken
            );
            reads.List("service.entrust.list", rows.Count, new { request.Direction });
            return rows;
        }
    }
}

/// <summary>A service that is to be asked of another court: for whom, which papers, which courts there are.</summary>
[Permit("service.work")]
internal sealed record OfferEntrust : IQuery<OfferEntrust.Result>
{
    public long StepId { get; init; }

    internal sealed record Result(string Recipient, string CaseNumber, IReadOnlyList<string> Papers, IReadOnlyList<CourtCard> Courts);

    internal sealed class Handler(Db db, Notices notices, ICourts courts, AccessLog reads) : IQueryHandler<OfferEntrust, Result>
    {
        public async Task<Result> Handle(OfferEntrust request, CancellationToken cancellationToken)
        {
            var step = await Steps.FindAsync(db, request.StepId, cancellationToken);
            var (notice, _) = await Steps.OpenAsync(notices, step, cancellationToken);
            reads.Note("service.entrust.view", "notice", notice.Id, notice.CaseId);
            var papers = (await notices.TasksAsync(notice.Id, cancellationToken)).Where(t => t.EffectiveOn is null).Select(t => t.DocumentTitle).ToList();
            return new Result(notice.Recipient, notice.CaseNumber, papers, [.. (await courts.AllAsync(cancellationToken)).Where(c => c.Id != step.CourtId)]);
        }
    }
}

/// <summary>One that is asked of us, with the evidence that was given back.</summary>
[Permit("service.work")]
internal sealed record ShowEntrusted : IQuery<ShowEntrusted.Result>
{
    public long Id { get; init; }

    internal sealed record Result(EntrustRow Row, string? Address, string? Phone, IReadOnlyList<EvidenceRow> Evidence);

    internal sealed class Handler(EntrustBook book, EvidenceBook evidence, Secrets secrets, AccessLog reads) : IQueryHandler<ShowEntrusted, Result>
    {
        public async Task<Result> Handle(ShowEntrusted request, CancellationToken cancellationToken)
        {
            var row = await book.ForUsAsync(request.Id, cancellationToken);
            reads.Note("service.entrust.view", "entrust", row.Id, row.CaseId);
            var given = (await evidence.OfNoticeAsync(row.NoticeId, cancellationToken))
                .Where(e => e.StepId == row.StepId && e.RecordedAt == row.AnsweredAt)
                .ToList();
            return new Result(row, secrets.Reveal(row.AddressEnc), secrets.Reveal(row.PhoneEnc), given);
        }
    }
}

/// <summary>A paper that is to be handed over, for the court that serves it.</summary>
[Permit("service.work")]
internal sealed record ReadEntrustedPaper : IQuery<EntrustedPaper>
{
    public long Id { get; init; }

    /// <summary>Of the list, from 1.</summary>
    public int N { get; init; }

    internal sealed class Handler(EntrustBook book, AccessLog reads) : IQueryHandler<ReadEntrustedPaper, EntrustedPaper>
    {
        public async Task<EntrustedPaper> Handle(ReadEntrustedPaper request, CancellationToken cancellationToken)
        {
            var row = await book.ForUsAsync(request.Id, cancellationToken);
            var papers = row.PaperList;
            if (request.N < 1 || request.N > papers.Count)
                throw new NotFound("文书", request.N);
            reads.Note("service.entrust.read", "entrust", row.Id, row.CaseId);
            return papers[request.N - 1];
        }
    }
}
