using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Papers;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Drafts;

/// <summary>The drafts of a case, and where a new one comes in.</summary>
[Permit("trial.read")]
internal sealed class OfCase(IMediator mediator, DraftIntake intake, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public string? Kind { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public new IFormFile? File { get; set; }

    public CaseCard Case { get; private set; } = null!;

    public IReadOnlyList<Draft> Rows { get; private set; } = [];

    public IReadOnlyList<ListHeld.Row> Held { get; private set; } = [];

    public IReadOnlyList<CourtTemplate> Templates { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        (Case, Rows, Templates) = await mediator.Send(new Query { CaseId = CaseId });
        Held = await mediator.Send(new ListHeld { CaseId = CaseId });
    }

    public async Task<IActionResult> OnPostAsync()
    {
        actor.Demand("trial.draft");
        var draft = await intake.AddAsync(CaseId, null, null, File, Kind ?? "", Title, HttpContext.RequestAborted);
        return this.Done($"/trial/drafts/{draft.Id}", t["检完：{0} 处错误，{1} 处提示", draft.Errors, draft.Warnings]);
    }

    [Permit("trial.read")]
    internal sealed record Query : IQuery<(CaseCard Case, IReadOnlyList<Draft> Drafts, IReadOnlyList<CourtTemplate> Templates)>
    {
        public long CaseId { get; init; }
    }

    internal sealed class Handler(ICases cases, IMediator mediator, TemplateShelf shelf)
        : IQueryHandler<Query, (CaseCard Case, IReadOnlyList<Draft> Drafts, IReadOnlyList<CourtTemplate> Templates)>
    {
        public async Task<(CaseCard Case, IReadOnlyList<Draft> Drafts, IReadOnlyList<CourtTemplate> Templates)> Handle(
            Query request,
            CancellationToken cancellationToken
        )
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var own = await shelf.InForceAsync(card.CourtId, cancellationToken);
            return (
                card,
                await mediator.Send(new ListDrafts { CaseId = request.CaseId }, cancellationToken),
                [.. own.Select(TemplateShelf.Of), .. CourtTemplates.All.Where(t => own.All(o => o.Code != t.Code))]
            );
        }
    }
}
