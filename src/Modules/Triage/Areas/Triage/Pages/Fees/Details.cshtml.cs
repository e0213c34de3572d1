using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Fees;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Fees;

/// <summary>One bill: its notice, payments, relief, refund and entries.</summary>
[Permit("triage.filings")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int Version { get; set; }

    [BindProperty]
    public decimal? Amount { get; set; }

    [BindProperty]
    public string? Reference { get; set; }

    [BindProperty]
    public DateOnly? On { get; set; }

    [BindProperty]
    public decimal? Relief { get; set; }

    [BindProperty]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public string? ReliefReason { get; set; }

    [BindProperty]
    public decimal? Back { get; set; }

    [BindProperty]
    public string? RefundReason { get; set; }

    [BindProperty]
    public string? DeemReason { get; set; }

    public ShowBill.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowBill { Id = Id });

    public async Task<IActionResult> OnPostPayAsync()
    {
        await ReloadAsync();
        var result = await mediator.Send(
            new ReceivePayment
            {
                Code = Show.Bill.Code,
                Amount = Amount,
                Reference = Reference ?? "",
                On = On,
            }
        );
        return Said(t[Index.Outcomes[result.Outcome]]);
    }

    public async Task<IActionResult> OnPostAskAsync()
    {
        await mediator.Send(
            new AskRelief
            {
                BillId = Id,
                Amount = Relief,
                Until = Until,
                Reason = ReliefReason ?? "",
            }
        );
        return Said(t["已提交，等待审批"]);
    }

    public async Task<IActionResult> OnPostGrantAsync()
    {
        await mediator.Send(
            new DecideRelief
            {
                BillId = Id,
                Version = Version,
                Grant = true,
            }
        );
        return Said(t["已批准"]);
    }

    public async Task<IActionResult> OnPostDenyAsync()
    {
        await mediator.Send(new DecideRelief { BillId = Id, Version = Version });
        return Said(t["没有批准"]);
    }

    public async Task<IActionResult> OnPostRefundAsync()
    {
        await mediator.Send(
            new RefundFee
            {
                BillId = Id,
                Version = Version,
                Amount = Back,
                Reason = RefundReason ?? "",
            }
        );
        return Said(t["已退费"]);
    }

    public async Task<IActionResult> OnPostDeemAsync()
    {
        await mediator.Send(
            new DeemWithdrawn
            {
                BillId = Id,
                Version = Version,
                Reason = DeemReason ?? "",
            }
        );
        return Said(t["已按撤诉处理"]);
    }

    private IActionResult Said(string words) => this.Done($"/triage/fees/{Id}", words);
}
