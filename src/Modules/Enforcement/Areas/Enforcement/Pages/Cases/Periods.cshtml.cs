using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>The periods of a case: started by an event, ended by the act.</summary>
[Permit("enforcement.read")]
internal sealed class PeriodsModel(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowPeriods.Result Show { get; private set; } = null!;

    private string Here => $"/enforcement/cases/{CaseId}/periods";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowPeriods { CaseId = CaseId });

    /// <summary>15 日, 48 小时, 1 年.</summary>
    public string Length(PeriodKind kind) =>
        kind.Unit switch
        {
            PeriodUnit.Hour => t["{0} 小时", kind.N],
            PeriodUnit.Year => t["{0} 年", kind.N],
            _ => t["{0} 日", kind.N],
        };

    public async Task<IActionResult> OnPostStartAsync()
    {
        var made = await mediator.Send(
            new StartPeriod
            {
                CaseId = CaseId,
                Code = Data.Code,
                On = Data.On,
                At = Data.At,
                Words = Data.Words,
            }
        );
        return this.Done(Here, t["已登记，最后一日 {0}", Times.Iso(made.DueOn)]);
    }

    public async Task<IActionResult> OnPostEndAsync()
    {
        await mediator.Send(new EndPeriod { Id = Data.Id, Words = Data.Words });
        return this.Done(Here, t["已办结"]);
    }

    internal sealed class Input
    {
        public long Id { get; set; }
        public string Code { get; set; } = "";
        public DateOnly? On { get; set; }
        public string At { get; set; } = "";
        public string Words { get; set; } = "";
    }
}
