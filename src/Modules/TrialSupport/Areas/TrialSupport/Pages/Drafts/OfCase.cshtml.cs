using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafts;
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

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        (Case, Rows) = await mediator.Send(new Query { CaseId = CaseId });
    }

    public async Task<IActionResult> OnPostAsync()
    {
        actor.Demand("trial.draft");
        var draft = await intake.AddAsync(CaseId, null, null, File, Kind ?? "", Title, HttpContext.RequestAborted);
        return this.Done($"/trial/drafts/{draft.Id}", t["检完：{0} 处错误，{1} 处提示", draft.Errors, draft.Warnings]);
    }

    [Permit("trial.read")]
    internal sealed record Query : IQuery<(CaseCard Case, IReadOnlyList<Draft> Drafts)>
    {
        public long CaseId { get; init; }
    }

    internal sealed class Handler(ICases cases, IMediator mediator) : IQueryHandler<Query, (CaseCard Case, IReadOnlyList<Draft> Drafts)>
    {
        public async Task<(CaseCard Case, IReadOnlyList<Draft> Drafts)> Handle(Query request, CancellationToken cancellationToken) =>
            (await cases.GetAsync(request.CaseId, cancellationToken), await mediator.Send(new ListDrafts { CaseId = request.CaseId }, cancellationToken));
    }
}
