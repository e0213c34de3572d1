using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Drafts;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Drafts;

/// <summary>The writing page (左看右写): the documents of the case at the left, the text at the right, what the check found above it.</summary>
[Permit("trial.draft")]
internal sealed class Write(IMediator mediator, DraftIntake intake, Actor actor, Texts t) : PageModel, IReload
{
    /// <summary>How words of the file stand in a document of the court: they stay Chinese.</summary>
    public const string Quoted = "“{0}”（{1}第{2}页）";

    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? DraftId { get; set; }

    [BindProperty(SupportsGet = true, Name = "template")]
    public string? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Document { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Kind { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Text { get; set; }

    public Result Show { get; private set; } = null!;

    public string Back => DraftId is { } id ? $"/trial/drafts/{id}" : $"/trial/cases/{CaseId}/drafts";

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        (Kind, Title, Text, Version) = Show.Draft is { } d
            ? (d.Kind, d.Title, string.Join('\n', Show.Paragraphs), d.Version)
            : (Show.Template?.Kind ?? "judgment", Show.Template is { } of ? t[of.Title] : "", string.Join('\n', Show.Paragraphs), (int?)null);
    }

    public async Task ReloadAsync() =>
        Show = await mediator.Send(
            new Query
            {
                CaseId = CaseId,
                DraftId = DraftId,
                Code = Code,
            }
        );

    public async Task<IActionResult> OnPostAsync()
    {
        actor.Demand("trial.draft");
        var draft = await intake.WriteAsync(CaseId, DraftId, Version, Text, Kind ?? "", Title, HttpContext.RequestAborted);
        return this.Done($"/trial/drafts/{draft.Id}", t["检完：{0} 处错误，{1} 处提示", draft.Errors, draft.Warnings]);
    }

    [Permit("trial.draft")]
    internal sealed record Query : IQuery<Result>
    {
        public long CaseId { get; init; }
        public long? DraftId { get; init; }
        public string? Code { get; init; }
    }

    /// <param name="Paragraphs">Of the draft, or of the template filled from the case.</param>
    internal sealed record Result(
        CaseCard Case,
        IReadOnlyList<DocumentCard> Documents,
        Draft? Draft,
        CourtTemplate? Template,
        IReadOnlyList<string> Paragraphs,
        IReadOnlyList<DraftFinding> Findings
    );

    internal sealed class Handler(ICases cases, IDocuments documents, IMediator mediator) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var papers = await documents.OfCaseAsync(card.Id, cancellationToken);
            if (request.DraftId is { } id)
            {
                var s = await mediator.Send(new ShowDraft { Id = id }, cancellationToken);
                return s.Draft.CaseId == card.Id ? new Result(card, papers, s.Draft, null, s.Paragraphs, s.Findings) : throw new NotFound("文书草稿", id);
            }
            if (string.IsNullOrEmpty(request.Code))
                return new Result(card, papers, null, null, [], []);
            var filled = await mediator.Send(new Template.Query { CaseId = card.Id, Code = request.Code }, cancellationToken);
            return new Result(card, papers, null, filled.Template, [.. filled.Paragraphs.Select(p => p.Text)], []);
        }
    }
}
