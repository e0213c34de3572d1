using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Drafting;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Drafts;

/// <summary>A template filled from the case: seen first, then taken as DOCX.</summary>
[Permit("trial.draft")]
internal sealed class Template(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public string Code { get; set; } = "";

    [BindProperty(SupportsGet = true, Name = "docx")]
    public bool AsFile { get; set; }

    public Result Data { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        Data = await mediator.Send(new Query { CaseId = CaseId, Code = Code });
        return AsFile
            ? File(
                DocxWriter.Write(Data.Paragraphs),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                $"{Data.Case.Number}{Data.Template.Title}.docx"
            )
            : Page();
    }

    [Permit("trial.draft")]
    internal sealed record Query : IQuery<Result>
    {
        public long CaseId { get; init; }
        public string Code { get; init; } = "";
    }

    internal sealed record Result(CaseCard Case, CourtTemplate Template, IReadOnlyList<DocxPara> Paragraphs);

    internal sealed class Handler(ICases cases, TemplateShelf shelf) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var template = await shelf.FindAsync(card.CourtId, request.Code, cancellationToken);
            var facts = await shelf.FactsAsync(card, cancellationToken);
            // a paragraph says where each of its values comes from; one that says it itself keeps its words
            return new Result(
                card,
                template,
                [.. template.Body(facts).Select(p => p.Source.Length > 0 ? p : p with { Source = TemplateFields.SourcesIn(p.Text, facts) })]
            );
        }
    }
}
