using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>The money of a case.</summary>
[Permit("enforcement.read")]
internal sealed class Money(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? PerformBy { get; set; }

    [BindProperty(SupportsGet = true)]
    public decimal? Principal { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowCaseMoney.Result Show { get; private set; } = null!;

    private string Here => $"/enforcement/cases/{CaseId}/money";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Show = await mediator.Send(
            new ShowCaseMoney
            {
                CaseId = CaseId,
                PerformBy = PerformBy,
                Principal = Principal,
            }
        );

    public async Task<IActionResult> OnPostReceiveAsync()
    {
        await mediator.Send(
            new ReceiveMoney
            {
                CaseId = CaseId,
                Amount = Data.Amount,
                On = Data.On,
                Payer = Data.Payer,
                Reference = Data.Reference,
                Source = Data.Source,
            }
        );
        return this.Done(Here, t["已入账"]);
    }

    public async Task<IActionResult> OnPostAskAsync()
    {
        await mediator.Send(
            new AskPayout
            {
                CaseId = CaseId,
                PartyId = Data.PartyId,
                Payee = Data.Payee,
                Account = Data.Account,
                Kind = Data.Kind,
                Amount = Data.Amount,
                Words = Data.Words,
            }
        );
        return this.Done(Here, t["已提交，等待审批"]);
    }

    public async Task<IActionResult> OnPostDecideAsync(bool granted)
    {
        await mediator.Send(
            new DecidePayout
            {
                Id = Data.Id,
                Version = Data.Version,
                Granted = granted,
                Words = Data.Words,
            }
        );
        return this.Done(Here, t[granted ? "已批准" : "没有批准"]);
    }

    public async Task<IActionResult> OnPostAccountAsync()
    {
        await mediator.Send(
            new SetPayeeAccount
            {
                Id = Data.Id,
                Version = Data.Version,
                Account = Data.Account,
            }
        );
        return this.Done(Here, t["已补填，等待审批"]);
    }

    public async Task<IActionResult> OnPostRevealAsync()
    {
        var account = await mediator.Send(new RevealAccount { Id = Data.Id, Reason = Data.Words });
        return this.Done(Here, t["收款账号：{0}", account]);
    }

    public async Task<IActionResult> OnPostStepAsync(string? step)
    {
        await mediator.Send(
            new StepPayout
            {
                Id = Data.Id,
                Version = Data.Version,
                Step = step ?? "",
                On = Data.On,
                Reference = Data.Reference,
                Words = Data.Words,
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostNewPlanAsync()
    {
        await ReloadAsync();
        await mediator.Send(
            new MakePlan
            {
                CaseId = CaseId,
                Costs = Data.Costs,
                Parts = PlanLines.Read(Data.Parts, Show.Parties),
            }
        );
        return this.Done(Here, t["已计算"]);
    }

    public async Task<IActionResult> OnPostPlanAsync(string? step)
    {
        await mediator.Send(
            new StepPlan
            {
                Id = Data.Id,
                Version = Data.Version,
                Step = step ?? "",
                On = Data.On,
                Lines = Data.Lines,
                Words = Data.Words,
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    internal sealed class Input
    {
        public long Id { get; set; }
        public int? Version { get; set; }
        public decimal? Amount { get; set; }
        public string Payer { get; set; } = "";
        public string Reference { get; set; } = "";
        public string Source { get; set; } = "transfer";
        public DateOnly? On { get; set; }
        public string Kind { get; set; } = "creditor";
        public long? PartyId { get; set; }
        public string Payee { get; set; } = "";
        public string Account { get; set; } = "";
        public string Words { get; set; } = "";
        public decimal? Costs { get; set; }
        public string Parts { get; set; } = "";
        public List<int> Lines { get; set; } = [];
    }
}
