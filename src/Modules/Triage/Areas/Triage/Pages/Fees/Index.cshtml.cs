using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Fees;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Fees;

/// <summary>Bills, the day's reconciliation, the bank's file.</summary>
[Permit("triage.filings")]
internal sealed class Index(IMediator mediator) : PageModel, IReload
{
    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["paid"] = "已交清",
        ["part"] = "部分缴纳",
        ["over"] = "多交，待退",
        ["unknown"] = "不明来款",
        ["repeated"] = "以前已入账",
        ["refused"] = "拒绝",
    };

    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "open";

    [BindProperty(SupportsGet = true)]
    public DateOnly? Day { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public string? Next => Data.Next is null ? null : $"/triage/fees?state={State}&after={Data.Next}";

    [BindProperty]
    public string? Lines { get; set; }

    public ListBills.Result Data { get; private set; } = null!;

    public IReadOnlyList<ImportPayments.Line>? Imported { get; private set; }

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        State = State is "overdue" or "relief" or "settled" or "deemed" ? State : "open";
        Data = await mediator.Send(
            new ListBills
            {
                State = State,
                Day = Day,
                After = After ?? "",
            }
        );
    }

    public async Task OnPostImportAsync()
    {
        Imported = (await mediator.Send(new ImportPayments { Lines = Lines ?? "" })).Lines;
        await ReloadAsync();
    }
}
