using CourtOps.Kernel.Security;
using CourtOps.Workzone.CaseChanges;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.ChangeFiles;

/// <summary>What became of each line of a list of changes.</summary>
[Permit("workzone.cases.changes")]
internal sealed class Details(IMediator mediator) : PageModel
{
    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["new"] = "还没有办",
        [ChangeApplier.Done] = "已登记",
        [ChangeApplier.Same] = "登记过",
        [ChangeApplier.Waiting] = "等案件",
        [ChangeApplier.Refused] = "拒绝",
    };

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Outcome { get; set; }

    [BindProperty(SupportsGet = true)]
    public int After { get; set; }

    public ShowChanges.Result Data { get; private set; } = null!;

    public async Task OnGetAsync() =>
        Data = await mediator.Send(
            new ShowChanges
            {
                Id = Id,
                Outcome = Outcome,
                After = After,
            }
        );

    public string Href(string outcome) => $"/changes/{Id}?outcome={Uri.EscapeDataString(outcome)}";
}
