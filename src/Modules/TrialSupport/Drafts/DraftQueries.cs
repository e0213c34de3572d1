using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Drafts;

/// <summary>Drafts of the cases this person may see, newest first; or those of one case.</summary>
[Permit("trial.read")]
internal sealed record ListDrafts : IQuery<IReadOnlyList<Draft>>
{
    public long? CaseId { get; init; }

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListDrafts, IReadOnlyList<Draft>>
    {
        public async Task<IReadOnlyList<Draft>> Handle(ListDrafts request, CancellationToken cancellationToken)
        {
            if (request.CaseId is { } one)
                await cases.GetAsync(one, cancellationToken);
            var (me, courts, places) = cases.Arguments;
            var rows = await db.PageAsync<Draft>(
                $"{DraftBook.Columns} WHERE {(request.CaseId is null ? "d.court_id IN @courts" : "d.case_id = @caseId")} AND "
                    + $"{cases.Seen("d.case_id")} ORDER BY d.created_at DESC, d.id DESC",
                new
                {
                    me,
                    courts,
                    places,
                    caseId = request.CaseId ?? 0,
                },
                200,
                cancellationToken
            );
            reads.List("trial.draft.list", rows.Count, new { });
            return rows;
        }
    }
}

/// <summary>One draft with its text and findings.</summary>
[Permit("trial.read")]
internal sealed record ShowDraft : IQuery<ShowDraft.Result>
{
    public long Id { get; init; }

    internal sealed record Result(Draft Draft, CaseCard Case, IReadOnlyList<string> Paragraphs, IReadOnlyList<DraftFinding> Findings)
    {
        /// <summary>All revisions, the last first.</summary>
        public IReadOnlyList<DraftRevision> Revisions { get; init; } = [];

        public required SignOffs.Chain Chain { get; init; }

        /// <summary>False for a judge of the panel who sees the document only.</summary>
        public bool SeesCase { get; init; }
    }

    internal sealed class Handler(DraftBook book, SignOffs chain, ICases cases) : IQueryHandler<ShowDraft, Result>
    {
        public async Task<Result> Handle(ShowDraft request, CancellationToken cancellationToken)
        {
            var draft = await book.OpenAsync(request.Id, null, cancellationToken);
            return new Result(
                draft,
                await book.CardAsync(draft, cancellationToken),
                JsonSerializer.Deserialize<List<string>>(draft.Paragraphs, Json.Stored)!,
                await book.FindingsAsync(draft.Id, cancellationToken)
            )
            {
                Revisions = await book.RevisionsAsync(draft.Id, cancellationToken),
                SeesCase = await cases.CanReadAsync(draft.CaseId, cancellationToken),
                Chain = await chain.OfAsync(draft, cancellationToken),
            };
        }
    }
}

/// <summary>Signed documents that wait for the signature of who asks: as a judge of the panel.</summary>
[Permit("trial.read")]
internal sealed record ListToSign : IQuery<IReadOnlyList<Draft>>
{
    internal sealed class Handler(DraftBook book, AccessLog reads) : IQueryHandler<ListToSign, IReadOnlyList<Draft>>
    {
        public async Task<IReadOnlyList<Draft>> Handle(ListToSign request, CancellationToken cancellationToken)
        {
            var rows = await book.WaitingAsync(cancellationToken);
            reads.List("trial.draft.list", rows.Count, new { });
            return rows;
        }
    }
}
