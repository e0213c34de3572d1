using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.People;

/// <summary>Everything open of a person who leaves or moves, handed over in one go.</summary>
[Permit("workzone.people.manage")]
internal sealed class Handover(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowHandover.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowHandover { PersonId = Id });

    public async Task<IActionResult> OnPostAsync()
    {
        var r = await mediator.Send(
            new HandOver
            {
                PersonId = Id,
                OrdersTo = Data.OrdersTo,
                AskedTo = Data.AskedTo,
                CasesTo = Data.CasesTo,
                More = Data.More,
                Reason = Data.Reason ?? "",
            }
        );
        if (r.Change is not null)
            return this.Done($"/people/{Id}/handover", t["已提交，等第二人确认后交接"]);
        return this.Done($"/people/{Id}/handover", t["已交接：工单 {0} 张，发起的 {1} 张，案件 {2} 件", r.Orders, r.Asked, r.Cases]);
    }

    internal sealed class Input
    {
        public long? OrdersTo { get; set; }
        public long? AskedTo { get; set; }
        public long? CasesTo { get; set; }
        public Dictionary<string, long?> More { get; set; } = [];
        public string? Reason { get; set; }
    }
}
