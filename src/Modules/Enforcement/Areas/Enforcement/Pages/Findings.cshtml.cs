using CourtOps.Enforcement.Checks;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages;

/// <summary>What the checks found; closed by an act or by a reason that another approved.</summary>
[Permit("enforcement.read")]
internal sealed class FindingsPage(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string Leak { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public DateOnly? AfterDue { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ListFindings.Result Show { get; private set; } = new([], null);

    private string Here => $"/enforcement/findings?leak={Uri.EscapeDataString(Leak)}&state={Uri.EscapeDataString(State)}";

    public string? Next => Show.Next is { } next ? $"{Here}&{next}" : null;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Show = await mediator.Send(
            new ListFindings
            {
                Leak = Leak,
                State = State,
                AfterDue = AfterDue,
                After = After ?? 0,
            }
        );

    public async Task<IActionResult> OnPostExplainAsync()
    {
        await mediator.Send(
            new ExplainFinding
            {
                Id = Data.Id,
                Version = Data.Version,
                Reason = Data.Reason,
            }
        );
        return this.Done(Here, t["理由已提交，等待审批"]);
    }

    public async Task<IActionResult> OnPostDecideAsync(bool approve)
    {
        await mediator.Send(
            new DecideFinding
            {
                Id = Data.Id,
                Version = Data.Version,
                Approve = approve,
                Words = Data.Words,
            }
        );
        return this.Done(Here, t[approve ? "已批准" : "已退回"]);
    }

    internal sealed class Input
    {
        public long Id { get; set; }
        public int? Version { get; set; }
        public string Reason { get; set; } = "";
        public string Words { get; set; } = "";
    }
}
