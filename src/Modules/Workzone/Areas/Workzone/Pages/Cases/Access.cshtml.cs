using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Cases;

/// <summary>Who sees a case and why; recusal, sealing, another judge.</summary>
[Permit("workzone.cases.access")]
internal sealed class Access(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowCaseAccess.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowCaseAccess { CaseId = Id });

    public Task<IActionResult> OnPostRecuseAsync() =>
        DoAsync(
            new Recuse
            {
                CaseId = Id,
                Login = Data.Login ?? "",
                Reason = Data.Reason ?? "",
            },
            "已登记回避"
        );

    public Task<IActionResult> OnPostEndRecusalAsync(long recusalId) =>
        DoAsync(
            new EndRecusal
            {
                CaseId = Id,
                Id = recusalId,
                Reason = Data.Reason ?? "",
            },
            "已解除回避"
        );

    public Task<IActionResult> OnPostSealAsync() => DoAsync(new SealCase { CaseId = Id, Reason = Data.Reason ?? "" }, "已封存");

    public Task<IActionResult> OnPostUnsealAsync() => DoAsync(new AskToUnseal { CaseId = Id, Reason = Data.Reason ?? "" }, "已申请，等院领导确认");

    public Task<IActionResult> OnPostJudgeAsync() =>
        DoAsync(
            new ChangeJudge
            {
                CaseId = Id,
                Judge = Data.Login ?? "",
                Reason = Data.Reason ?? "",
            },
            "已改派"
        );

    private async Task<IActionResult> DoAsync<T>(IRequest<T> request, string said)
    {
        await mediator.Send(request);
        // whoever has shut themselves out does not see the page any more
        return this.Done(await mediator.Send(new CanSee { CaseId = Id }) ? $"/cases/{Id}/access" : "/cases", t[said]);
    }

    internal sealed class Input
    {
        public string? Login { get; set; }
        public string? Reason { get; set; }
    }

    [Permit("workzone.cases.access")]
    internal sealed record CanSee : Kernel.Messaging.IQuery<bool>
    {
        public long CaseId { get; init; }

        internal sealed class Handler(CaseAccess access) : Kernel.Messaging.IQueryHandler<CanSee, bool>
        {
            public Task<bool> Handle(CanSee request, CancellationToken cancellationToken) => access.CanReadAsync(request.CaseId, cancellationToken);
        }
    }
}
