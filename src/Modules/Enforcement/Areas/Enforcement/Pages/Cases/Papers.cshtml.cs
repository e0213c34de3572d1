using CourtOps.Enforcement.Papers;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>The papers of a case, drafted here, and its reports of property.</summary>
[Permit("enforcement.read")]
internal sealed class PapersModel(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowPapers.Result Show { get; private set; } = null!;

    private string Here => $"/enforcement/cases/{CaseId}/papers";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowPapers { CaseId = CaseId });

    public async Task<IActionResult> OnPostDraftAsync()
    {
        var made = await mediator.Send(
            new DraftPaper
            {
                CaseId = CaseId,
                Kind = Data.Kind,
                PartyId = Data.PartyId,
                MeasureId = Data.MeasureId,
                Amount = Data.Amount,
                Days = Data.Days,
            }
        );
        return this.Done(Here, t["已拟稿 {0} 份", made.Count]);
    }

    public async Task<IActionResult> OnPostReportAsync()
    {
        var row = await mediator.Send(
            new RecordReport
            {
                CaseId = CaseId,
                PartyId = Data.PartyId ?? 0,
                Kind = Data.Kind,
                On = Data.On,
                ChangedOn = Data.ChangedOn,
                Words = Data.Words,
            }
        );
        return this.Done(Here, t[row.Late ? "已登记，逾期" : "已登记"]);
    }

    internal sealed class Input
    {
        public string Kind { get; set; } = "";
        public long? PartyId { get; set; }
        public long? MeasureId { get; set; }
        public decimal? Amount { get; set; }
        public int? Days { get; set; }
        public DateOnly? On { get; set; }
        public DateOnly? ChangedOn { get; set; }
        public string Words { get; set; } = "";
    }
}
