using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>Records a measure.</summary>
[Permit("enforcement.work")]
internal sealed class Take(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? AssetId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowLedger.Result Show { get; private set; } = null!;

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        Data.Basis = Property.BasisOf(Show.Case.Kind, Show.Case.Number);
    }

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowLedger { CaseId = CaseId });
        if (AssetId is { } id && Show.Assets.All(a => a.Id != id))
            AssetId = null;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var m = await mediator.Send(
            new TakeMeasure
            {
                CaseId = CaseId,
                AssetId = AssetId,
                PartyId = Data.PartyId,
                Category = Data.Category,
                Kind = AssetId is null && Data.Category.Length > 0 ? Property.KindOf(Data.Category) : "",
                Description = Data.Description,
                RuledOn = Data.RuledOn,
                Start = Data.Start,
                Years = Data.Years,
                Basis = Data.Basis,
                Amount = Data.Amount,
                Place = Data.Place ?? 1,
                Authority = Data.Authority,
                Paper = Data.Paper,
                Receipt = Data.Receipt,
                ReceiptEnd = Data.ReceiptEnd,
                ReceiptPlace = Data.ReceiptPlace,
                HeadEnd = Data.HeadEnd,
            }
        );
        return this.Done($"/enforcement/measures/{m.Id}", m.EndOn is { } end ? t["已登记，届满日 {0}", Times.Iso(end)] : t["已登记"]);
    }

    internal sealed class Input
    {
        public long? PartyId { get; set; }
        public string Category { get; set; } = "";
        public string Description { get; set; } = "";
        public DateOnly? RuledOn { get; set; }
        public DateOnly? Start { get; set; }
        public int? Years { get; set; }
        public string Basis { get; set; } = "";
        public decimal? Amount { get; set; }
        public int? Place { get; set; } = 1;
        public string Authority { get; set; } = "";
        public string Paper { get; set; } = "";
        public string Receipt { get; set; } = "";
        public DateOnly? ReceiptEnd { get; set; }
        public int? ReceiptPlace { get; set; }
        public DateOnly? HeadEnd { get; set; }
    }
}
