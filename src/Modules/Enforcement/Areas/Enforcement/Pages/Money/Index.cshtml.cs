using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Money;

/// <summary>The money of the courts: what came, what waits, the day's books, the bank's statement.</summary>
[Permit("enforcement.money")]
internal sealed class Index(IMediator mediator) : PageModel, IReload
{
    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["held"] = "入案",
        ["suspense"] = "不明来款",
        ["repeated"] = "以前已入账",
        ["refused"] = "拒绝",
        ["returned"] = "以前已退回",
        ["paid"] = "已核对付款",
        ["unmatched"] = "付款没有对应",
        ["balanced"] = "余额相符",
        ["differs"] = "余额不符",
    };

    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "suspense";

    [BindProperty(SupportsGet = true)]
    public DateOnly? Day { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    [BindProperty]
    public string? Lines { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ShowMoney.Result Show { get; private set; } = null!;

    public IReadOnlyList<ImportStatement.Line>? Imported { get; private set; }

    public string? Next => Show.Next is { } next ? $"/enforcement/money?state={State}&{next}" : null;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        if (!Accounts.ReceiptStates.ContainsKey(State))
            State = "suspense";
        Show = await mediator.Send(
            new ShowMoney
            {
                State = State,
                Day = Day,
                After = After ?? long.MaxValue,
            }
        );
    }

    public async Task<IActionResult> OnPostExportAsync() =>
        File(
            System
                .Text.Encoding.UTF8.GetPreamble()
                .Concat(System.Text.Encoding.UTF8.GetBytes(await mediator.Send(new ExportPayments { Reason = Reason ?? "" })))
                .ToArray(),
            "text/csv; charset=utf-8",
            "payments.csv"
        );

    public async Task<IActionResult> OnPostImportAsync()
    {
        Imported = await mediator.Send(new ImportStatement { Text = Lines ?? "" });
        Lines = "";
        ModelState.Remove(nameof(Lines));
        await ReloadAsync();
        return Page();
    }
}
