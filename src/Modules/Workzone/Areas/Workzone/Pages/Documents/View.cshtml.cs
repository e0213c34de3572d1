using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Documents;

/// <summary>A document in the viewer. The bytes come from /documents/{id}/content, where reading is recorded.</summary>
[Permit("workzone.documents.read")]
internal sealed class View(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    /// <summary>Why a download just now was refused.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Problem { get; set; }

    public Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new Query { Id = Id });

    [Permit("workzone.documents.read")]
    internal sealed record Query : IQuery<Result>
    {
        public long Id { get; init; }
    }

    internal sealed record Result(DocumentCard Document, string CaseNumber);

    internal sealed class Handler(IDocuments documents, Db db) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var card = await documents.GetAsync(request.Id, cancellationToken);
            return new Result(
                card,
                await db.ScalarAsync<string>("SELECT number FROM workzone_case WHERE id = @CaseId", new { card.CaseId }, cancellationToken)
            );
        }
    }
}
