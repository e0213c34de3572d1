using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Drafts;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Drafts;

/// <summary>An earlier revision of a draft: its text, its file with tables and all, and what its check found.</summary>
[Permit("trial.read")]
internal sealed class Revision(IMediator mediator, BlobStore blobs) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    /// <summary>From 1, also where none is named.</summary>
    [BindProperty(SupportsGet = true)]
    public int N { get; set; } = 1;

    [BindProperty(SupportsGet = true, Name = "docx")]
    public bool AsFile { get; set; }

    public Result Show { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        Show = await mediator.Send(new Query { Id = Id, Revision = N });
        return AsFile
            ? File(
                blobs.Open(Show.Row.Blob),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                $"{Show.Row.Title}-{Show.Row.Revision}.docx"
            )
            : Page();
    }

    [Permit("trial.read")]
    internal sealed record Query : IQuery<Result>
    {
        public long Id { get; init; }
        public int Revision { get; init; }
    }

    internal sealed record Result(DraftRevision Row, IReadOnlyList<string> Paragraphs, IReadOnlyList<DraftFinding> Findings);

    internal sealed class Handler(Db db, DraftBook book) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var draft = await book.OpenAsync(request.Id, null, cancellationToken);
            var row =
                (await book.RevisionsAsync(draft.Id, cancellationToken)).FirstOrDefault(r => r.Revision == request.Revision)
                ?? throw new NotFound("文书草稿", request.Revision);
            var text = await db.FirstAsync<string>(
                "SELECT paragraphs FROM trial_revision WHERE draft_id = @Id AND revision = @Revision",
                new { draft.Id, request.Revision },
                cancellationToken
            );
            return new Result(
                row,
                JsonSerializer.Deserialize<List<string>>(text!, Json.Stored)!,
                row.Revision == draft.Revision
                    ? await book.FindingsAsync(draft.Id, cancellationToken)
                    : await book.PastAsync(draft.Id, row.Revision, cancellationToken)
            );
        }
    }
}
