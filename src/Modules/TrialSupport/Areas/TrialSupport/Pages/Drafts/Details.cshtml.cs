using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Drafts;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Drafts;

/// <summary>A draft beside its findings: mended, signed off, issued.</summary>
[Permit("trial.read")]
internal sealed class Details(IMediator mediator, DraftIntake intake, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public int N { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public string[]? Confirmed { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public new IFormFile? File { get; set; }

    public ShowDraft.Result Show { get; private set; } = null!;

    public int OpenErrors => Show.Findings.Count(f => f.Severity == Finding.Error && f.Settled is null);

    public string Note =>
        Show.Draft.State == DraftState.Checked && OpenErrors > 0 ? t["暂不能签发：还有 {0} 处错误未处理", OpenErrors] : t[DraftState.Labels[Show.Draft.State]];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowDraft { Id = Id });

    [BindProperty]
    public DateOnly? EffectiveOn { get; set; }

    [BindProperty]
    public string? NotPublic { get; set; }

    [BindProperty]
    public string? Names { get; set; }

    public async Task<IActionResult> OnPostPublishAsync()
    {
        var made = await mediator.Send(
            new Publication.AskPublication
            {
                DraftId = Id,
                EffectiveOn = EffectiveOn,
                Reason = NotPublic ?? "",
                Words = Reason ?? "",
                Names =
                [
                    .. (Names ?? "")
                        .ReplaceLineEndings("\n")
                        .Split(['\n', '、', ',', '，'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                ],
            }
        );
        return this.Done($"/trial/publications/{made.Id}", t["已报审，屏蔽 {0} 处", made.Changes]);
    }

    public async Task<IActionResult> OnPostSettleAsync()
    {
        await mediator.Send(
            new SettleFinding
            {
                Id = Id,
                Version = Version,
                N = N,
                Words = Words?.Trim() ?? "",
            }
        );
        return this.Done($"/trial/drafts/{Id}#f-{N}", t["已记下"]);
    }

    public async Task<IActionResult> OnPostSignAsync()
    {
        await mediator.Send(new SignDraft { Id = Id, Version = Version });
        return this.Done($"/trial/drafts/{Id}", t["已签"]);
    }

    public async Task<IActionResult> OnPostIssueAsync()
    {
        await mediator.Send(
            new IssueDraft
            {
                Id = Id,
                Version = Version,
                Confirmed = Confirmed ?? [],
            }
        );
        return this.Done($"/trial/drafts/{Id}", t["正在制作，做好后成为本案文书"]);
    }

    public async Task<IActionResult> OnPostAgainAsync()
    {
        actor.Demand("trial.draft");
        var was = await mediator.Send(new ShowDraft { Id = Id });
        var draft = await intake.AddAsync(was.Draft.CaseId, Id, Version, File, was.Draft.Kind, was.Draft.Title, HttpContext.RequestAborted);
        return this.Done($"/trial/drafts/{Id}", t["检完：{0} 处错误，{1} 处提示", draft.Errors, draft.Warnings]);
    }

    public async Task<IActionResult> OnPostWithdrawAsync()
    {
        await mediator.Send(
            new WithdrawDraft
            {
                Id = Id,
                Version = Version,
                Reason = Reason?.Trim() ?? "",
            }
        );
        return this.Done($"/trial/drafts/{Id}", t["已撤回"]);
    }
}
