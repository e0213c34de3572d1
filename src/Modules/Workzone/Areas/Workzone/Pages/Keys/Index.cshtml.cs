using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Keys;

/// <summary>API keys: asked for, confirmed by another, collected once, rotated, revoked.</summary>
[Permit("workzone.keys.manage")]
internal sealed class Index(IMediator mediator, ActionCatalogue catalogue, Texts t) : PageModel, IReload
{
    [BindProperty]
    public AskInput Ask { get; set; } = new();

    public IReadOnlyList<ListKeys.Row> Rows { get; private set; } = [];

    public IReadOnlyList<ChangeRow> Ready { get; private set; } = [];

    public string? Key { get; private set; }

    public IReadOnlyList<ActionEntry> Actions { get; } = [.. catalogue.All.Where(a => a.Kind == ActionKind.Work)];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Rows = await mediator.Send(new ListKeys());
        Ready = await mediator.Send(new ListReadyKeys());
    }

    public async Task<IActionResult> OnPostAskAsync()
    {
        await mediator.Send(
            new AskForKey
            {
                Login = Ask.Login ?? "",
                CourtCode = Ask.CourtCode,
                Purpose = Ask.Purpose ?? "",
                PerMinute = Ask.PerMinute,
                Days = Ask.Days,
                Only = Ask.Only.Count == 0 ? null : Ask.Only,
                Reason = Ask.Reason ?? "",
            }
        );
        return this.Done("/keys", t["已申请，等另一位安全管理员确认"]);
    }

    public async Task<IActionResult> OnPostCollectAsync(long id)
    {
        Key = await mediator.Send(new CollectKey { ChangeId = id });
        await ReloadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostRotateAsync(long id)
    {
        await mediator.Send(new RotateKey { Id = id });
        return this.Done("/keys", t["已申请，等另一位安全管理员确认"]);
    }

    public async Task<IActionResult> OnPostRevokeAsync(long id)
    {
        await mediator.Send(new RevokeKey { Id = id });
        return this.Done("/keys", t["已吊销"]);
    }

    internal sealed class AskInput
    {
        public string? Login { get; set; }
        public string? CourtCode { get; set; }
        public string? Purpose { get; set; }
        public int PerMinute { get; set; } = 600;
        public int Days { get; set; } = 365;
        public List<string> Only { get; set; } = [];
        public string? Reason { get; set; }
    }
}
