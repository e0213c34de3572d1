using CourtOps.Enforcement.Criminal;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>What the criminal judgment orders to be paid in a case.</summary>
[Permit("enforcement.read")]
internal sealed class CriminalOfCase(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ListCriminal.Result Show { get; private set; } = null!;

    private string Here => $"/enforcement/cases/{CaseId}/criminal";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ListCriminal { CaseId = CaseId });

    public async Task<IActionResult> OnPostAddAsync()
    {
        await mediator.Send(
            new AddCriminalItem
            {
                CaseId = CaseId,
                PartyId = Data.PartyId ?? 0,
                Kind = Data.Kind,
                Amount = Data.Amount,
                Payee = Data.Payee,
                PayeeName = Data.PayeeName,
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostEndAsync()
    {
        await mediator.Send(new EndCriminalItem { Id = Data.Id ?? 0, Words = Data.Words });
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostPlanAsync()
    {
        await mediator.Send(
            new MakePlan
            {
                CaseId = CaseId,
                Costs = Data.Costs,
                Criminal = true,
            }
        );
        return this.Done($"/enforcement/cases/{CaseId}/money", t["已计算"]);
    }

    internal sealed class Input
    {
        public long? Id { get; set; }
        public long? PartyId { get; set; }
        public string Kind { get; set; } = "";
        public decimal? Amount { get; set; }
        public string Payee { get; set; } = "";
        public string PayeeName { get; set; } = "";
        public string Words { get; set; } = "";
        public decimal? Costs { get; set; }
    }
}
