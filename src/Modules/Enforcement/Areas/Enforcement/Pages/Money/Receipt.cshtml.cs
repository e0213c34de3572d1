using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Money;

/// <summary>One receipt that has no case yet; whoever approves its return sees it too.</summary>
[Permit("enforcement.read")]
internal sealed class Receipt(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? CaseNumber { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public ReceiptRow Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowReceipt { Id = Id });

    public async Task<IActionResult> OnPostAssignAsync()
    {
        var r = await mediator.Send(
            new SettleReceipt
            {
                Id = Id,
                Version = Version,
                CaseNumber = CaseNumber ?? "",
            }
        );
        return this.Done($"/enforcement/cases/{r.CaseId}/money", t["已入案"]);
    }

    public async Task<IActionResult> OnPostReturnAsync()
    {
        await mediator.Send(
            new SettleReceipt
            {
                Id = Id,
                Version = Version,
                Return = true,
                Words = Words ?? "",
            }
        );
        return this.Done("/enforcement/money", t["已提交，等待审批"]);
    }

    public async Task<IActionResult> OnPostDecideAsync(bool granted)
    {
        await mediator.Send(
            new DecideReturn
            {
                Id = Id,
                Version = Version,
                Granted = granted,
                Words = Words ?? "",
            }
        );
        return this.Done("/enforcement/money", t[granted ? "已登记退回" : "没有批准"]);
    }
}
