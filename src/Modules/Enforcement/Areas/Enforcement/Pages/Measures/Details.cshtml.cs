using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Papers;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Measures;

/// <summary>A measure with its dates, its journal and what may be done.</summary>
[Permit("enforcement.read")]
internal sealed class Details(IMediator mediator, Texts t, TimeProvider clock) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowMeasure.Result Show { get; private set; } = null!;

    public DateOnly Today => Times.Day(clock.GetUtcNow());

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowMeasure { Id = Id });

    public async Task<IActionResult> OnPostRenewAsync()
    {
        var m = await mediator.Send(
            new RenewMeasure
            {
                Id = Id,
                Version = Data.Version,
                On = Data.On,
                From = Data.From,
                Years = Data.Years,
                Paper = Data.Paper,
                Receipt = Data.Receipt,
                ReceiptEnd = Data.ReceiptEnd,
            }
        );
        return this.Done($"/enforcement/measures/{Id}", t["已续行至 {0}", Times.Iso(m.EndOn!.Value)]);
    }

    public async Task<IActionResult> OnPostReleaseAsync()
    {
        await mediator.Send(
            new ReleaseMeasure
            {
                Id = Id,
                Version = Data.Version,
                On = Data.On,
                Why = Data.Why,
                Paper = Data.Paper,
            }
        );
        return this.Done($"/enforcement/measures/{Id}", t["已解除"]);
    }

    public async Task<IActionResult> OnPostReceiptAsync()
    {
        await mediator.Send(
            new RecordReceipt
            {
                Id = Id,
                Version = Data.Version,
                Start = Data.On,
                Receipt = Data.Receipt,
                ReceiptEnd = Data.ReceiptEnd,
                Place = Data.Place,
                Follow = Data.Follow,
                HeadEnd = Data.HeadEnd,
            }
        );
        return this.Done($"/enforcement/measures/{Id}", t["已登记回执"]);
    }

    public async Task<IActionResult> OnPostDeductAsync()
    {
        await mediator.Send(
            new DeductDeposit
            {
                Id = Id,
                Version = Data.Version,
                Amount = Data.Amount,
                On = Data.On,
                Reference = Data.Reference,
            }
        );
        return this.Done($"/enforcement/measures/{Id}", t["已登记扣划"]);
    }

    public async Task<IActionResult> OnPostNoteAsync()
    {
        await mediator.Send(
            new NoteMeasure
            {
                Id = Id,
                Version = Data.Version,
                Kind = Data.Kind,
                On = Data.On,
                HeadEnd = Data.HeadEnd,
                Words = Data.Words,
            }
        );
        return this.Done($"/enforcement/measures/{Id}", t["已登记"]);
    }

    internal sealed class Input
    {
        public int? Version { get; set; }
        public DateOnly? On { get; set; }
        public DateOnly? From { get; set; }
        public int? Years { get; set; }
        public string Paper { get; set; } = "";
        public string Receipt { get; set; } = "";
        public DateOnly? ReceiptEnd { get; set; }
        public string Why { get; set; } = "";
        public int? Place { get; set; }
        public bool Follow { get; set; }
        public DateOnly? HeadEnd { get; set; }
        public string Kind { get; set; } = "";
        public decimal? Amount { get; set; }
        public string Reference { get; set; } = "";
        public string Words { get; set; } = "";
    }
}
